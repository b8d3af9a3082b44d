import type { SavedEvent } from "../trace/event.ts";
import type { EventKind } from "../trace/kinds.ts";

/** What ends what, where one event begins it. A kind that is not here is over at once. */
const ends: Partial<Record<EventKind, readonly EventKind[]>> = {
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

/**
 * The events of what has begun and is not over: from them and all that follow, {@link Spans} finds the spans that it finds from the whole
 * trace.
 */
export class Standing {
  private readonly lists = new Map<string, SavedEvent[]>();

  /** Takes in the next event, and keeps it while it matters. */
  add(e: SavedEvent): void {
    switch (e.kind) {
      case "mmap_lock_start_locking":
        this.asks(e);
        break;
      case "mmap_lock_acquire_returned":
        this.returned(e);
        break;
      case "mmap_lock_released":
        this.kept("mmap_lock_acquire_returned", e)?.pop();
        break;
      case "granted":
        this.list("granted", e).push(e);
        break;
      default:
        this.simple(e);
    }
    if (e.kind === "op_end") this.givesUp(e.task);
  }

  /** In order of time. */
  events(): SavedEvent[] {
    return [...this.lists.values()].flat().sort((a, b) => a.time - b.time);
  }

  private asks(e: SavedEvent): void {
    const attempts = this.list("mmap_lock_start_locking", e);
    // A trylock that failed at the same moment says nothing that this attempt does not say.
    if (attempts[0]?.time === e.time) attempts.length = 0;
    attempts.push(e);
  }

  private returned(e: SavedEvent): void {
    const attempts = this.kept("mmap_lock_start_locking", e);
    if (e.value === 0) {
      if (attempts !== undefined && attempts.length > 0) attempts.push(e);
      return;
    }
    if (e.aux === 1) this.kept("mmap_lock_acquire_returned", e)?.pop();
    else if (attempts !== undefined) attempts.length = 0;
    this.kept("granted", e)?.pop();
    this.list("mmap_lock_acquire_returned", e).push(e);
  }

  private givesUp(task: number): void {
    for (const list of this.lists.values()) {
      const last = list.at(-1);
      if (last?.task === task && last.kind === "mmap_lock_acquire_returned" && last.value === 0) list.length = 0;
    }
  }

  private simple(e: SavedEvent): void {
    for (const over of ends[e.kind] ?? []) this.kept(over, e)?.pop();
    const fails = e.kind === "vma_start_read" && e.value === 0;
    if (begins.has(e.kind) && !fails) this.list(e.kind, e).push(e);
  }

  private kept(kind: EventKind, e: SavedEvent): SavedEvent[] | undefined {
    return this.lists.get(standing(kind, e));
  }

  private list(kind: EventKind, e: SavedEvent): SavedEvent[] {
    const key = standing(kind, e);
    let list = this.lists.get(key);
    if (list === undefined) {
      list = [];
      this.lists.set(key, list);
    }
    return list;
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
