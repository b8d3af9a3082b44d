import { formatCount, formatDuration } from "../../words/format-duration.ts";
import { sliceDetails, waitDetails } from "./details.ts";
import type { PageData, PageWindow } from "../data.ts";
import { element } from "../dom.ts";
import { heights, type Lane, type Lanes, type LaneSlice, lanesOf } from "./lanes.ts";
import { keysNote, legend } from "../legend.ts";
import { Painter } from "./paint.ts";
import { Pointer } from "./pointer.ts";
import { placeOf, type Scene } from "./scene.ts";
import { around, panned, type View, zoomed } from "./view.ts";
import { WaitList } from "./wait-list.ts";

const help =
  "Timeline of the lock and its tasks. Plus and minus or w and s zoom, left and right or a and d move, n and p choose the next and the previous wait by length, Enter goes to its details, 0 shows all, Escape chooses nothing.";

/** The timeline: lanes on two canvases, of which the lock's stays in sight, the list of waits, and the details of what was chosen. */
export class Timeline {
  private readonly data: PageData;
  private readonly stage = element("div", { class: "canvas", tabindex: 0, role: "application", "aria-label": help });
  private readonly details = element("div", {
    class: "panel",
    tabindex: -1,
    role: "region",
    "aria-label": "Details",
    "aria-live": "polite",
  });
  private readonly about = element("p", { class: "note" });
  private readonly list: WaitList;
  private readonly painters: readonly [Painter, Painter];
  private readonly buttons: readonly HTMLButtonElement[];
  private window: PageWindow;
  private lanes: Lanes;
  private view: View = { from: 0, to: 1 };
  private wait = -1;
  private slice = -1;
  private readonly pointer = element("div", { class: "pointer", hidden: "" });
  private range: View | null = null;
  private isAsked = false;

  constructor(root: HTMLElement, data: PageData) {
    this.data = data;
    this.window = data.windows[0] as PageWindow;
    this.lanes = lanesOf(this.window);
    const above = element("canvas", { style: "position:sticky;top:0;z-index:1" });
    const below = element("canvas");
    this.stage.append(above, below, this.pointer);
    this.painters = [new Painter(above), new Painter(below)];
    this.list = new WaitList((wait) => this.chooseWait(wait, true));
    this.buttons = data.windows.map((window, i) =>
      element(
        "button",
        { type: "button", "aria-pressed": "false", click: () => this.show(i) },
        data.variants[window.variant] ?? "",
      ),
    );
    const fit = element(
      "button",
      { type: "button", click: () => this.look({ from: 0, to: this.window.length }) },
      "all",
    );
    const nearer = element("button", { type: "button", "aria-label": "zoom in", click: () => this.zoom(1.6) }, "+");
    const further = element(
      "button",
      { type: "button", "aria-label": "zoom out", click: () => this.zoom(1 / 1.6) },
      "−",
    );
    root.append(
      element("div", { class: "choose" }, ...this.buttons, nearer, further, fit, keysNote()),
      this.about,
      legend(),
      element("div", { class: "lanes" }, this.stage, this.list.root),
      this.details,
    );
    root.hidden = false;
    this.stage.addEventListener("keydown", (event) => this.key(event));
    new Pointer(this.stage, {
      timeAt: (x) => this.timeAt(x),
      zoom: (factor, at) => this.zoom(factor, at),
      pan: (share) => this.look(panned(this.view, share, this.window.length)),
      select: (range) => this.selecting(range),
      chosen: (range) => this.look(around(range.from, range.to, this.window.length)),
      click: (x, y) => this.click(x, y),
      all: () => this.look({ from: 0, to: this.window.length }),
      over: (x, y) => this.over(x, y),
    });
    new ResizeObserver(() => this.draw()).observe(this.stage);
    this.show(0);
  }

