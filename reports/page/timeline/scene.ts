import type { PageWindow } from "../data.ts";
import type { View } from "./view.ts";

/** The room at the left that names as wide as this need in a picture of this width, px: whole, but no more than half of a narrow one. */
export function gutterFor(names: number, width: number): number {
  return Math.round(Math.min(Math.max(90, names + 10), width * (width < 600 ? 0.42 : 0.35)));
}

/** What is drawn now, and with what. */
export interface Scene {
  readonly window: PageWindow;
  readonly view: View;
  /** Px of the whole picture. */
  readonly width: number;
  /** Where names stand, px from the left. */
  readonly gutter: number;
  /** A wait of the window, -1 for none. */
  readonly wait: number;
  /** Another slice that was chosen, -1 for none. */
  readonly slice: number;
  /** What is being dragged over. */
  readonly range: View | null;
}

/** A time as a place in the picture. */
export function placeOf({ view, width, gutter }: Pick<Scene, "view" | "width" | "gutter">, time: number): number {
  return gutter + ((time - view.from) / (view.to - view.from)) * (width - gutter);
}
