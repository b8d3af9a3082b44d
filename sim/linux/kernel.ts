import type { Simulation } from "../engine/simulation.ts";
import type { Steps } from "../engine/task.ts";
import type { WaitFinding } from "../engine/wait-graph.ts";
import type { Cpus } from "../machine/cpus.ts";
import type { CostName } from "../costs.ts";
import type { Trace } from "../trace/trace.ts";
import type { KernelBug } from "./include/asm-generic/bug.ts";
import type { task_struct } from "./include/linux/sched.ts";
import type { KernelOps } from "./ops.ts";
import { trace_bug } from "../trace/events/fault.ts";

/** What each step of the model costs, ns of CPU time. */
export type StepCosts = Readonly<Record<CostName, number>>;

/** Something that went wrong for good, in words, with the time in ns. */
export interface Finding {
  readonly kind: "deadlock" | "orphaned-lock" | "leaked-lock";
  readonly time: number;
  readonly text: string;
}

/**
 * One running kernel: the machine below it, the functions its variant chose, and its tasks.
 *
 * Source: none, it is what the model's functions find each other through.
 */
export class Kernel {
  readonly sim: Simulation;
  readonly trace: Trace;
  readonly cpus: Cpus;
  readonly costs: StepCosts;
  readonly ops: KernelOps;
  readonly seed: string;
  readonly tasks: task_struct[] = [];
  readonly findings: Finding[] = [];
  private readonly leaking = new Set<task_struct>();
  /** BUG_ON is compiled out: a failed assertion is passed over. */
  readonly ignoreBugs: boolean;
  /** The sites that call the new functions; the others keep plain get_user_pages. Null: all of them are converted. */
  readonly converted: ReadonlySet<string> | null;
  private readonly ioSpeedups: ReadonlyMap<string, number>;
  /** Check the invariants of each lock after each change. */
  readonly checkInvariants: boolean;

  constructor(
    parts: { sim: Simulation; trace: Trace; cpus: Cpus; costs: StepCosts; ops: KernelOps; seed: string },
    options: {
      ignoreBugs: boolean;
      checkInvariants: boolean;
      converted?: readonly string[] | null;
      ioSpeedup?: Readonly<Record<string, number>>;
    },
  ) {
    this.sim = parts.sim;
    this.trace = parts.trace;
    this.cpus = parts.cpus;
    this.costs = parts.costs;
    this.ops = parts.ops;
    this.seed = parts.seed;
    this.ignoreBugs = options.ignoreBugs;
    this.checkInvariants = options.checkInvariants;
    this.ioSpeedups = new Map(Object.entries(options.ioSpeedup ?? {}));
    const { converted = null } = options;
    this.converted = converted === null ? null : new Set(converted);
  }

  /** How many times faster the IO goes that `site` waits for, from when it waits; 1 when nothing is said of it. */
  ioSpeedup(site: string): number {
    return this.ioSpeedups.get(site) ?? 1;
  }

  /** Starts `task` after `delay` ns. A kernel BUG ends it with the locks it has at that moment. */
  start(task: task_struct, steps: Steps, delay = 0): void {
    this.tasks.push(task);
    task.begin(steps, delay);
  }

  /** Records a wait that cannot end. */
  readonly onFinding = (finding: WaitFinding): void => {
    const dead = finding.kind === "dead-holder";
    const { path } = finding;
    // Who has no lock waits alone; of one dead task once is enough.
    const waiter = path[0]?.task as task_struct;
    const isKnown = this.findings.some((known) => known.kind === "orphaned-lock");
    if (dead && (waiter.held.length === 0 || isKnown)) return;
    if (dead && path[1]?.task.finished === false) {
      this.heldForEver(waiter, path[0]?.what ?? "");
      return;
    }
    const chain = path.map(({ task, what }, i) => {
      if (what === "dead") return `${task.name} is dead`;
      const { site } = task as task_struct;
      const who = site === "" ? task.name : `${task.name} in ${site}`;
      const next = path[i + 1] ?? path[0];
      const edge =
        next === undefined || next.what === "dead" ? "" : `, ${task.waitsFor?.edge(next.task)} ${next.task.name}`;
      return `${who} waits for ${what}${edge}`;
    });
    const text = chain.join("; ");
    this.findings.push({ kind: dead ? "orphaned-lock" : "deadlock", time: finding.time, text });
  };

  /** `task` has locks and waits for something that will never come. */
  heldForEver(task: task_struct, what: string): void {
    for (const sem of task.held) {
      const mode = sem.owner === task ? "write" : "read";
      const text = `${task.name} in ${task.site} holds ${sem.name} for ${mode} for ever: it waits for ${what}, which hangs`;
      this.findings.push({ kind: "orphaned-lock", time: this.sim.now, text });
    }
  }

  /** Called when `task` begins an operation: a lock that it has is one of an operation before, and nobody will give it back. Once a task is enough. */
  heedLeak(task: task_struct): void {
    if (task.held.length === 0 || this.leaking.has(task)) return;
    this.leaking.add(task);
    for (const sem of new Set(task.held)) {
      const mode = sem.owner === task ? "write" : "read";
      const text = `${task.name} begins an operation and still holds ${sem.name} for ${mode}, which ${task.ownsFor} took at ${task.ownsSince} ns in one before and never gave back`;
      this.findings.push({ kind: "leaked-lock", time: this.sim.now, text });
    }
  }

  /** A kernel assertion failed in `task`: it stops here and keeps what it holds. */
  buried(task: task_struct, bug: KernelBug): void {
    trace_bug(task, bug.assertion, task.held.length);
    for (const sem of task.held) {
      sem.deadHolder = task;
      const mode = sem.owner === task ? "write" : "read";
      const text = `${task.name} hit BUG_ON(${bug.assertion}) in ${task.site} and holds ${sem.name} for ${mode} for ever`;
      this.findings.push({ kind: "orphaned-lock", time: this.sim.now, text });
    }
  }
}
