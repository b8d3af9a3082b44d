import { formatCount, formatDuration } from "../../words/format-duration.ts";
import type { PageWindow } from "../data.ts";
import { element } from "../dom.ts";
import { heights, type Lane, type Lanes, type LaneSlice, lanesOf, namesOf } from "./lanes.ts";
import { Painter } from "./paint/paint.ts";
import { Pointer } from "./pointer.ts";
import { gutterFor, placeOf, type Scene } from "./scene.ts";
import { isFound } from "./search.ts";
import { around, panned, type View, zoomed } from "./view.ts";

const help =
  "Timeline of the lock and its tasks. Plus and minus or w and s zoom, left and right or a and d move, n and p choose the next and the previous wait by length, Enter goes to its details, 0 shows all, Escape chooses nothing.";

/** What a track asks of the timeline that it belongs to. Times are ns since the window's beginning. */
export interface TrackActions {
  /** What is seen now, of all tracks, and how much there is. */
  view(): View;
  length(): number;
  look(view: View): void;
  chosenWait(wait: number): void;
  chosenSlice(slice: LaneSlice, task: number): void;
  chosenNothing(): void;
  key(event: KeyboardEvent): void;
}

/** The lanes of one variant on two canvases, of which the lock's stays in sight, with its name above. */
export class Track {
  readonly root: HTMLElement;
  readonly window: PageWindow;
  /** The variant, and the seed. */
  readonly name: string;
  private readonly actions: TrackActions;
  private readonly stage = element("div", { class: "canvas", tabindex: 0, role: "application" });
  private readonly pointer = element("div", { class: "pointer", hidden: "" });
  private readonly painters: readonly [Painter, Painter];
  private lanes: Lanes;
  private wait = -1;
  private slice = -1;
  private range: View | null = null;

  constructor(window: PageWindow, variant: string, actions: TrackActions) {
    this.window = window;
    this.name = `${variant}, seed ${window.seed}`;
    this.actions = actions;
    this.lanes = lanesOf(window);
    this.stage.setAttribute("aria-label", `${this.name}. ${help}`);
    const above = element("canvas", { style: "position:sticky;top:0;z-index:1" });
    const below = element("canvas");
    this.stage.append(above, below, this.pointer);
    this.painters = [new Painter(above), new Painter(below)];
    const { length, from_ns, waits, left_out } = window;
    const cut = left_out === 0 ? "" : ` ${formatCount(left_out)} later events of the stretch were left out.`;
    const what = `: ${formatDuration(length)} from ${formatCount(from_ns)} ns on, with ${waits.length} waits.${cut}`;
    this.root = element(
      "div",
      { class: "track" },
      element("p", { class: "note" }, element("b", {}, this.name), what),
      this.stage,
    );
    this.stage.addEventListener("keydown", (event) => actions.key(event));
    new Pointer(this.stage, {
      gutter: () => this.scene().gutter,
      timeAt: (x) => this.timeAt(x),
      zoom: (factor, at) => actions.look(zoomed(actions.view(), factor, at, actions.length())),
      pan: (share) => actions.look(panned(actions.view(), share, actions.length())),
      select: (range) => this.selecting(range),
      chosen: (range) => {
        this.range = null;
        actions.look(around(range.from, range.to, actions.length()));
      },
      click: (x, y) => this.click(x, y),
      all: () => actions.look({ from: 0, to: actions.length() }),
      over: (x, y) => this.over(x, y),
    });
    new ResizeObserver(() => this.paint()).observe(this.stage);
  }

  /** Paints what is to be seen now. */
  paint(): void {
    const scene = this.scene();
    // For those who read the page by program: where time begins.
    this.stage.dataset.gutter = String(scene.gutter);
    this.painters[0].paint(this.lanes.locks, this.lanes.locksHeight, scene, true);
    this.painters[1].paint(this.lanes.rest, this.lanes.restHeight, scene, false);
  }

  /** Shows what is chosen: the number of a wait, or of a slice; -1 for none. */
  mark(wait: number, slice: number): void {
    this.wait = wait;
    this.slice = slice;
  }

  /** Leaves out the tasks in which a text is not found. */
  search(text: string): void {
    const { tasks } = this.window;
    this.lanes = lanesOf(this.window, (task, slices) =>
      isFound(text, [...(tasks[task] ?? []), ...slices.map(({ name }) => name)]),
    );
  }

  private selecting(range: View | null): void {
    this.range = range;
    this.paint();
  }

  /** @param x, y px from the top left of the stage's content. */
  private click(x: number, y: number): void {
    const found = this.sliceAt(x, y);
    if (found === null) this.actions.chosenNothing();
    else if (found.slice.kind.startsWith("wait-") && found.slice.ref >= 0) this.actions.chosenWait(found.slice.ref);
    else this.actions.chosenSlice(found.slice, found.task);
  }

  private over(x: number | null, y: number): string {
    this.pointer.hidden = x === null;
    this.pointer.style.left = `${x ?? 0}px`;
    this.pointer.style.height = `${this.lanes.locksHeight + this.lanes.restHeight}px`;
    const found = x === null ? null : this.sliceAt(x, y);
    if (found === null) return "";
    const { kind, name, from, to } = found.slice;
    return kind === "mark" ? name : `${kind.replace("-", " ")}: ${name}, ${formatDuration(to - from)}`;
  }

  /** What is under the pointer: of several the one in the pointer's part of the lane, waits and holds first, the shortest. */
  private sliceAt(x: number, y: number): { slice: LaneSlice; task: number } | null {
    const at = y - this.lanes.locksHeight;
    const lane = this.lanes.rest.find((one) => one.y <= at && at < one.y + one.height);
    if (lane === undefined || lane.kind !== "task" || y < this.stage.scrollTop + this.lanes.locksHeight) return null;
    const [from, to] = [this.timeAt(x - 3), this.timeAt(x + 3)];
    const near = lane.slices.filter((slice) => slice.from <= to && slice.to >= from);
    const [best] = near.sort((a, b) => rank(a, at, lane) - rank(b, at, lane) || a.to - a.from - (b.to - b.from));
    return best === undefined ? null : { slice: best, task: lane.task };
  }

  private timeAt(x: number): number {
    const scene = this.scene();
    const { from, to } = scene.view;
    const [left, right] = [placeOf(scene, from), placeOf(scene, to)];
    return Math.min(to, Math.max(from, from + ((x - left) / (right - left)) * (to - from)));
  }

  private scene(): Scene {
    const { window, wait, slice, range } = this;
    const width = Math.max(280, this.stage.clientWidth);
    const gutter = gutterFor(this.painters[0].widest(namesOf(window)), width);
    return { window, view: this.actions.view(), wait, slice, range, width, gutter };
  }
}

function rank({ kind }: LaneSlice, at: number, { y }: Lane): number {
  const part = at - y > heights.task - 7 ? "below" : at - y < 4 ? "above" : "middle";
  const own = kind === "operation" ? "above" : kind === "sleep" || kind === "run-queue" ? "below" : "middle";
  return own === part ? 0 : kind === "sleep" || kind === "operation" ? 2 : 1;
}
