import { type SweepColumn, sweepStats } from "../../../reports/files/sweep.ts";
import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import { UsageError } from "../exit-codes.ts";

/** Reads `METRIC:STAT`. @throws UsageError for what is neither a metric's key nor a statistic. */
export function parseColumn(text: string): SweepColumn {
  const [, metric, stat] = /^(.+):([a-z0-9_]+)$/.exec(text) ?? [];
  const known = sweepStats.find((name) => name === stat);
  if (metric === undefined || known === undefined || !isMetricKey(metric)) {
    throw new UsageError(`--metric ${text}: expected METRIC:STAT, STAT one of ${sweepStats.join(", ")}`);
  }
  return { metric, stat: known };
}

function isMetricKey(text: string): boolean {
  try {
    parseMetricKey(text);
    return true;
  } catch {
    return false;
  }
}
