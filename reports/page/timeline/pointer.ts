import { element } from "../dom.ts";
import type { View } from "./view.ts";

/** What a pointer can do to a timeline. Places are px from the top left of its content. */
export interface PointerActions {
  /** Where names stand, px from the left: nothing can be done there. */
  gutter(): number;
  timeAt(x: number): number;
  zoom(factor: number, at: number): void;
  pan(share: number): void;
  /** Is being dragged over; `null` when that was given up. */
  select(range: View | null): void;
  /** Was dragged over. */
  chosen(range: View): void;
  click(x: number, y: number): void;
  all(): void;
  /** The pointer is there, `null` when it left; returns what to say beside it. */
  over(x: number | null, y: number): string;
}

/** Px that a hand may shake without its click becoming a drag. */
const shake = 4;

/** Mouse, pen and wheel over a timeline: drag to zoom, with shift to move; wheel with ctrl to zoom, sideways to move. */
export class Pointer {
  private readonly stage: HTMLElement;
  private readonly actions: PointerActions;
  private readonly tip = element("div", { class: "tip", hidden: "" });
  private down: { x: number; last: number; isPan: boolean; isDrag: boolean } | null = null;

  constructor(stage: HTMLElement, actions: PointerActions) {
    this.stage = stage;
    this.actions = actions;
    document.body.append(this.tip);
    stage.addEventListener("pointerdown", (event) => this.press(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    stage.addEventListener("pointerup", (event) => this.release(event));
    stage.addEventListener("pointerleave", () => this.leave());
    stage.addEventListener("dblclick", () => actions.all());
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private press(event: PointerEvent): void {
    const { x } = this.placeOf(event);
    if (event.button !== 0 || x < this.actions.gutter()) return;
    this.down = { x, last: x, isPan: event.shiftKey, isDrag: false };
    this.stage.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const { x, y } = this.placeOf(event);
    const { down } = this;
    if (down !== null && (down.isDrag || Math.abs(x - down.x) > shake)) {
      down.isDrag = true;
      if (down.isPan) this.actions.pan((down.last - x) / (this.stage.clientWidth - this.actions.gutter()));
      else this.actions.select(this.rangeTo(x));
      down.last = x;
    }
    const text = this.actions.over(x < this.actions.gutter() ? null : x, y);
    this.tip.hidden = text === "" || down?.isDrag === true;
    this.tip.textContent = text;
    this.tip.style.left = `${Math.min(event.clientX + 14, innerWidth - 320)}px`;
    this.tip.style.top = `${event.clientY + 16}px`;
  }

  private release(event: PointerEvent): void {
    const { x, y } = this.placeOf(event);
    const { down } = this;
    const range = this.rangeTo(x);
    this.down = null;
    if (down === null) return;
    if (!down.isDrag) this.actions.click(x, y);
    else if (!down.isPan) this.actions.chosen(range);
  }

  private leave(): void {
    this.tip.hidden = true;
    this.actions.over(null, 0);
  }

  private wheel(event: WheelEvent): void {
    const { x } = this.placeOf(event);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.actions.zoom(Math.exp(-event.deltaY / 250), this.actions.timeAt(x));
    } else if (event.deltaX !== 0 || event.shiftKey) {
      event.preventDefault();
      this.actions.pan((event.deltaX || event.deltaY) / 900);
    }
  }

  private rangeTo(x: number): View {
    const [a, b] = [this.actions.timeAt(this.down?.x ?? x), this.actions.timeAt(x)];
    return { from: Math.min(a, b), to: Math.max(a, b) };
  }

  private placeOf({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const { left, top } = this.stage.getBoundingClientRect();
    return {
      x: clientX - left - this.stage.clientLeft,
      y: clientY - top - this.stage.clientTop + this.stage.scrollTop,
    };
  }
}
