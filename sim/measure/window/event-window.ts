import type { EventKind } from "../../trace/kinds.ts";
import type { SlotListener } from "../../trace/slots.ts";
import type { TaskInfo } from "../../trace/trace.ts";
import type { SavedEvent } from "../../trace/event.ts";
import { BlameLedger } from "../blame/blame.ts";
import { CriticalPaths } from "../blame/critical-path.ts";
import type { ChargedWait, EventWindow, OperationPath } from "./window.ts";

/** What ends what. A kind that is not here is over at once. */
const ends: Partial<Record<EventKind, readonly EventKind[]>> = {
  mmap_lock_acquire_returned: ["mmap_lock_start_locking", "granted"],
  mmap_lock_released: ["mmap_lock_acquire_returned"],
  contention_end: ["contention_begin"],
  vma_end_read: ["vma_start_read"],
  vma_wait_end: ["vma_wait_begin"],
  op_end: ["op_begin"],
  gup_end: ["gup_begin"],
  fault_end: ["fault_begin"],
  io_complete: ["io_submit"],
  wake: ["sleep"],
  sched_in: ["sched_out"],
  work_end: ["work_begin"],
  kvm_async_pf_ready: ["kvm_async_pf_not_present"],
};
const begins: ReadonlySet<EventKind> = new Set(Object.values(ends).flat());

/** Keeps the events of a stretch of a run, what lasted into it, who was to blame for its waits, and where its operations' time went. */
export class WindowRecorder implements SlotListener {
  private readonly from: number;
  private readonly to: number;
  private readonly limit: number;
  private readonly before = new Map<string, SavedEvent[]>();
  private readonly events: SavedEvent[] = [];
  private leftOut = 0;
  private readonly waits: ChargedWait[] = [];
  private readonly paths: OperationPath[] = [];
  private readonly inner: readonly SlotListener[];
  private tasks: readonly TaskInfo[] = [];

  /** @param from, to ns, both included. @param limit of events that are kept. */
  constructor(from: number, to: number, limit: number) {
    this.from = from;
    this.to = to;
    this.limit = limit;
    const overlaps = (wait: ChargedWait): boolean => wait.from <= to && wait.to >= from;
    this.inner = [
      new BlameLedger((wait) => void (overlaps(wait) && this.waits.push(wait))),
      new CriticalPaths((path) => void (path.from <= to && path.to >= from && this.paths.push(path))),
    ];
  }

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    this.tasks = tasks;
    for (const listener of this.inner) listener.event(e, tasks);
    if (e.time < this.from) this.earlier(e);
    else if (e.time <= this.to) this.keep(e);
  }

  /** What was kept, once the run is over. @param end of the run, ns: a stretch reaches no further. */
  window(scenario: string, variant: string, seed: string, end = Number.POSITIVE_INFINITY): EventWindow {
    const before = [...this.before.values()].flat();
    return {
      schema: "gupsim/window/v1",
      scenario,
      variant,
      seed,
      from_ns: this.from,
      to_ns: Math.max(this.from, Math.min(this.to, end)),
      tasks: [...this.tasks],
      before: before.sort((a, b) => a.time - b.time),
      events: this.events,
      left_out: this.leftOut,
      waits: this.waits,
      paths: this.paths,
    };
  }

  private keep(e: SavedEvent): void {
    if (this.events.length < this.limit) this.events.push({ ...e });
    else this.leftOut++;
  }

  private earlier(e: SavedEvent): void {
    for (const over of ends[e.kind] ?? []) this.before.get(standing(over, e))?.pop();
    // A downgrade ends the hold of the writer.
    if (e.kind === "mmap_lock_acquire_returned" && e.aux === 1) this.before.get(standing(e.kind, e))?.pop();
    const fails = (e.kind === "mmap_lock_acquire_returned" || e.kind === "vma_start_read") && e.value === 0;
    if (!begins.has(e.kind) || fails) return;
    const key = standing(e.kind, e);
    const list = this.before.get(key);
    if (list === undefined) this.before.set(key, [{ ...e }]);
    else list.push({ ...e });
  }
}

/** What an event that ends something has in common with the one that began it. */
function standing(kind: EventKind, { task, mm, label, value, aux }: SavedEvent): string {
  switch (kind) {
    case "op_begin":
      // The guest tasks of a vcpu have one each.
      return `${kind} ${task} ${label} ${value}`;
    case "io_submit":
      return `${kind} ${label} ${value}`;
    case "vma_start_read":
    case "vma_wait_begin":
      return `${kind} ${task} ${mm} ${label}`;
    case "kvm_async_pf_not_present":
      return `${kind} ${task} ${aux}`;
    default:
      return `${kind} ${task} ${mm}`;
  }
}
