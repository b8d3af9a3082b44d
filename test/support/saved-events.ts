import { type SavedEvent, savedEvent } from "../../sim/trace/event.ts";
import { hearsAll, type Listener, type TaskInfo } from "../../sim/trace/trace.ts";

/** Hears a copy of every event, in the form in which it is saved. */
export function hearsSaved(hear: (e: SavedEvent, tasks: readonly TaskInfo[]) => void): Listener {
  return { hears: hearsAll((e, tasks) => hear(savedEvent(e), tasks)) };
}
