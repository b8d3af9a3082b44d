import { loadScenario } from "../scenarios/load.ts";
import { task_struct } from "../sim/linux/include/linux/sched.ts";
import { down_read_fast, up_read_settled } from "../sim/linux/kernel/locking/rwsem.ts";
import { parseVariant } from "../sim/kernels/variant.ts";
import { BlameLedger } from "../sim/measure/blame/blame.ts";
import { LockStat } from "../sim/measure/lock-stat.ts";
import { Operations } from "../sim/measure/operations.ts";
import { runScenario } from "../sim/run.ts";
import type { IoClass } from "../sim/trace/kinds.ts";
import type { Hears, Listener } from "../sim/trace/trace.ts";
import { paired, type SpanListener } from "../sim/spans/paired.ts";
import { bareKernel, runGupsim } from "./w3-gupsim.ts";
import { runSwitch } from "./w3-switch.ts";
import type { Outcome } from "./w3-tables.ts";

/** One figure. `n`: generator frames or the like, `ops` done in `sec` seconds, `check`: what was computed, for comparison. */
export interface Measurement {
  readonly wl: string;
  readonly impl: string;
  readonly n: number;
  readonly ops: number;
  readonly sec: number;
  readonly rssKB: number;
  readonly check: string;
}

const acquisitions = 3_000_000;

const cases: Readonly<Record<string, () => Measurement>> = {
  "w3-switch": () => w3("JS switch", 0, () => runSwitch(acquisitions)),
  "w3-depth1": () => w3("gupsim, depth 1", 1, () => runGupsim(acquisitions, 1, [])),
  "w3-depth4": () => w3("gupsim, depth 4", 4, () => runGupsim(acquisitions, 4, [])),
  "w3-depth8": () => w3("gupsim, depth 8", 8, () => runGupsim(acquisitions, 8, [])),
  "w3-listeners": () =>
    w3("gupsim, depth 4, lock-stat", 4, () => runGupsim(acquisitions, 4, paired([new LockStat([])]))),
  "w3-ledger": () =>
    w3("gupsim, depth 4, lock-stat and blame", 4, () =>
      runGupsim(acquisitions, 4, paired([new LockStat([]), new BlameLedger()])),
    ),
  "lock-pair": lockPair,
  sleep,
  "kvm-swap": () => kvmSwap("kvm-swap, lock-stat", (classes) => [new LockStat(classes), new Operations()]),
  "kvm-swap-bare": () => kvmSwap("kvm-swap, no listener", () => []),
  "events-unlimited": () => events("unlimited CPUs", "unlimited"),
  "events-shared": () => events("16 shared CPUs", "16"),
  "events-scarce": () => events("3 shared CPUs", "3"),
};

/** The names of all cases, in the order in which they run. */
export const names: readonly string[] = Object.keys(cases);

/** Runs one case in this process. @throws RangeError for an unknown name. */
export function measure(name: string): Measurement {
  const run = cases[name];
  if (run === undefined) throw new RangeError(`unknown case ${name}: one of ${names.join(", ")}`);
  return run();
}

function w3(impl: string, n: number, run: () => Outcome): Measurement {
  const { result, sec } = timed(run);
  const check = `${result.acquisitions}/${result.contended}/${result.waitSum}/${result.end}`;
  return { wl: "W3", impl, n, ops: result.acquisitions, sec, rssKB: peakRss(), check };
}

function lockPair(): Measurement {
  const ops = 20_000_000;
  const { kernel, sem } = bareKernel([]);
  const task = new task_struct(kernel, "reader", "reader", null);
  kernel.tasks.push(task);
  const { sec } = timed(() => {
    for (let i = 0; i < ops; i++) {
      if (down_read_fast(task, sem, "bench")) up_read_settled(task, sem, "bench");
    }
  });
  return {
    wl: "pair",
    impl: "down_read + up_read, uncontended",
    n: 1,
    ops,
    sec,
    rssKB: peakRss(),
    check: String(sem.readers),
  };
}

function sleep(): Measurement {
  const ops = 20_000_000;
  const { kernel } = bareKernel([]);
  const task = new task_struct(kernel, "sleeper", "reader", null);
  let queued = 0;
  const { sec } = timed(() => {
    for (let i = 0; i < ops; i++) if (task.sleeps(10)) queued++;
  });
  return { wl: "sleep", impl: "sleep nobody interrupts", n: 1, ops, sec, rssKB: peakRss(), check: String(queued) };
}

/** kvm-swap for 20 simulated seconds; `ops` are lock acquisitions, the check has simulated seconds and engine events. */
function kvmSwap(impl: string, listeners: (classes: readonly IoClass[]) => readonly SpanListener[]): Measurement {
  const { scenario } = loadScenario("kvm-swap", ["duration=20s"]);
  const variant = parseVariant("plain");
  const counter = new AcquisitionCounter();
  runScenario(scenario, variant, "1", [counter]);
  const { result, sec } = timed(() => runScenario(scenario, variant, "1", paired(listeners(["swap"]))));
  const perSecond = (n: number): string => Math.round(n / sec).toLocaleString("en");
  const check = `${perSecond(result.moves)} events/s, ${perSecond(counter.acquisitions)} acquisitions/s, ${perSecond(20)} simulated s/s`;
  return { wl: "kvm-swap", impl, n: 1, ops: counter.acquisitions, sec, rssKB: peakRss(), check };
}

/** proc-readers for 20 simulated seconds, nothing listening; `ops` are events of the engine. */
function events(impl: string, cpus: string): Measurement {
  const { scenario } = loadScenario("proc-readers", ["duration=20s", `machine.cpus=${cpus}`]);
  const { result, sec } = timed(() => runScenario(scenario, parseVariant("plain"), "1", []));
  return { wl: "events", impl, n: 1, ops: result.moves, sec, rssKB: peakRss(), check: String(result.moves) };
}

class AcquisitionCounter implements Listener {
  readonly hears: Hears = {
    mmap_lock_acquire_returned: ({ success }) => {
      if (success) this.acquisitions++;
    },
  };
  acquisitions = 0;
}

function timed<T>(work: () => T): { result: T; sec: number } {
  const start = process.hrtime.bigint();
  const result = work();
  return { result, sec: Number(process.hrtime.bigint() - start) / 1e9 };
}

function peakRss(): number {
  return process.resourceUsage().maxRSS;
}
