import { type MetricName, parseMetricKey, sorted } from "../../sim/measure/metrics/metrics.ts";
import { csvLine } from "./csv-line.ts";
import { distributions, summarize } from "../words/metric-summary.ts";
import type { ReportData } from "../documents/report-data.ts";

/** The tags that have a column of their own; the others share one. */
const tagColumns = ["mm", "mode", "role", "site", "class"] as const;

const head = ["scenario", "variant", "ending", "metric", ...tagColumns, "tags", "stat", "value", "unit"];

/**
 * Every statistic of every metric as CSV (fields quoted as in RFC 4180, lines ended by a newline alone) in the long form, a line each: scenario, variant, how it ended, metric, mm, mode, role, site, class,
 * the remaining tags, statistic, value and unit (`ns` or `1`). A statistic that does not exist has an empty value. Keys with fewer tags
 * are of all the others together: filter by the columns that are empty. `open` is how many samples had not ended: they are in the statistics for
 * as long as their age, the longest of which is `open_max`, so that max, mean and percentiles may only be larger.
 */
export function metricsCsv({ scenario, variants }: ReportData): string {
  const lines = variants.flatMap(({ outcome: { variant, ending, metrics } }) => {
    const line = (key: string, stat: string, value: number | null, unit: string): string =>
      csvLine([
        scenario.name,
        variant,
        ending,
        ...nameFields(parseMetricKey(key)),
        stat,
        value === null ? "" : String(value),
        unit,
      ]);
    return [
      ...distributions(metrics)
        .sort(byKey)
        .flatMap(([key, samples]) => {
          const { unit, count, open, at_most: _, ...durations } = summarize(samples);
          const times = Object.entries(durations).map(([stat, value]) => line(key, stat, value, unit));
          const ages =
            open === undefined ? [] : [line(key, "open", open.count, "1"), line(key, "open_max", open.max, unit)];
          return [line(key, "count", count, "1"), ...times, ...ages];
        }),
      ...sorted(metrics.totals).flatMap(([key, { count, sum, max }]) => [
        line(key, "count", count, "1"),
        line(key, "sum", sum, "ns"),
        line(key, "max", max, "ns"),
      ]),
      ...sorted(metrics.counts).map(([key, count]) => line(key, "count", count, "1")),
    ];
  });
  return `${[csvLine(head), ...lines].join("\n")}\n`;
}

function nameFields({ name, tags }: MetricName): string[] {
  const own: readonly string[] = tagColumns;
  const others = Object.entries(tags).filter(([tag]) => !own.includes(tag));
  return [name, ...tagColumns.map((tag) => tags[tag] ?? ""), others.map(([tag, value]) => `${tag}=${value}`).join(" ")];
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
