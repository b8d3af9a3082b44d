// The plugin's own types import each other in a way that strict ES modules do not resolve; it still makes its options known to Chart.js.
import type {} from "chartjs-plugin-annotation";
import type { Mode } from "../../sim/trace/kinds.ts";
import { font, ink } from "./style.ts";

/** A point of a panel, in the units of its axes. */
export type Point = readonly [x: number, y: number];

/** Something drawn over a picture, as the annotation plugin takes it. */
export interface Annotation {
  readonly type: "line" | "point" | "label";
  readonly yScaleID: string;
  readonly content?: string;
  readonly [option: string]: unknown;
}

/** A dashed line in the panel of a mode. */
export function dashedLine(mode: Mode, [xMin, yMin]: Point, [xMax, yMax]: Point): Annotation {
  return {
    type: "line",
    ...scales(mode),
    xMin,
    xMax,
    yMin,
    yMax,
    borderColor: ink,
    borderWidth: 1.5,
    borderDash: [6, 3],
  };
}

/** A dot in the panel of a mode. */
export function dot(mode: Mode, [xValue, yValue]: Point): Annotation {
  return { type: "point", ...scales(mode), xValue, yValue, radius: 3.5, backgroundColor: ink, borderWidth: 0 };
}

/** A text below or above a point, which reads to the right from there or ends there. @param how `shift`: px further down. */
export function fixedText(
  mode: Mode,
  [xValue, yValue]: Point,
  how: { readonly sits: "below" | "above"; readonly reads: "right" | "left"; readonly shift: number },
  content: string,
): Annotation {
  return {
    type: "label",
    ...scales(mode),
    xValue,
    yValue,
    content,
    position: { x: how.reads === "right" ? "start" : "end", y: how.sits === "below" ? "start" : "end" },
    xAdjust: how.reads === "right" ? 3 : -3,
    yAdjust: how.shift,
    padding: { left: 2, right: 2, top: 1, bottom: 1 },
    color: ink,
    font: font(12),
    backgroundColor: "#ffffffcc",
  };
}

/** Words in the middle of a panel that has nothing to show. */
export function panelWords(mode: Mode, [xValue, yValue]: Point, content: string): Annotation {
  return { type: "label", ...scales(mode), xValue, yValue, content, color: ink, font: font(14) };
}

function scales(mode: Mode) {
  return { xScaleID: "x", yScaleID: `y${mode}` };
}
