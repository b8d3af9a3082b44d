import type { VariantOutcome } from "../reports/outcome.ts";
import type { Variant } from "../sim/linux/variant.ts";
import { IoAgain } from "../sim/measure/io-again.ts";
import { LockStat } from "../sim/measure/lock-stat.ts";
import { mergeMetrics, type Metrics } from "../sim/measure/metrics.ts";
import { Operations } from "../sim/measure/operations.ts";
import { Scheduling } from "../sim/measure/scheduling.ts";
import { VmaLocks } from "../sim/measure/vma-locks.ts";
import { runScenario } from "../sim/run.ts";
import { type EndingKind, ioClassOf, type Scenario } from "../sim/scenario.ts";
import type { IoClass, Listener } from "../sim/trace.ts";

/** Endings, worst first: the ending of several replications is the worst of them. */
const worstFirst: readonly EndingKind[] = ["deadlock", "orphaned-lock", "event-limit", "work-done", "duration"];

/**
 * Runs one variant with each seed, in the order of the seeds, and merges what was measured.
 *
 * @param extra listeners beside the measuring ones.
 * @param progress called before each replication.
 */
export function replicate(
  scenario: Scenario,
  variant: Variant,
  seeds: readonly string[],
  extra: readonly Listener[],
  options: { checkInvariants: boolean },
  progress: (seed: string) => void,
): VariantOutcome {
  const classes = ioClassesOf(scenario);
  const metrics: Metrics[] = [];
  const endings: EndingKind[] = [];
  const findings: string[] = [];
  let simulated_ns = 0;
  let events = 0;
  for (const seed of seeds) {
    progress(seed);
    const measuring = [new LockStat(classes), new Operations(), new VmaLocks(), new Scheduling(), new IoAgain()];
    const end = runScenario(scenario, variant, seed, [...measuring, ...extra], options);
    for (const measured of measuring) metrics.push(measured.metrics());
    endings.push(end.ending);
    for (const finding of end.findings) findings.push(`seed ${seed}: at ${finding.time} ns: ${finding.text}`);
    simulated_ns += end.simulated_ns;
    events += end.moves;
  }
  return {
    variant: variant.name,
    preset: variant.preset,
    axes: variant.axes,
    ending: worstFirst.find((ending) => endings.includes(ending)) ?? "duration",
    findings,
    simulated_ns,
    events,
    metrics: mergeMetrics(metrics),
    seeds: [...seeds],
  };
}

/** The IO classes of the scenario's devices, without repetition. */
function ioClassesOf(scenario: Scenario): IoClass[] {
  const classes = Object.values(scenario.devices).map((device): IoClass => ioClassOf[device.kind]);
  return [...new Set(classes)];
}

/** Did the run stop early: a deadlock, an orphaned lock, too many events? */
export function isStopped({ ending }: VariantOutcome): boolean {
  return ending !== "duration" && ending !== "work-done";
}

/** Did it stop in a way that the scenario does not announce, for the variant or its preset? */
export function isUnexpected(scenario: Scenario, outcome: VariantOutcome): boolean {
  const announced = scenario.expected[outcome.variant] ?? scenario.expected[outcome.preset];
  return isStopped(outcome) && announced !== outcome.ending;
}
