import { paired, type SpanListener } from "../../sim/spans/paired.ts";
import type { Law } from "../../sim/engine/law.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { type RunEnd, type RunOptions, runScenario } from "../../sim/run.ts";
import { type CostName, type Costs, costNames } from "../../sim/costs.ts";
import type { Device, Scenario, Vma } from "../../sim/scenario.ts";
import type { TaskGroup } from "../../sim/roles/roles.ts";
import { type Hears, hearsAll, type Listener, type TaskInfo } from "../../sim/trace/trace.ts";
import { type SavedEvent, savedEvent } from "../../sim/trace/event.ts";

/** Costs of a test: those named, in ns; the others are zero. */
export function testCosts(some: Partial<Record<CostName, number>> = {}): Costs {
  const entries = costNames.map((name) => [
    name,
    { value_ns: some[name] ?? (name === "host_tick" ? 4_000_000 : 0), provenance: "guessed", origin: "a test" },
  ]);
  return Object.fromEntries(entries) as Costs;
}

export const constant = (value_ns: number): Law => ({ kind: "constant", value_ns });

/** A device of 1 ms without limits, with changes. */
export function disk(changes: Partial<Device> = {}): Device {
  return {
    kind: "swap",
    latency: constant(1_000_000),
    depth: null,
    queue: null,
    readahead_pages: 1,
    user_mode_only: false,
    delay_queue: false,
    server: null,
    stalls: null,
    ends: null,
    ...changes,
  };
}

/** A mapping of swapped-out pages, with changes. */
export function swapped(changes: Partial<Vma> = {}): Vma {
  return {
    kind: "anon",
    pages: 64,
    resident: 0,
    keep: null,
    backing: "disk",
    reclaim: null,
    random: false,
    thp: false,
    cow: 0,
    poisoned: 0,
    io_errors: 0,
    direct_reclaim: null,
    dirty_throttle: null,
    ...changes,
  };
}

/** One mm named `mm` with one mapping `ram` on a disk of 1 ms, and the tasks given. */
export function smallScenario(tasks: Record<string, TaskGroup>, changes: Partial<Scenario> = {}): Scenario {
  return {
    schema: "gupsim/scenario/v1",
    name: "small",
    question: "?",
    kind: "terminating",
    duration_ns: 100_000_000,
    cpus: "unlimited",
    costs_name: "test",
    costs: testCosts({ mmap_region: 1000, do_munmap: 1000, show_map_vma: 250, follow_page: 100, io_submit: 5000 }),
    devices: { disk: disk() },
    mms: { mm: { vmas: { ram: swapped() }, other_vmas: 0, arg_start: null } },
    tasks,
    variants: ["plain", "unlocked"],
    converted: null,
    io_speedup: {},
    expected: {},
    assumptions: [],
    measured: null,
    outcome: null,
    sweep: null,
    bugs: "stop",
    ...changes,
  };
}

/** An event as one line: `time task kind mode site label value`. */
export type Line = string;

/** Keeps the events whose kind passes, as text. */
export class Lines implements Listener {
  readonly hears: Hears = hearsAll((e, tasks) => this.event(savedEvent(e), tasks));
  readonly lines: Line[] = [];
  private readonly wanted: (e: SavedEvent) => boolean;

  constructor(wanted: (e: SavedEvent) => boolean) {
    this.wanted = wanted;
  }

  private event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    if (!this.wanted(e)) return;
    const who = tasks[e.task]?.comm ?? "-";
    this.lines.push(`${e.time} ${who} ${e.kind} ${e.mode} ${e.site} ${e.label} ${e.value}`);
  }
}

/** Runs a scenario as `variant` with seed "1". */
export function run(
  scenario: Scenario,
  variant: string,
  listeners: readonly SpanListener[],
  options: RunOptions = {},
): RunEnd {
  return runScenario(scenario, parseVariant(variant), "1", paired(listeners), { checkInvariants: true, ...options });
}
