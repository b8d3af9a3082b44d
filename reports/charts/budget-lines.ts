import type { Budget } from "../../sim/study/budget.ts";
import type { Mode } from "../../sim/trace/kinds.ts";
import { type Annotation, dashedLine, dot, fixedText, type Point } from "./annotations.ts";

/** Pixels. */
const labelHeight = 16;
const panelHeight = 160;

/** A budget as a place in a picture of durations. */
export interface BudgetMark {
  readonly mode: Mode;
  readonly ns: number;
  /** What the budget limits: a duration (`p99 <= 1ms`), or the share of longer ones (`share(> 16.7ms) <= 0.1%`). */
  readonly of: "duration" | "share";
  /** 0..1: the share of samples that may be longer than `ns`; null where the budget says nothing of it (mean, min). */
  readonly share: number | null;
  /** The assertion as it was written, and what narrows it: `p99 <= 1ms (role=proc_reader)`. */
  readonly label: string;
}

/** The budgets on a metric that are a duration, or a share above one, by mode. Not those relative to a baseline, and none that is off. */
export function budgetMarks(budgets: readonly Budget[], metric: string): BudgetMark[] {
  return budgets.flatMap((budget) => {
    const place = placeOf(budget);
    if (budget.name !== metric || budget.level === "off" || place === null) return [];
    const { mode: asked, ...narrower } = budget.tags;
    const tags = Object.entries(narrower).map(([tag, value]) => `${tag}=${value}`);
    const label = tags.length === 0 ? budget.assert : `${budget.assert} (${tags.join(", ")})`;
    const modes: readonly Mode[] = asked === "R" || asked === "W" ? [asked] : ["R", "W"];
    return modes.map((mode) => ({ mode, ...place, label }));
  });
}

function placeOf({ aggregate, limit }: Budget): Pick<BudgetMark, "of" | "ns" | "share"> | null {
  if (limit.kind !== "absolute") return null;
  switch (aggregate.kind) {
    case "percentile":
      return { of: "duration", ns: limit.value, share: (100 - aggregate.p) / 100 };
    case "max":
      return { of: "duration", ns: limit.value, share: 0 };
    case "share":
      return { of: "share", ns: aggregate.above_ns, share: limit.value };
    case "mean":
    case "min":
      return { of: "duration", ns: limit.value, share: null };
    default:
      return null;
  }
}

/** Where the lines of a budget run, and where its label hangs. */
export interface MarkPlace {
  readonly mode: Mode;
  readonly label: string;
  /** Connected by lines; with a dot where they turn. */
  readonly points: readonly Point[];
  /** Where the label is fixed: it hangs below, or stands above; it reads to the right from there, or ends there. */
  readonly at: Point;
  readonly sits: "below" | "above";
  readonly reads: "right" | "left";
}

/** The lines, dots and labels of budgets. Labels of one panel are below each other, so that none hides another. */
export function budgetLines(places: readonly MarkPlace[]): Annotation[] {
  return places.flatMap(({ mode, label, points, at, sits, reads }, i) => {
    const before = places.slice(0, i).filter((other) => other.mode === mode && other.sits === sits).length;
    const shift = (sits === "below" ? 1 : -1) * (2 + labelHeight * before);
    return [
      ...points.slice(1).map((end, k) => dashedLine(mode, points[k] as Point, end)),
      ...points.slice(1, -1).map((turn) => dot(mode, turn)),
      fixedText(mode, at, { sits, reads, shift }, label),
    ];
  });
}

/** A label at the top of a vertical line, to the right of it as long as that has room for a long one. */
export function hangingLabel(
  x: number,
  top: number,
  [left, right]: readonly [number, number],
): Pick<MarkPlace, "at" | "sits" | "reads"> {
  return { at: [x, top], sits: "below", reads: x < left + 0.7 * (right - left) ? "right" : "left" };
}

/** The part of a panel that the labels of these marks need, so that they hide no line: 0..0.5. */
export function labelRoom(marks: readonly BudgetMark[]): number {
  const most = Math.max(...(["R", "W"] as const).map((mode) => marks.filter((mark) => mark.mode === mode).length));
  return Math.min(0.5, (labelHeight * most) / panelHeight);
}
