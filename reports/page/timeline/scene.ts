import type { PageWindow } from "../data.ts";
import type { View } from "./view.ts";

/** Where names stand, px from the left. */
export const gutter = 158;

/** What is drawn now, and with what. */
export interface Scene {
  readonly window: PageWindow;
  readonly view: View;
  /** Px of the whole picture. */
  readonly width: number;
  /** A wait of the window, -1 for none. */
  readonly wait: number;
  /** Another slice that was chosen, -1 for none. */
  readonly slice: number;
  /** What is being dragged over. */
  readonly range: View | null;
}

/** A time as a place in the picture. */
export function placeOf({ view, width }: Pick<Scene, "view" | "width">, time: number): number {
  return gutter + ((time - view.from) / (view.to - view.from)) * (width - gutter);
}
