import { statOf } from "../../reports/words/metric-summary.ts";
import type { SweepColumn } from "../../reports/files/sweep.ts";
import { InvariantError } from "../../sim/engine/invariant-error.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import { mergeMetrics, type Metrics } from "../../sim/measure/metrics/metrics.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { greedyOrder, oneMore } from "../../sim/study/conversion-order.ts";
import { mean } from "../../sim/study/what-if.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { interruption } from "../cli/interruption.ts";
import { simulateEach } from "./pool.ts";
import { isUnexpected } from "./replications.ts";
import type { Streams } from "../cli/streams.ts";

/** One variant of a scenario in several states, each with the same seeds: the objective of each, one value a seed. */
export class ConversionRuns {
  /** Runs that stopped in a way the scenario does not announce, in words. */
  readonly stopped: string[] = [];
  private readonly how: {
    readonly variant: Variant;
    readonly seeds: readonly string[];
    readonly objective: SweepColumn;
    readonly threads: number;
  };
  private readonly streams: Streams;
  /** By set of converted sites. */
  private readonly known = new Map<number, readonly number[]>();

  constructor(how: ConversionRuns["how"], streams: Streams) {
    this.how = how;
    this.streams = streams;
  }

  /** Runs the state that all others are compared with: what it measured over all seeds. Null after an interruption. */
  async today(scenario: Scenario): Promise<{ metrics: Metrics; simulated_ns: number } | null> {
    const parts: Metrics[] = [];
    let simulated_ns = 0;
    const values = await this.each([scenario], (one) => {
      parts.push(one.metrics);
      simulated_ns += one.simulated_ns;
    });
    if (values === null) return null;
    this.known.set(0, values[0] as readonly number[]);
    return { metrics: mergeMetrics(parts), simulated_ns };
  }

  /** Runs the sets of converted sites that are not known yet. Null after an interruption. */
  async sets(sets: readonly number[], scenarioOf: (set: number) => Scenario): Promise<true | null> {
    const todo = sets.filter((set) => !this.known.has(set));
    const values = await this.each(todo.map(scenarioOf));
    if (values === null) return null;
    for (const [i, set] of todo.entries()) this.known.set(set, values[i] as readonly number[]);
    return true;
  }

  /** The greedy order of `n` sites; runs what it needs to know. Null after an interruption. */
  async greedy(n: number, scenarioOf: (set: number) => Scenario): Promise<number[] | null> {
    for (;;) {
      const order = greedyOrder(n, (set) => {
        const values = this.known.get(set);
        return values === undefined ? undefined : mean(values);
      });
      if (order.length === n) return order;
      const reached = order.reduce((set, i) => set | (1 << i), 0);
      if ((await this.sets(oneMore(n, reached), scenarioOf)) === null) return null;
    }
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

  /** The objective of each scenario, one value a seed. Null after an interruption. */
  async each(scenarios: readonly Scenario[], heard?: (one: Replication) => void): Promise<number[][] | null> {
    const { variant, seeds, threads } = this.how;
    const values = scenarios.map(() => new Array<number>(seeds.length).fill(0));
    const jobs = scenarios.flatMap((scenario) => seeds.map((seed) => ({ scenario, variant, seed, from_ns: 0 })));
    const stopped: (string | undefined)[] = [];
    await simulateEach(jobs, threads, this.streams, (i, one) => {
      const of = Math.floor(i / seeds.length);
      const scenario = scenarios[of] as Scenario;
      (values[of] as number[])[i % seeds.length] = this.objectiveOf(one);
      heard?.(one);
      if (isUnexpected(scenario, one)) stopped[i] = stoppedText(scenario, one);
    });
    this.stopped.push(...stopped.filter((text) => text !== undefined));
    return interruption.code === null ? values : null;
  }

  private objectiveOf({ metrics, simulated_ns, seed }: Replication): number {
    const { metric, stat } = this.how.objective;
    const value = statOf(metrics, metric, stat, simulated_ns);
    if (value === null)
      throw new UsageError(`--metric ${metric}:${stat}: the run with seed ${seed} has no sample of it`);
    return value;
  }
}

function stoppedText({ converted, io_speedup }: Scenario, { ending, seed, findings }: Replication): string {
  const faster = Object.keys(io_speedup).map((site) => `, IO of ${site} faster`);
  const what = `converted: ${converted?.join(", ") || "none"}${faster.join("")}`;
  return `stopped: ${ending} with seed ${seed} (${what})${findings[0] === undefined ? "" : `: ${findings[0]}`}`;
}
