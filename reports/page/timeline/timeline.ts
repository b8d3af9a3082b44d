import { sliceDetails, waitDetails } from "./details.ts";
import type { PageData, PageWindow } from "../data.ts";
import { element } from "../dom.ts";
import type { LaneSlice } from "./lanes.ts";
import { keysNote, legend } from "../legend.ts";
import { OverviewStrip } from "./paint/overview-strip.ts";
import { Track } from "./track.ts";
import { around, panned, type View, within, zoomed } from "./view.ts";
import { WaitList } from "./wait-list.ts";

/** Variants that are shown before anything is chosen. */
const first = 2;

/**
 * The timeline: variants at the same moment of the same seed, one above the other on one time axis; above them the whole run; beside
 * them the waits of the variant that was touched last, and below the details of what was chosen.
 */
export class Timeline {
  private readonly details = element("div", {
    class: "panel",
    tabindex: -1,
    role: "region",
    "aria-label": "Details",
    "aria-live": "polite",
  });
  private readonly list = new WaitList((wait) => this.chooseWait(this.active, wait, true));
  private readonly tracks: readonly Track[];
  private readonly buttons: readonly HTMLButtonElement[];
  private readonly strip: OverviewStrip;
  private readonly sought = element("input", {
    type: "search",
    placeholder: "task, role, site",
    "aria-label": "Search tasks, roles and sites",
    input: () => this.search(),
  });
  private view: View = { from: 0, to: 1 };
  private active = 0;
  private wait = -1;
  private isAsked = false;

  constructor(root: HTMLElement, data: PageData) {
    const nameOf = (window: PageWindow): string => data.variants[window.variant] ?? "";
    this.tracks = data.windows.map((window, i) => new Track(window, nameOf(window), this.actionsOf(i)));
    this.strip = new OverviewStrip(
      data.windows.map((window) => [nameOf(window), window] as const),
      data.again,
      (view) => this.look(within(view, this.length())),
    );
    this.buttons = data.windows.map((window, i) =>
      element("button", { type: "button", "aria-pressed": "false", click: () => this.toggle(i) }, nameOf(window)),
    );
    const control = (text: string, says: string, click: () => void): HTMLElement =>
      element("button", { type: "button", "aria-label": says, click }, text);
    root.append(
      element(
        "div",
        { class: "choose" },
        ...this.buttons,
        control("+", "zoom in", () => this.zoom(1.6)),
        control("−", "zoom out", () => this.zoom(1 / 1.6)),
        control("all", "show all", () => this.look({ from: 0, to: this.length() })),
        this.sought,
        keysNote(),
      ),
      this.strip.root,
      legend(),
      element(
        "div",
        { class: "lanes" },
        element("div", { class: "tracks" }, ...this.tracks.map((track) => track.root)),
        this.list.root,
      ),
      this.details,
    );
    root.hidden = false;
    this.view = { from: 0, to: this.length() };
    for (const [i, { root: one }] of this.tracks.entries()) this.show(i, i < first, one);
    this.activate(0);
    const { waits } = this.track.window;
    const reader = this.list.order.find((wait) => waits[wait]?.mode === "R") ?? this.list.order[0];
    if (reader === undefined) this.clear();
    else this.chooseWait(0, reader, false);
  }

  /** Paints what is to be seen now, once before the next frame. */
  draw(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      for (const track of this.tracks) if (!track.root.hidden) track.paint();
      this.strip.paint(this.view);
    });
  }

  private get track(): Track {
    return this.tracks[this.active] as Track;
  }

  private actionsOf(i: number): ConstructorParameters<typeof Track>[2] {
    return {
      view: () => this.view,
      length: () => this.length(),
      look: (view) => this.look(view),
      chosenWait: (wait) => this.chooseWait(i, wait, false),
      chosenSlice: (slice, task) => this.chooseSlice(i, slice, task),
      chosenNothing: () => this.clear(),
      key: (event) => this.key(i, event),
    };
  }

  /** Of what is shown, ns. */
  private length(): number {
    return Math.max(1, ...this.tracks.map(({ window }) => window.length));
  }

  private show(i: number, isShown: boolean, root = this.tracks[i]?.root): void {
    if (root !== undefined) root.hidden = !isShown;
    this.buttons[i]?.setAttribute("aria-pressed", String(isShown));
  }

  /** Shows a variant or puts it away. One is always shown. */
  private toggle(i: number): void {
    const isShown = this.tracks[i]?.root.hidden === true;
    if (!isShown && this.tracks.filter(({ root }) => !root.hidden).length === 1) return;
    this.show(i, isShown);
    const next = isShown ? i : this.tracks.findIndex(({ root }) => !root.hidden);
    if (next !== this.active) {
      this.activate(next);
      this.clear();
    }
    this.draw();
  }

  /** This variant's waits are listed. */
  private activate(i: number): void {
    this.active = i;
    this.list.fill(this.track.window, this.track.name, this.sought.value);
  }

  private search(): void {
    for (const track of this.tracks) track.search(this.sought.value);
    this.activate(this.active);
    this.list.mark(this.wait);
    this.draw();
  }

  private chooseWait(i: number, wait: number, shallLook: boolean): void {
    const chosen = this.tracks[i]?.window.waits[wait];
    if (chosen === undefined) return;
    this.choose(i, wait, -1);
    this.details.replaceChildren(...waitDetails(this.track.window, chosen));
    const { from, to } = this.view;
    const isSeen = chosen.from < to && chosen.to > from && chosen.to - chosen.from > (to - from) / 200;
    if (shallLook && !isSeen) this.view = around(chosen.from, chosen.to, this.length());
    this.draw();
  }

  private chooseSlice(i: number, slice: LaneSlice, task: number): void {
    this.choose(i, -1, slice.index);
    this.details.replaceChildren(...sliceDetails(this.track.window, slice, task));
    this.draw();
  }

  private clear(): void {
    this.choose(this.active, -1, -1);
    this.details.replaceChildren(element("p", { class: "note" }, "Choose a wait, a hold or an operation."));
    this.draw();
  }

  private choose(i: number, wait: number, slice: number): void {
    if (i !== this.active) this.activate(i);
    this.wait = wait;
    for (const [k, track] of this.tracks.entries()) track.mark(k === i ? wait : -1, k === i ? slice : -1);
    this.list.mark(wait);
  }

  private look(view: View): void {
    this.view = view;
    this.draw();
  }

  private zoom(factor: number): void {
    this.look(zoomed(this.view, factor, (this.view.from + this.view.to) / 2, this.length()));
  }

  private key(i: number, event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = (share: number) => () => this.look(panned(this.view, share, this.length()));
    const step = (by: number) => () => {
      if (i !== this.active) this.activate(i);
      this.chooseWait(i, this.list.after(this.wait, by), true);
    };
    const actions: Readonly<Record<string, () => void>> = {
      "+": () => this.zoom(1.6),
      "=": () => this.zoom(1.6),
      w: () => this.zoom(1.6),
      "-": () => this.zoom(1 / 1.6),
      s: () => this.zoom(1 / 1.6),
      ArrowLeft: pan(-0.15),
      a: pan(-0.15),
      ArrowRight: pan(0.15),
      d: pan(0.15),
      0: () => this.look({ from: 0, to: this.length() }),
      n: step(1),
      p: step(-1),
      Enter: () => this.details.focus(),
      Escape: () => this.clear(),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }
}
