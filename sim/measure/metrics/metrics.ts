import { Histogram } from "./histogram.ts";
import { setAside } from "./declaration.ts";

/** The tags of a metric: what narrows it down. */
export type Tags = Readonly<Record<string, string>>;

/** Times that are only summed up: how many, their sum and the largest, ns. */
export class Total {
  count = 0;
  sum = 0;
  max = 0;

  /** Adds one time, ns. */
  add(ns: number): void {
    this.count++;
    this.sum += ns;
    if (ns > this.max) this.max = ns;
  }

  /** Adds all the times of another. */
  merge({ count, sum, max }: Readonly<Total>): void {
    this.count += count;
    this.sum += sum;
    if (max > this.max) this.max = max;
  }
}

/**
 * What was measured, by key (see {@link metricKey}): distributions in ns, sums of ns, and counts. A distribution that could have
 * had samples and had none is there, with count 0.
 */
export interface Metrics {
  readonly histograms: Map<string, Histogram>;
  /** The ages of the samples that had not ended, by the key of their distribution: right-censored, at least so long. */
  readonly open: Map<string, Histogram>;
  readonly totals: Map<string, Total>;
  readonly counts: Map<string, number>;
}

/** A metric key taken apart. */
export interface MetricName {
  readonly name: string;
  readonly tags: Tags;
}

/** No metrics yet. */
export function emptyMetrics(): Metrics {
  return { histograms: new Map(), open: new Map(), totals: new Map(), counts: new Map() };
}

/** `name{tag=value,…}`, tags sorted; the bare name without tags. */
export function metricKey(name: string, tags: Tags = {}): string {
  const names = Object.keys(tags).sort();
  if (names.length === 0) return name;
  return `${name}{${names.map((tag) => `${tag}=${tags[tag]}`).join(",")}}`;
}

/**
 * Takes a key of {@link metricKey} apart. A comma inside a value is understood as long as no `=` follows it.
 *
 * @throws RangeError when `key` is not of that form.
 */
export function parseMetricKey(key: string): MetricName {
  const match = /^([^{}]+?)(?:\{(.*)\})?$/.exec(key);
  if (match === null) throw new RangeError(`a metric is name{tag=value,…}, got "${key}"`);
  const tags: Record<string, string> = {};
  for (const part of match[2]?.split(/,(?=[^=,]+=)/) ?? []) {
    const equals = part.indexOf("=");
    if (equals < 1) throw new RangeError(`a metric is name{tag=value,…}, got "${key}"`);
    tags[part.slice(0, equals)] = part.slice(equals + 1);
  }
  return { name: match[1] as string, tags };
}

/** Adds the samples of `from`, if any, to the distribution `key` of `metrics`, which exists afterwards. */
export function addSamples(metrics: Metrics, key: string, from: Histogram | null): void {
  const histogram = at(metrics.histograms, key);
  if (from !== null) histogram.merge(from);
}

/** Adds the ages of samples of the distribution `key` that have not ended, if there are any. */
export function addOpen(metrics: Metrics, key: string, ages: Histogram): void {
  if (ages.count > 0) at(metrics.open, key).merge(ages);
}

function at(histograms: Map<string, Histogram>, key: string): Histogram {
  let histogram = histograms.get(key);
  if (histogram === undefined) {
    histogram = new Histogram();
    histograms.set(key, histogram);
  }
  return histogram;
}

/** Adds times to the sum `key` of `metrics`, which exists afterwards. */
export function addTotal(metrics: Metrics, key: string, from: Readonly<Total>): void {
  let total = metrics.totals.get(key);
  if (total === undefined) {
    total = new Total();
    metrics.totals.set(key, total);
  }
  total.merge(from);
}

/** Adds `n` to the count `key` of `metrics`, which exists afterwards. */
export function addCount(metrics: Metrics, key: string, n: number): void {
  metrics.counts.set(key, (metrics.counts.get(key) ?? 0) + n);
}

/** The metrics of several listeners or several runs, together. The arguments are not changed. */
export function mergeMetrics(parts: Iterable<Metrics>): Metrics {
  const merged = emptyMetrics();
  for (const part of parts) {
    for (const [key, histogram] of part.histograms) addSamples(merged, key, histogram);
    for (const [key, ages] of part.open) addOpen(merged, key, ages);
    for (const [key, total] of part.totals) addTotal(merged, key, total);
    for (const [key, n] of part.counts) addCount(merged, key, n);
  }
  return merged;
}

/** The entries of a map in the order of their keys' code units, which no locale changes. */
export function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * The distribution of `name` over all samples with these tags, merged from the keys that have the most tags: the others are
 * subsets that hold the same samples again. Samples that the vocabulary sets aside are among them only where the tags name them. Empty when
 * there are none.
 */
export function samplesWhere(metrics: Metrics, name: string, tags: Tags): Histogram {
  const merged = new Histogram();
  for (const [, histogram] of fullKeys(metrics.histograms, name, tags)) merged.merge(histogram);
  return merged;
}

/** The ages of the samples that have not ended, over everything with these tags. See {@link samplesWhere}. */
export function openWhere(metrics: Metrics, name: string, tags: Tags): Histogram {
  const merged = new Histogram();
  for (const [, ages] of fullKeys(metrics.open, name, tags)) merged.merge(ages);
  return merged;
}

/** The count of `name`, or of the times summed up in it, over everything with these tags; 0 when there is nothing. See {@link samplesWhere}. */
export function countWhere(metrics: Metrics, name: string, tags: Tags): number {
  let n = totalWhere(metrics, name, tags).count;
  for (const [, count] of fullKeys(metrics.counts, name, tags)) n += count;
  return n;
}

/** The times summed up as `name` over everything with these tags. See {@link samplesWhere}. */
export function totalWhere(metrics: Metrics, name: string, tags: Tags): Total {
  const all = new Total();
  for (const [, total] of fullKeys(metrics.totals, name, tags)) all.merge(total);
  return all;
}

/** The values that `tag` takes in the keys of the distribution `name` that have these tags, sorted. */
export function tagValues(metrics: Metrics, name: string, tag: string, tags: Tags): string[] {
  const values = new Set<string>();
  for (const [key] of fullKeys(metrics.histograms, name, tags)) {
    const value = key.tags[tag];
    if (value !== undefined) values.add(value);
  }
  return [...values].sort();
}

function fullKeys<T>(map: ReadonlyMap<string, T>, name: string, tags: Tags): [MetricName, T][] {
  const prefix = `${name}{`;
  let most = 0;
  let found: [MetricName, T][] = [];
  for (const [text, value] of map) {
    if (text !== name && !text.startsWith(prefix)) continue;
    const key = parseMetricKey(text);
    const size = Object.keys(key.tags).length;
    if (size < most) continue;
    if (size > most) found = [];
    most = size;
    found.push([key, value]);
  }
  const aside = setAside[name] ?? {};
  const isAside = (key: MetricName): boolean =>
    Object.entries(aside).some(([tag, values]) => tags[tag] === undefined && values.includes(key.tags[tag] ?? ""));
  return found.filter(([key]) => Object.keys(tags).every((tag) => key.tags[tag] === tags[tag]) && !isAside(key));
}
