import { type Convoy, Convoys } from "../measure/lock/convoys.ts";
import { LongestWait, type LongWait } from "../measure/lock/longest-wait.ts";
import { measuringKinds } from "../measure/measuring.ts";
import { Histogram } from "../measure/metrics/histogram.ts";
import { mergeMetrics, type Metrics, Total } from "../measure/metrics/metrics.ts";
import { runScenario } from "../run.ts";
import { type EndingKind, ioClassOf, type Scenario } from "../scenario.ts";
import type { IoClass } from "../trace/kinds.ts";
import { paired, type SpanListener } from "../spans/paired.ts";
import { endingSince, since } from "./warm-up.ts";

/** A kernel, as a run wants it. */
type Variant = Parameters<typeof runScenario>[1];

/** What one variant came to with one seed: the unit of all statistics. */
export interface Replication {
  readonly variant: string;
  readonly preset: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly ending: EndingKind;
  /** Deadlocks and orphaned locks, a line each, with their time. */
  readonly findings: readonly string[];
  /** Left out at the beginning. */
  readonly warm_up_ns: number;
  /** Without the warm-up. */
  readonly simulated_ns: number;
  /** Events of the engine. */
  readonly events: number;
  /** The worst convoys at the lock. */
  readonly convoys: readonly Convoy[];
  /** `null` when nobody waited. */
  readonly longest_wait: LongWait | null;
  readonly metrics: Metrics;
}

/**
 * Runs one variant with one seed and measures it.
 *
 * @param extra listeners beside the measuring ones. @param from_ns measured from here on: before it the run warms up.
 * @throws InvariantError when a promise of the model is broken: a bug of ours.
 */
export function replicateOnce(
  scenario: Scenario,
  variant: Variant,
  seed: string,
  extra: readonly SpanListener[] = [],
  options: Parameters<typeof runScenario>[4] = {},
  from_ns = 0,
): Replication {
  const classes = ioClassesOf(scenario);
  const measuring = measuringKinds.map(({ make }) => make(classes));
  const whole = measuring.filter((_, i) => measuringKinds[i]?.whole === true);
  const others = measuring.filter((one) => !whole.includes(one));
  const convoys = measuring.find((one) => one instanceof Convoys) as Convoys;
  const longest = new LongestWait();
  const heard =
    from_ns === 0
      ? paired([...measuring, longest])
      : [
          ...paired(whole.map((listener) => endingSince(from_ns, listener))),
          ...paired([...others, longest]).map((listener) => since(from_ns, listener)),
        ];
  const end = runScenario(scenario, variant, seed, [...heard, ...paired(extra)], options);
  return {
    variant: variant.name,
    preset: variant.preset,
    axes: variant.axes,
    seed,
    ending: end.ending,
    findings: end.findings.map((finding) => `seed ${seed}: at ${finding.time} ns: ${finding.text}`),
    warm_up_ns: from_ns,
    simulated_ns: Math.max(1, end.simulated_ns - from_ns),
    events: end.moves,
    convoys: convoys.worst,
    longest_wait: longest.wait(end.simulated_ns),
    metrics: mergeMetrics(measuring.map((measured) => measured.metrics())),
  };
}

/** The IO classes of the scenario's devices, without repetition. */
function ioClassesOf(scenario: Scenario): IoClass[] {
  const classes = Object.values(scenario.devices).map((device): IoClass => ioClassOf[device.kind]);
  return [...new Set(classes)];
}

/** A distribution as JSON: occupied buckets only, as pairs of index and count. */
interface HistogramJson {
  readonly buckets: readonly number[];
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/** A replication as JSON, to cross a thread border or to be kept in a journal. */
export interface ReplicationJson extends Omit<Replication, "metrics"> {
  readonly histograms: Readonly<Record<string, HistogramJson>>;
  readonly open: Readonly<Record<string, HistogramJson>>;
  readonly totals: Readonly<Record<string, Readonly<Pick<Total, "count" | "sum" | "max">>>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** A replication as plain data. */
export function toJson(replication: Replication): ReplicationJson {
  const { metrics, ...rest } = replication;
  const totals = [...metrics.totals].map(([key, { count, sum, max }]) => [key, { count, sum, max }]);
  return {
    ...rest,
    histograms: histogramsJson(metrics.histograms),
    open: histogramsJson(metrics.open),
    totals: Object.fromEntries(totals),
    counts: Object.fromEntries(metrics.counts),
  };
}

function histogramsJson(histograms: ReadonlyMap<string, Histogram>): Record<string, HistogramJson> {
  const entries = [...histograms].map(([key, histogram]): [string, HistogramJson] => {
    const { counts, ...exact } = histogram.data();
    const buckets: number[] = [];
    for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) buckets.push(i, counts[i] as number);
    return [key, { buckets, ...exact }];
  });
  return Object.fromEntries(entries);
}

function histogramsOf(json: Readonly<Record<string, HistogramJson>>): Map<string, Histogram> {
  return new Map(
    Object.entries(json).map(([key, { buckets, ...exact }]) => {
      const all = new Float64Array(buckets.length === 0 ? 0 : (buckets[buckets.length - 2] as number) + 1);
      for (let i = 0; i < buckets.length; i += 2) all[buckets[i] as number] = buckets[i + 1] as number;
      return [key, Histogram.from({ counts: all, ...exact })];
    }),
  );
}

/** The replication that {@link toJson} was given. */
export function fromJson(json: ReplicationJson): Replication {
  const { histograms, open, totals, counts, ...rest } = json;
  const sums = Object.entries(totals).map(([key, total]): [string, Total] => [key, Object.assign(new Total(), total)]);
  return {
    ...rest,
    metrics: {
      histograms: histogramsOf(histograms),
      open: histogramsOf(open),
      totals: new Map(sums),
      counts: new Map(Object.entries(counts)),
    },
  };
}
