import { formatDuration } from "../../../words/format-duration.ts";
import type { PageOverview, PageWindow } from "../../data.ts";
import { element } from "../../dom.ts";
import { Brush } from "./brush.ts";
import { roundTimes, type View } from "../view.ts";

/** Px: the axis, each row of a variant, and the names at the left. */
const axis = 18;
const tall = 30;
const names = 150;

/** What is drawn of each variant, and in which colour. */
const rows = [
  ["wait p99", "wait_p99_ns", "reader"],
  ["queue", "queued", "writer"],
  ["IOs in flight", "in_flight", "io"],
] as const satisfies readonly (readonly [string, keyof PageOverview, string])[];

interface Drawn {
  readonly name: string;
  readonly window: PageWindow;
  readonly overview: PageOverview;
}

/**
 * The whole run of each variant at a glance: p99 of the waits, the longest queue and the most IOs in flight, slot by slot, with the
 * kept stretch marked. A stretch that is dragged over is looked at, as far as it was kept; else it is said how to keep it.
 */
export class OverviewStrip {
  readonly root = element("div", { class: "overview" });
  private readonly drawn: readonly Drawn[];
  private readonly again: string;
  private readonly look: (view: View) => void;
  private readonly canvas = element("canvas", { role: "img", tabindex: -1 });
  private readonly brush = new Brush(this.canvas);
  private readonly note = element("p", { class: "note", "aria-live": "polite" });
  private readonly end: number;
  private seen: View = { from: 0, to: 0 };
  private pressed: number | null = null;
  private range: View | null = null;

  /** @param again how the page is made with another stretch, but for the stretch. @param look at this, ns since the window's beginning. */
  constructor(windows: readonly (readonly [string, PageWindow])[], again: string, look: (view: View) => void) {
    this.drawn = windows.flatMap(([name, window]) =>
      window.overview === null ? [] : [{ name, window, overview: window.overview }],
    );
    this.again = again;
    this.look = look;
    this.end = Math.max(0, ...this.drawn.map(({ overview: { slot_ns, queued } }) => slot_ns * queued.length));
    this.root.hidden = this.drawn.length === 0;
    const said = this.drawn.map(({ name }) => name).join(", ");
    this.canvas.setAttribute("aria-label", `The whole run of ${said}: p99 of waits, queue and IOs in flight over time`);
    this.note.textContent =
      "The whole run in slots: p99 of the waits that ended in a slot (of up to a hundred the longest), the longest queue, the most IOs in flight. The frame is the stretch whose events were kept; drag to choose one.";
    this.root.append(this.canvas, this.note);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.drag(event));
    this.canvas.addEventListener("pointerup", () => this.release());
    new ResizeObserver(() => this.paint(this.seen)).observe(this.root);
  }

  /** @param seen ns since the window's beginning. */
  paint(seen: View): void {
    this.seen = seen;
    if (this.root.hidden) return;
    const { brush } = this;
    const width = this.width();
    brush.begin(width, axis + this.drawn.length * rows.length * tall);
    for (const { time, label } of roundTimes({ from: 0, to: this.end }, (width - names) / 110)) {
      brush.box(this.placeOf(time), axis - 4, 1, 4, "rule");
      brush.text(label, this.placeOf(time) + 3, 8, "muted");
    }
    for (const [i, one] of this.drawn.entries()) this.variant(one, axis + i * rows.length * tall);
    const first = this.drawn[0]?.window.from_ns ?? 0;
    this.frame({ from: first + seen.from, to: first + seen.to }, 0.12);
    if (this.range !== null) this.frame(this.range, 0.25);
  }

  private variant({ name, overview }: Drawn, top: number): void {
    const { brush } = this;
    for (const [k, [what, key, colour]] of rows.entries()) {
      const y = top + k * tall;
      // All variants have one scale, so that they can be compared.
      const most = Math.max(1, ...this.drawn.flatMap((one) => one.overview[key].map((value) => value ?? 0)));
      for (const [i, value] of overview[key].entries()) {
        if (value === null || value === 0) continue;
        const left = this.placeOf(i * overview.slot_ns);
        const right = this.placeOf(Math.min(this.end, (i + 1) * overview.slot_ns));
        const part = ((tall - 6) * value) / most;
        brush.box(left, y + tall - 2 - part, Math.max(1, right - left - 0.5), part, colour, 0.8);
      }
      brush.box(names, y + tall - 2, this.width() - names, 1, "rule");
      const to = key === "wait_p99_ns" ? formatDuration(most) : String(most);
      brush.text(k === 0 ? name : "", 4, y + 8, "ink");
      brush.text(`${what}, to ${to}`, 4, y + 21, "muted");
    }
  }

  private frame({ from, to }: View, alpha: number): void {
    const left = this.placeOf(from);
    const wide = Math.max(2, this.placeOf(to) - left);
    const high = this.drawn.length * rows.length * tall;
    this.brush.box(left, axis, wide, high, "link", alpha);
    this.brush.frame(left, axis, wide, high - 1);
  }

  private press(event: PointerEvent): void {
    this.pressed = this.timeAt(event.offsetX);
    this.canvas.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    if (this.pressed === null) return;
    const [a, b] = [this.pressed, this.timeAt(event.offsetX)];
    this.range = { from: Math.min(a, b), to: Math.max(a, b) };
    this.paint(this.seen);
  }

  private release(): void {
    const { range } = this;
    [this.pressed, this.range] = [null, null];
    const window = this.drawn[0]?.window;
    if (range !== null && window !== undefined && range.to > range.from) this.chosen(range, window);
    this.paint(this.seen);
  }

  private chosen(range: View, window: PageWindow): void {
    const [from, to] = [range.from - window.from_ns, range.to - window.from_ns];
    if (from >= 0 && to <= window.length) {
      this.look({ from, to });
      return;
    }
    const stretch = `${Math.round(range.from)}ns..${Math.round(range.to)}ns`;
    this.note.replaceChildren(
      "The events of that stretch were not kept. The page with them, made in its own folder: ",
      element("code", {}, `${this.again} --window ${stretch}`),
    );
  }

  private width(): number {
    return Math.max(280, this.root.clientWidth);
  }

  private placeOf(time: number): number {
    return names + (time / this.end) * (this.width() - names);
  }

  private timeAt(x: number): number {
    return Math.min(this.end, Math.max(0, ((x - names) / (this.width() - names)) * this.end));
  }
}
