import type { SpanListener } from "../../sim/spans/paired.ts";
import { replay } from "../../sim/spans/replay.ts";
import type { LockStory } from "./lock-story.ts";

/** Tells a listener a story. */
export function tell(listener: SpanListener, { tasks, events }: LockStory): void {
  replay(events, tasks, [listener]);
}
