import { type SavedEvent, savedEvent } from "./event.ts";
import { hearsAll, type Listener, type TaskInfo } from "./trace.ts";

/** Hears every event in the form in which it is saved. */
export interface SlotListener {
  event(e: SavedEvent, tasks: readonly TaskInfo[]): void;
}

/** The same as a listener. */
export function inSlots(listener: SlotListener): Listener {
  return { hears: hearsAll((e, tasks) => listener.event(savedEvent(e), tasks)) };
}
