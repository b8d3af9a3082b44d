import { formatDuration } from "../../words/format-duration.ts";
import type { PageWait, PageWindow } from "../data.ts";
import { element } from "../dom.ts";
import { isFound } from "./search.ts";

/** Waits in the list: enough for one window, and few enough for a page to carry as elements. */
const most = 400;

/** The waits of a window, longest first, as buttons. */
export class WaitList {
  readonly root = element("ol", { class: "wait-list", "aria-label": "Waits, longest first" });
  /** Numbers of the window's waits in the list's order. */
  order: readonly number[] = [];
  private readonly chosen: (wait: number) => void;
  private readonly buttons = new Map<number, HTMLButtonElement>();

  constructor(chosen: (wait: number) => void) {
    this.chosen = chosen;
  }

  /** Lists the waits of this window instead, in which a text is found. @param of whom they are. */
  fill({ waits, tasks, names }: PageWindow, of: string, sought: string): void {
    const length = (i: number): number => (waits[i]?.to ?? 0) - (waits[i]?.from ?? 0);
    const textsOf = ({ task, site }: PageWait): string[] => [...(tasks[task] ?? []), names[site] ?? ""];
    this.order = [...waits.entries()]
      .flatMap(([i, wait]) => (isFound(sought, textsOf(wait)) ? [i] : []))
      .sort((a, b) => length(b) - length(a));
    this.root.setAttribute("aria-label", `Waits of ${of}, longest first`);
    this.buttons.clear();
    for (const i of this.order.slice(0, most)) {
      const wait = waits[i];
      if (wait === undefined) continue;
      const button = element(
        "button",
        { type: "button", "data-wait": i, click: () => this.chosen(i) },
        element("b", {}, formatDuration(length(i))),
        `${tasks[wait.task]?.[0] ?? ""} -${wait.mode} ${names[wait.site] ?? ""}`,
      );
      this.buttons.set(i, button);
    }
    const rest = this.order.length - this.buttons.size;
    const items = [...this.buttons.values()].map((button) => element("li", {}, button));
    const head = element("li", { class: "note" }, `waits of ${of}`);
    this.root.replaceChildren(
      head,
      ...items,
      ...(rest > 0 ? [element("li", { class: "note" }, `and ${rest} shorter`)] : []),
    );
  }

  /** Shows which wait is chosen; -1 for none. */
  mark(wait: number): void {
    for (const [i, button] of this.buttons) {
      if (i === wait) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const button = this.buttons.get(wait);
    if (button === undefined) return;
    const { offsetTop, offsetHeight } = button;
    const { scrollTop, clientHeight } = this.root;
    if (offsetTop < scrollTop) this.root.scrollTop = offsetTop;
    else if (offsetTop + offsetHeight > scrollTop + clientHeight)
      this.root.scrollTop = offsetTop + offsetHeight - clientHeight;
  }

  /** The wait `by` places further on, round and round. */
  after(wait: number, by: number): number {
    const n = this.order.length;
    if (n === 0) return -1;
    const at = this.order.indexOf(wait);
    return this.order[at < 0 ? (by > 0 ? 0 : n - 1) : (at + by + n) % n] ?? -1;
  }
}
