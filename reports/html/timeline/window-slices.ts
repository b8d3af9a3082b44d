import type { EventWindow } from "../../../sim/measure/window/window.ts";
import type { SavedEvent } from "../../../sim/trace/event.ts";
import type { SliceKind } from "../../page/data.ts";

/** Something that went on for a time, ns since the start of the run. */
export interface Slice {
  readonly kind: SliceKind;
  /** Of an `io` -1. */
  readonly task: number;
  readonly from: number;
  /** `null`: not over when the window ends. */
  readonly to: number | null;
  readonly mm: string;
  /** A site, a reason to sleep, an operation, a mapping or a device. */
  readonly name: string;
  /** Of an operation its number. */
  readonly number: number;
}

type Open = Omit<Slice, "to">;

/** The last moment of a window that its events tell of: its end, unless events were left out. */
export function lastKnown({ to_ns, left_out, events }: EventWindow): number {
  return left_out > 0 ? (events.at(-1)?.time ?? to_ns) : to_ns;
}

/**
 * What went on in a window, from its events: holds, waits that were not over, grants, sleeps, time in the run queue, operations, VMA
 * locks and IOs, in the order of their ends, and marks where something happened at once. Waits that were over are in the window itself.
 */
export function windowSlices(window: EventWindow): Slice[] {
  const slices = new Slices(window.from_ns);
  for (const e of window.before) slices.event(e);
  for (const e of window.events) slices.event(e);
  return slices.all();
}

class Slices {
  private readonly start: number;
  private readonly open = new Map<string, Open>();
  private readonly found: Slice[] = [];

  constructor(start: number) {
    this.start = start;
  }

  event(e: SavedEvent): void {
    const own = `${e.task} ${e.mm}`;
    switch (e.kind) {
      case "mmap_lock_start_locking":
        if (!this.open.has(`wait ${own}`)) this.begin(`wait ${own}`, `wait-${e.mode}`, e, e.site);
        break;
      case "granted":
        this.begin(`granted ${own}`, "granted", e, e.site);
        break;
      case "mmap_lock_acquire_returned":
        if (e.value === 0) break;
        this.open.delete(`wait ${own}`);
        this.end(`granted ${own}`, e.time);
        // A downgrade ends the writer's hold and begins a reader's.
        if (e.aux === 1) this.end(`hold ${own}`, e.time);
        this.begin(`hold ${own}`, `hold-${e.mode}`, e, e.site);
        break;
      case "mmap_lock_released":
        this.end(`hold ${own}`, e.time);
        break;
      case "vma_start_read":
        if (e.value === 1) this.begin(`vma ${own} ${e.label}`, "vma-hold", e, e.label);
        break;
      case "vma_end_read":
        this.end(`vma ${own} ${e.label}`, e.time);
        break;
      case "vma_wait_begin":
        this.begin(`vma-wait ${own} ${e.label}`, "vma-wait", e, e.label);
        break;
      case "vma_wait_end":
        this.end(`vma-wait ${own} ${e.label}`, e.time);
        break;
      case "op_begin":
        this.begin(`op ${e.task} ${e.label} ${e.value}`, "operation", e, e.label);
        break;
      case "op_end":
        this.end(`op ${e.task} ${e.label} ${e.value}`, e.time);
        break;
      case "sleep":
        this.begin(`sleep ${e.task}`, "sleep", e, e.label);
        break;
      case "wake":
        this.end(`sleep ${e.task}`, e.time);
        break;
      case "sched_out":
        this.begin(`run-queue ${e.task}`, "run-queue", e, "run-queue");
        break;
      case "sched_in":
        this.open.delete(`run-queue ${e.task}`);
        if (e.value > 0) this.add({ ...opened("run-queue", e, "run-queue"), from: e.time - e.value }, e.time);
        break;
      case "io_submit":
        this.begin(`io ${e.label} ${e.value}`, "io", { ...e, task: -1 }, e.label);
        break;
      case "io_complete":
        this.end(`io ${e.label} ${e.value}`, e.time);
        break;
      case "gup_retry":
      case "section_lost":
      case "kvm_async_pf_not_present":
      case "kvm_async_pf_ready":
      case "server_end":
      case "bug":
        this.add(opened("mark", e, e.label === "" ? e.kind : `${e.kind} (${e.label})`), e.time);
        break;
    }
  }

  all(): Slice[] {
    return [...this.found, ...[...this.open.values()].map((slice) => ({ ...slice, to: null }))];
  }

  private begin(key: string, kind: SliceKind, e: SavedEvent, name: string): void {
    this.open.set(key, opened(kind, e, name));
  }

  private end(key: string, time: number): void {
    const slice = this.open.get(key);
    this.open.delete(key);
    if (slice !== undefined) this.add(slice, time);
  }

  private add(slice: Open, to: number): void {
    if (to >= this.start) this.found.push({ ...slice, to });
  }
}

function opened(kind: SliceKind, { task, time, mm, value }: SavedEvent, name: string): Open {
  return { kind, task, from: time, mm, name, number: value };
}
