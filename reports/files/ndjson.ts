import { parseMetricKey, sorted } from "../../sim/measure/metrics/metrics.ts";
import type { ReportData } from "../documents/report-data.ts";
import { distributions, summarize } from "../words/metric-summary.ts";

/**
 * Every metric of every variant as a line of JSON: scenario, variant, metric, tags, unit of its statistics (`ns` or `1`), statistics.
 * A statistic that does not exist is null; `open` and `at_most` are of samples that had not ended. Metrics with fewer tags are of all the others together.
 */
export function metricsNdjson({ scenario, variants }: ReportData): string {
  return variants
    .flatMap(({ outcome: { variant, metrics } }) => {
      const line = (key: string, unit: string, stats: object): string => {
        const { name: metric, tags } = parseMetricKey(key);
        return `${JSON.stringify({ scenario: scenario.name, variant, metric, tags, unit, ...stats })}\n`;
      };
      return [
        ...sorted(new Map(distributions(metrics))).map(([key, samples]) => {
          const { unit, ...stats } = summarize(samples);
          return line(key, unit, stats);
        }),
        ...sorted(metrics.totals).map(([key, { count, sum, max }]) => line(key, "ns", { count, sum, max })),
        ...sorted(metrics.counts).map(([key, count]) => line(key, "1", { count })),
      ];
    })
    .join("");
}
