import type { EventKind, Mode } from "../../sim/trace/kinds.ts";
import type { SlotListener } from "../../sim/trace/slots.ts";
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

/**
 * Tells a listener a hand-written story: a line is `time task what field=value…`. The tasks are numbered as they appear;
 * the role of `vcpu:1` is `vcpu`, and `-` is no task. The events come through one record, as in a run.
 */
export function feed(listener: SlotListener, story: string): void {
  const tasks: TaskInfo[] = [];
  const record = {} as SavedEvent;
  for (const line of story.split("\n")) {
    const [time, comm = "", what = "", ...fields] = line.trim().split(/\s+/);
    if (time === undefined || time === "") continue;
    let task = tasks.findIndex((known) => known.comm === comm);
    if (task < 0 && comm !== "-") task = tasks.push({ comm, role: comm.replace(/:.*/, "") }) - 1;
    const event = { kind: what as EventKind, mm: "", mode: "R" as Mode, site: "", label: "", value: 0, aux: 0 };
    Object.assign(record, event, { time: Number(time), task }, shortcuts[what]);
    for (const field of fields) {
      const [name = "", value = ""] = field.split("=");
      Object.assign(record, { [name]: name === "value" || name === "aux" ? Number(value) : value });
    }
    listener.event(record, tasks);
  }
}