  /** Paints what is to be seen now, once before the next frame. */
  draw(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      const scene = this.scene();
      this.painters[0].paint(this.lanes.locks, this.lanes.locksHeight, scene, true);
      this.painters[1].paint(this.lanes.rest, this.lanes.restHeight, scene, false);
    });
  }

  private show(i: number): void {
    this.window = this.data.windows[i] as PageWindow;
    this.lanes = lanesOf(this.window);
    for (const [k, button] of this.buttons.entries()) button.setAttribute("aria-pressed", String(k === i));
    const { from_ns, length, seed, left_out, waits } = this.window;
    const cut = left_out === 0 ? "" : ` ${left_out} later events of the stretch were left out.`;
    this.about.textContent = `${this.data.variants[this.window.variant] ?? ""}, seed ${seed}: ${formatDuration(length)} from ${formatCount(from_ns)} ns on, with ${waits.length} waits.${cut}`;
    this.list.fill(this.window);
    this.view = { from: 0, to: length };
    const first = this.list.order.find((wait) => waits[wait]?.mode === "R") ?? this.list.order[0];
    if (first === undefined) this.clear();
    else this.chooseWait(first, false);
  }

  private chooseWait(wait: number, shallLook: boolean): void {
    const chosen = this.window.waits[wait];
    if (chosen === undefined) return;
    this.wait = wait;
    this.slice = -1;
    this.list.mark(wait);
    this.details.replaceChildren(...waitDetails(this.window, chosen));
    const { from, to } = this.view;
    const isSeen = chosen.from < to && chosen.to > from && chosen.to - chosen.from > (to - from) / 200;
    if (shallLook && !isSeen) this.view = around(chosen.from, chosen.to, this.window.length);
    this.draw();
  }

  private chooseSlice(slice: LaneSlice, task: number): void {
    if (slice.kind.startsWith("wait-") && slice.ref >= 0) {
      this.chooseWait(slice.ref, false);
      return;
    }
    this.wait = -1;
    this.slice = slice.index;
    this.list.mark(-1);
    this.details.replaceChildren(...sliceDetails(this.window, slice, task));
    this.draw();
  }

  private clear(): void {
    [this.wait, this.slice] = [-1, -1];
    this.list.mark(-1);
    this.details.replaceChildren(element("p", { class: "note" }, "Choose a wait, a hold or an operation."));
    this.draw();
  }

  private look(view: View): void {
    this.view = view;
    this.range = null;
    this.draw();
  }

  private zoom(factor: number, at = (this.view.from + this.view.to) / 2): void {
    this.look(zoomed(this.view, factor, at, this.window.length));
  }

  private selecting(range: View | null): void {
    this.range = range;
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Readonly<Record<string, () => void>> = {
      "+": () => this.zoom(1.6),
      "=": () => this.zoom(1.6),
      w: () => this.zoom(1.6),
      "-": () => this.zoom(1 / 1.6),
      s: () => this.zoom(1 / 1.6),
      ArrowLeft: () => this.look(panned(this.view, -0.15, this.window.length)),
      a: () => this.look(panned(this.view, -0.15, this.window.length)),
      ArrowRight: () => this.look(panned(this.view, 0.15, this.window.length)),
      d: () => this.look(panned(this.view, 0.15, this.window.length)),
      0: () => this.look({ from: 0, to: this.window.length }),
      n: () => this.chooseWait(this.list.after(this.wait, 1), true),
      p: () => this.chooseWait(this.list.after(this.wait, -1), true),
      Enter: () => this.details.focus(),
      Escape: () => this.clear(),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  /** @param x, y px from the top left of the stage's content. */
  private click(x: number, y: number): void {
    const found = this.sliceAt(x, y);
    if (found === null) this.clear();
    else this.chooseSlice(found.slice, found.task);
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
    const [left, right] = [placeOf(scene, this.view.from), placeOf(scene, this.view.to)];
    const share = (x - left) / (right - left);
    return Math.min(this.view.to, Math.max(this.view.from, this.view.from + share * (this.view.to - this.view.from)));
  }

  private scene(): Scene {
    const { window, view, wait, slice, range } = this;
    return { window, view, wait, slice, range, width: Math.max(320, this.stage.clientWidth) };
  }
}

function rank({ kind }: LaneSlice, at: number, { y }: Lane): number {
  const part = at - y > heights.task - 7 ? "below" : at - y < 4 ? "above" : "middle";
  const own = kind === "operation" ? "above" : kind === "sleep" || kind === "run-queue" ? "below" : "middle";
  return own === part ? 0 : kind === "sleep" || kind === "operation" ? 2 : 1;
}
