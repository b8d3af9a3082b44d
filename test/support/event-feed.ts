import type { EventKind, Mode } from "../../sim/trace/kinds.ts";
import type { SpanListener } from "../../sim/spans/paired.ts";
import { replay } from "../../sim/spans/replay.ts";
import type { TaskInfo } from "../../sim/trace/trace.ts";
import type { SavedEvent } from "../../sim/trace/event.ts";

/** What a script's third word means. Words that are not here are kinds of events themselves. */
const shortcuts: Readonly<Record<string, Partial<SavedEvent>>> = {
  start: { kind: "mmap_lock_start_locking" },
  got: { kind: "mmap_lock_acquire_returned", value: 1 },
  failed: { kind: "mmap_lock_acquire_returned", value: 0 },
  downgraded: { kind: "mmap_lock_acquire_returned", mode: "R", value: 1, aux: 1 },
  released: { kind: "mmap_lock_released" },
};

/** Tells a listener a hand-written story, see {@link storyOf}. */
export function feed(listener: SpanListener, story: string): void {
  const { tasks, events } = storyOf(story);
  replay(events, tasks, [listener]);
}

/**
 * Reads a hand-written story: a line is `time task what field=value…`. The tasks are numbered as they appear; the role of `vcpu:1` is
 * `vcpu`, and `-` is no task.
 */
export function storyOf(story: string): { tasks: TaskInfo[]; events: SavedEvent[] } {
  const tasks: TaskInfo[] = [];
  const events: SavedEvent[] = [];
  for (const line of story.split("\n")) {
    const [time, comm = "", what = "", ...fields] = line.trim().split(/\s+/);
    if (time === undefined || time === "") continue;
    let task = tasks.findIndex((known) => known.comm === comm);
    if (task < 0 && comm !== "-") task = tasks.push({ comm, role: comm.replace(/:.*/, "") }) - 1;
    const blank = { kind: what as EventKind, mm: "", mode: "R" as Mode, site: "", label: "", value: 0, aux: 0 };
    const event = { ...blank, time: Number(time), task, ...shortcuts[what] };
    for (const field of fields) {
      const [name = "", value = ""] = field.split("=");
      Object.assign(event, { [name]: name === "value" || name === "aux" ? Number(value) : value });
    }
    events.push(event);
  }
  return { tasks, events };
}
