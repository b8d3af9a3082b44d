import { type Choices, scheduledFirst } from "./engine/choices.ts";
import { Simulation, type Stop } from "./engine/simulation.ts";
import { type Finding, Kernel } from "./linux/kernel.ts";
import { kernelOps, type Variant } from "./kernels/variant.ts";
import { UnlimitedCpus } from "./machine/cpus.ts";
import { FairCpus } from "./machine/fair-cpus.ts";
import { stepCosts } from "./linux/step-costs.ts";
import type { EndingKind, Scenario } from "./scenario.ts";
import { type Listener, Trace } from "./trace/trace.ts";
import { populate } from "./world/world.ts";

/** Moves after which a run is stopped, unless the caller says otherwise. */
const defaultMoveLimit = 200_000_000;

/** How one run went. Everything measured is in the listeners. */
export interface RunEnd {
  readonly ending: EndingKind;
  readonly findings: readonly Finding[];
  /** Simulated time, ns. */
  readonly simulated_ns: number;
  /** Events of the engine: those of the queue and those that the inline clock absorbed. */
  readonly moves: number;
}

/** How to run. Nothing here changes an outcome, except `choices`, `reseeded` and a limit that is reached. */
export interface RunOptions {
  /** Check the invariants of every lock after each change. */
  readonly checkInvariants?: boolean;
  readonly moveLimit?: number;
  readonly choices?: Choices;
  /** Seeds of single groups of tasks: what these draw is of another run, all else draws as before. */
  readonly reseeded?: Readonly<Record<string, string>>;
}

/**
 * Runs one scenario as one variant with one seed, and tells the listeners every event. The same arguments give the same
 * events.
 *
 * @throws InvariantError when a promise of the model is broken: a bug of ours.
 */
export function runScenario(
  scenario: Scenario,
  variant: Variant,
  seed: string,
  listeners: readonly Listener[],
  options: RunOptions = {},
): RunEnd {
  const sim = new Simulation(
    scenario.duration_ns,
    options.moveLimit ?? defaultMoveLimit,
    options.choices ?? scheduledFirst,
  );
  const trace = new Trace(listeners);
  const costs = stepCosts(scenario.costs, sim, seed);
  const cpus =
    scenario.cpus === "unlimited" ? new UnlimitedCpus(costs, seed) : new FairCpus(sim, scenario.cpus, costs, seed);
  const kernel = new Kernel(
    { sim, trace, cpus, costs, ops: kernelOps(variant), seed },
    {
      ignoreBugs: scenario.bugs === "ignore",
      checkInvariants: options.checkInvariants ?? false,
      converted: scenario.converted,
      ioSpeedup: scenario.io_speedup,
    },
  );
  populate(kernel, scenario, options.reseeded);
  const stop = sim.run();
  trace.ends(sim.now);
  return {
    ending: ending(stop, kernel.findings),
    findings: kernel.findings,
    simulated_ns: sim.now,
    moves: sim.moves,
  };
}

function ending(stop: Stop, findings: readonly Finding[]): EndingKind {
  if (stop === "event-limit") return stop;
  if (findings.some((finding) => finding.kind === "deadlock")) return "deadlock";
  if (findings.some((finding) => finding.kind === "orphaned-lock")) return "orphaned-lock";
  if (findings.some((finding) => finding.kind === "leaked-lock")) return "leaked-lock";
  return stop;
}
