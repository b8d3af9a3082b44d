/** The runs that a study of conversions asks for: one variant of a scenario in several states, each with the same seeds. */
import { InvariantError } from "../../engine/invariant-error.ts";
import { mergeMetrics, type Metrics } from "../../measure/metrics/metrics.ts";
import type { Scenario } from "../../scenario.ts";
import { greedyOrder, oneMore } from "../conversion-order.ts";
import { isUnexpected } from "../outcome/ending.ts";
import type { Replication } from "../replication.ts";
import { columnName, type Statistic, valueIn } from "../statistic.ts";
import { mean } from "../what-if.ts";
import type { Variant } from "./cell.ts";
import { type CellGroup, each, isWhole, type Plan, seedsOf } from "./plan.ts";

/** A run has no sample of what a study is about: the question cannot be answered. */
export class NoSampleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoSampleError";
  }
}

/** What is run, and what is to be lowered by it. */
export interface ConversionStudy {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly seeds: readonly string[];
  readonly objective: Statistic;
}

/** What one state came to. */
interface State {
  /** The objective, one value a seed. */
  readonly values: readonly number[];
  /** Runs that stopped in a way the scenario does not announce, in words. */
  readonly stopped: readonly string[];
}

/** The states of a study, a set of converted sites each. What was run once is known. */
export class Conversions {
  /** Runs that stopped in a way the scenario does not announce, in words, in the order in which they were asked for. */
  readonly stopped: string[] = [];
  private readonly study: ConversionStudy;
  private readonly known = new Map<number, readonly number[]>();

  constructor(study: ConversionStudy) {
    this.study = study;
  }

  /** Runs the state that all others are compared with: what it measured over all seeds. Null after an interruption. */
  *today(): Plan<{ metrics: Metrics; simulated_ns: number } | null> {
    const { scenario } = this.study;
    const group = this.group(scenario, (results) => ({
      state: this.stateOf(scenario, results),
      metrics: mergeMetrics(results.map(({ metrics }) => metrics)),
      simulated_ns: results.reduce((sum, one) => sum + one.simulated_ns, 0),
    }));
    const [found = null] = yield* each([group]);
    if (found === null) return null;
    this.known.set(0, found.state.values);
    this.stopped.push(...found.state.stopped);
    return found;
  }

  /** Runs the sets of converted sites that are not known yet. Null after an interruption. */
  *sets(sets: readonly number[], scenarioOf: (set: number) => Scenario): Plan<true | null> {
    const todo = sets.filter((set) => !this.known.has(set));
    const values = yield* this.each(todo.map(scenarioOf));
    if (values === null) return null;
    for (const [i, set] of todo.entries()) this.known.set(set, values[i] as readonly number[]);
    return true;
  }

  /** The greedy order of `n` sites; runs what it needs to know. Null after an interruption. */
  *greedy(n: number, scenarioOf: (set: number) => Scenario): Plan<number[] | null> {
    for (;;) {
      const order = greedyOrder(n, (set) => {
        const values = this.known.get(set);
        return values === undefined ? undefined : mean(values);
      });
      if (order.length === n) return order;
      const reached = order.reduce((set, i) => set | (1 << i), 0);
      if ((yield* this.sets(oneMore(n, reached), scenarioOf)) === null) return null;
    }
  }

  /** The objective of each scenario, one value a seed. Null after an interruption. */
  *each(scenarios: readonly Scenario[]): Plan<(readonly number[])[] | null> {
    const states = yield* each(
      scenarios.map((scenario) => this.group(scenario, (results) => this.stateOf(scenario, results))),
    );
    if (!isWhole(states)) return null;
    this.stopped.push(...states.flatMap(({ stopped }) => stopped));
    return states.map(({ values }) => values);
  }

  /**
   * The objective with a set of sites converted: one value a seed.
   *
   * @throws InvariantError for a set that was not run: a bug of ours.
   */
  valuesOf(set: number): readonly number[] {
    const values = this.known.get(set);
    if (values === undefined) throw new InvariantError(`the set ${set} of conversions was not run`, 0, "");
    return values;
  }

  private group<T>(scenario: Scenario, merge: (results: readonly Replication[]) => T): CellGroup<T, "replication"> {
    return seedsOf("replication", { scenario, variant: this.study.variant }, this.study.seeds, merge);
  }

  private stateOf(scenario: Scenario, results: readonly Replication[]): State {
    const { objective } = this.study;
    const values = results.map(({ metrics, simulated_ns, seed }) => {
      const value = valueIn(metrics, simulated_ns, objective);
      if (value === null)
        throw new NoSampleError(`${columnName(objective)}: the run with seed ${seed} has no sample of it`);
      return value.low;
    });
    const stopped = results.filter((one) => isUnexpected(scenario, one)).map((one) => stoppedText(scenario, one));
    return { values, stopped };
  }
}

function stoppedText({ converted, io_speedup }: Scenario, { ending, seed, findings }: Replication): string {
  const faster = Object.keys(io_speedup).map((site) => `, IO of ${site} faster`);
  const what = `converted: ${converted?.join(", ") || "none"}${faster.join("")}`;
  return `stopped: ${ending} with seed ${seed} (${what})${findings[0] === undefined ? "" : `: ${findings[0]}`}`;
}
