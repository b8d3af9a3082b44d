import { type MetricName, parseMetricKey, sorted } from "../../sim/measure/metrics/metrics.ts";
import { csvLine } from "./csv-line.ts";
import { summarize } from "../words/metric-summary.ts";
import type { ReportData } from "../documents/report-data.ts";

/** The tags that have a column of their own; the others share one. */
const tagColumns = ["mm", "mode", "role", "site", "class"] as const;

const head = ["scenario", "variant", "ending", "metric", ...tagColumns, "tags", "stat", "value", "unit"];

/**
 * Every statistic of every metric as CSV (fields quoted as in RFC 4180, lines ended by a newline alone) in the long form, a line each: scenario, variant, how it ended, metric, mm, mode, role, site, class,
 * the remaining tags, statistic, value and unit (`ns` or `1`). A statistic that does not exist has an empty value. Keys with fewer tags
 * are of all the others together: filter by the columns that are empty.
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
      ...sorted(metrics.histograms).flatMap(([key, histogram]) => {
        const { unit, count, ...durations } = summarize(histogram);
        const times = Object.entries(durations).map(([stat, value]) => line(key, stat, value, unit));
        return [line(key, "count", count, "1"), ...times];
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
