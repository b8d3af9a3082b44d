import { runScenario } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import type { SlotListener } from "../trace/slots.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";
import { mser5 } from "./statistics.ts";

/** The holds of a run in the order of their ends, whatever task, lock and mode. */
class HoldSeries implements SlotListener {
  readonly ends: number[] = [];
  readonly holds: number[] = [];
  private readonly since = new Map<number, Map<string, number>>();

  event(e: SavedEvent): void {
    if (e.kind !== "mmap_lock_acquire_returned" && e.kind !== "mmap_lock_released") return;
    let locks = this.since.get(e.task);
    if (locks === undefined) {
      locks = new Map();
      this.since.set(e.task, locks);
    }
    const begun = locks.get(e.mm);
    if (e.kind === "mmap_lock_released" || e.aux === 1) {
      if (begun !== undefined) {
        this.ends.push(e.time);
        this.holds.push(e.time - begun);
      }
      locks.delete(e.mm);
    }
    if (e.kind === "mmap_lock_acquire_returned" && e.value === 1) locks.set(e.mm, e.time);
  }
}

/** Hears nothing before `from` ns. */
export class From implements SlotListener {
  private readonly from: number;
  private readonly listener: SlotListener;

  constructor(from: number, listener: SlotListener) {
    this.from = from;
    this.listener = listener;
  }

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    if (e.time >= this.from) this.listener.event(e, tasks);
  }
}

/**
 * How long one replication takes to become steady, ns: where MSER-5 cuts the series of its holds. 0 for a run with few of them.
 */
export function warmUpOf(scenario: Scenario, variant: Parameters<typeof runScenario>[1], seed: string): number {
  const series = new HoldSeries();
  runScenario(scenario, variant, seed, [series]);
  const cut = mser5(series.holds);
  return cut === 0 ? 0 : (series.ends[cut - 1] as number);
}
