import { aggregateNames, parseStatistic, type Statistic } from "../../../sim/study/statistic.ts";
import { UsageError } from "../exit-codes.ts";

/** Reads `METRIC:STAT`. @throws UsageError for what is neither a metric's key nor a statistic. */
export function parseColumn(text: string): Statistic {
  const [, metric = "", stat = ""] = /^(.+):([a-z0-9_.]+)$/.exec(text) ?? [];
  try {
    return parseStatistic(metric, stat);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`--metric ${text}: expected METRIC:STAT, STAT one of ${aggregateNames}`);
  }
}
