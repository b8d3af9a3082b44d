import type { SKRSContext2D } from "@napi-rs/canvas";
import { formatCount } from "../../words/format-duration.ts";
import { family, gridColour, grey, ink, size } from "../style.ts";
import type { Span, Step } from "./timeline-lanes.ts";

/** Pixels: where the times of a strip are drawn. */
export const plot = { left: 206, right: size.width - 30, top: 112, bottom: size.height - 62 } as const;

/** A mark on the axis of a strip. */
export interface Tick {
  readonly ns: number;
  readonly label: string;
}

/** About eight round times between two, in ms of the run unless they are close together. */
export function timeTicks({ from, to }: Span): Tick[] {
  const rough = (to - from) / 8;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, decade * ([1, 2, 5].find((factor) => factor * decade >= rough) ?? 10));
  const [unit, inNs] = step >= 1000 ? ["ms", 1e6] : ["µs", 1e3];
  const digits = Math.max(0, -Math.floor(Math.log10(step / inNs) + 1e-9));
  const ticks: Tick[] = [];
  for (let ns = Math.ceil(from / step) * step; ns <= to; ns += step) {
    const [whole = "", fraction] = (ns / inNs).toFixed(digits).split(".");
    ticks.push({ ns, label: `${formatCount(Number(whole))}${fraction === undefined ? "" : `.${fraction}`} ${unit}` });
  }
  return ticks;
}

/** How a text is set. Sizes in px; one that is wider than `fits` is cut. */
interface Setting {
  readonly px: number;
  readonly bold?: boolean;
  readonly colour?: string;
  readonly align?: "left" | "center" | "right";
  readonly fits?: number;
}

/** A canvas with a horizontal axis of time. Colours are CSS colours, vertical places px. */
export class Strip {
  private readonly context: SKRSContext2D;
  /** The times at its ends. */
  readonly span: Span;

  /** @param context of a canvas of the pictures' size, which becomes white. */
  constructor(context: SKRSContext2D, span: Span) {
    this.context = context;
    this.span = span;
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, size.width, size.height);
  }

  /** Where a time is, px. */
  x(ns: number): number {
    const { from, to } = this.span;
    return plot.left + ((plot.right - plot.left) * (ns - from)) / (to - from);
  }

  /** Sets a text on a base line; returns its width. */
  text(words: string, x: number, y: number, { px, bold = false, colour = ink, align = "left", fits }: Setting): number {
    const { context } = this;
    context.font = `${bold ? "bold" : "normal"} ${px}px "${family}"`;
    context.fillStyle = colour;
    context.textAlign = align;
    let shown = words;
    if (fits !== undefined) {
      for (let n = words.length; context.measureText(shown).width > fits && n > 0; n--) shown = `${words.slice(0, n)}…`;
    }
    context.fillText(shown, x, y);
    return context.measureText(shown).width;
  }

  /** A filled bar over a span, at least a pixel wide so that what is short is seen. */
  bar({ from, to }: Span, y: number, height: number, colour: string): void {
    const x = this.x(from);
    this.box(x, y, Math.max(1, this.x(to) - x), height, colour);
  }

  /** A filled box, px. */
  box(x: number, y: number, width: number, height: number, colour: string): void {
    this.context.fillStyle = colour;
    this.context.fillRect(x, y, width, height);
  }

  /** The outline of a bar. */
  outline({ from, to }: Span, y: number, height: number): void {
    const x = this.x(from);
    this.context.strokeStyle = ink;
    this.context.lineWidth = 1.5;
    this.context.strokeRect(x, y, Math.max(1, this.x(to) - x), height);
  }

  /** A count as a filled step line that stands on `bottom`, `height` px for its largest value `peak`. */
  steps(steps: readonly Step[], peak: number, bottom: number, height: number, colour: string): void {
    for (const [i, { time, value }] of steps.entries()) {
      const high = (height * value) / peak;
      const to = steps[i + 1]?.time ?? this.span.to;
      if (value > 0) this.bar({ from: time, to }, bottom - high, high, colour);
    }
  }

  /** A horizontal line across the plot. */
  rule(y: number): void {
    this.line([plot.left, y], [plot.right, y], gridColour, 1);
  }

  /** A line from here to there, px. */
  line([x, y]: readonly [number, number], [toX, toY]: readonly [number, number], colour: string, width: number): void {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(toX, toY);
    context.stroke();
  }

  /** A vertical arrow at `x` from one height to another. */
  arrow(x: number, from: number, to: number): void {
    const back = to > from ? -6 : 6;
    this.line([x, from], [x, to], ink, 1.5);
    this.line([x - 4, to + back], [x, to], ink, 1.5);
    this.line([x + 4, to + back], [x, to], ink, 1.5);
  }

  /** The axis below the plot, with a line up from each tick. */
  axis(): void {
    for (const { ns, label } of timeTicks(this.span)) {
      const x = this.x(ns);
      this.line([x, plot.top], [x, plot.bottom + 4], gridColour, 1);
      this.text(label, x, plot.bottom + 18, { px: 12, align: "center" });
    }
    this.line([plot.left, plot.bottom], [plot.right, plot.bottom], grey, 1);
  }
}
