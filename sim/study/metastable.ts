/**
 * An up-and-down sweep of load in one run: is the system as well off on the way down as it was on the way up? Where it is not, what
 * happened at the higher load keeps it busy: it is metastable.
 */
import { LoadStepFigures, type StepFigures } from "../measure/load-steps.ts";
import { paired } from "../spans/paired.ts";
import { runScenario } from "../run.ts";
import { type EndingKind, loadOf, type Scenario } from "../scenario.ts";
import { commOf } from "../world/world.ts";
import { type Interval, meanInterval } from "./statistics.ts";

/** A worse state that is not at least so much worse is not worth the name. */
const leastEffect = 1.2;
/** A queue of less than this many tasks on average is as good as none; it is added to both sides of a ratio. */
const noQueue = 0.1;
const confidence = 0.95;

/** One seed of a sweep. */
export interface SweepRun {
  readonly seed: string;
  readonly ending: EndingKind;
  readonly findings: readonly string[];
  readonly steps: readonly StepFigures[];
}

/** The same load on the way up and on the way down, over all seeds. */
export interface LoadPair {
  readonly load: number;
  /** Numbers of the steps, from 0. */
  readonly up: number;
  readonly down: number;
  /** Queue on the way down / on the way up, by the logarithms, seed by seed; the confidence is shared by all pairs of the sweep. */
  readonly ratio: Interval;
  /** What can be said: it stays worse, or it does not look so, or one seed says nothing. */
  readonly verdict: "metastable" | "no sign" | "one seed";
}

/**
 * Runs a scenario with a load once and measures each step.
 *
 * @throws RangeError for a scenario without a load; InvariantError when a promise of the model is broken.
 */
export function sweepOnce(scenario: Scenario, variant: Parameters<typeof runScenario>[1], seed: string): SweepRun {
  const load = loadOf(scenario);
  if (load === null) throw new RangeError(`${scenario.name} has no load`);
  const comms = load.tasks.flatMap((name) => {
    const count = scenario.tasks[name]?.count ?? 0;
    return Array.from({ length: count }, (_, i) => commOf(name, count, i));
  });
  const figures = new LoadStepFigures(load, new Set(comms));
  const { ending, findings, simulated_ns } = runScenario(scenario, variant, seed, paired([figures]));
  const texts = findings.map(({ time, text }) => `seed ${seed}: at ${time} ns: ${text}`);
  return { seed, ending, findings: texts, steps: figures.steps(simulated_ns) };
}

/** How many tasks waited at the locks on average. */
function meanQueue({ waited_ns, from_ns, to_ns }: StepFigures): number {
  return (waited_ns.R + waited_ns.W) / (to_ns - from_ns);
}

/**
 * The steps before the highest load, each with the last one of the same load after it. Empty when no load is on both sides.
 */
export function pairsOf(loads: readonly number[]): { load: number; up: number; down: number }[] {
  const top = loads.indexOf(Math.max(...loads));
  return loads.slice(0, top).flatMap((load, up) => {
    const down = loads.lastIndexOf(load);
    return down > top && loads.indexOf(load) === up ? [{ load, up, down }] : [];
  });
}

/**
 * Compares the way up with the way down. A load is metastable when the queue is longer on the way down by a fifth or more, and the
 * interval of the ratio excludes 1, at a confidence that all pairs share (Bonferroni).
 *
 * @param runs at least one, all of the same steps.
 */
export function loadPairs(runs: readonly SweepRun[]): LoadPair[] {
  const pairs = pairsOf(runs[0]?.steps.map(({ load }) => load) ?? []);
  return pairs.map(({ load, up, down }) => {
    const queue = ({ steps }: SweepRun, step: number): number => noQueue + meanQueue(steps[step] as StepFigures);
    const logs = runs.map((run) => Math.log(queue(run, down) / queue(run, up)));
    const on = meanInterval(logs, 1 - (1 - confidence) / pairs.length);
    const ratio: Interval = { ...on, point: Math.exp(on.point), low: Math.exp(on.low), high: Math.exp(on.high) };
    const isWorse = ratio.low > 1 && ratio.point >= leastEffect;
    return { load, up, down, ratio, verdict: runs.length < 2 ? "one seed" : isWorse ? "metastable" : "no sign" };
  });
}

/** A step over all seeds. */
export interface StepMean {
  readonly load: number;
  readonly from_ns: number;
  readonly to_ns: number;
  /** Operations of the tasks under the load, a second. */
  readonly operations: number;
  /** Tasks that waited at the locks on average. */
  readonly queue: number;
  /** Time waited for each lock that was taken, ns; null when none was. */
  readonly reader_wait: number | null;
  readonly writer_wait: number | null;
}

/** What the seeds come to together, step by step. @param runs at least one, all of the same steps. */
export function stepMeans(runs: readonly SweepRun[]): StepMean[] {
  return (runs[0]?.steps ?? []).map(({ load, from_ns, to_ns }, i) => {
    const all = runs.map(({ steps }) => steps[i] as StepFigures);
    const sum = (value: (step: StepFigures) => number): number => all.reduce((total, step) => total + value(step), 0);
    const wait = (mode: "R" | "W"): number | null => {
      const taken = sum((step) => step.acquisitions[mode]);
      return taken === 0 ? null : sum((step) => step.waited_ns[mode]) / taken;
    };
    return {
      load,
      from_ns,
      to_ns,
      operations: (sum((step) => step.operations) * 1e9) / (to_ns - from_ns) / runs.length,
      queue: sum(meanQueue) / runs.length,
      reader_wait: wait("R"),
      writer_wait: wait("W"),
    };
  });
}
