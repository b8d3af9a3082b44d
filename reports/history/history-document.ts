import { changePoints } from "../../sim/study/history/change-points.ts";
import type { HistoryEntry } from "./entry.ts";

/** How often a history in which nothing changed may be said to have changed, all its series together. */
const historyLevel = 0.005;

/** A value of a series and the commit it is of. */
interface HistoryPoint {
  /** The line of the file, from 1. */
  readonly entry: number;
  readonly commit: string | null;
  readonly value: number;
}

/** Where a series changes, from what to what: medians of what lies between two change points. */
export interface HistoryChange extends Omit<HistoryPoint, "value"> {
  readonly from: number;
  readonly to: number;
  /** See ChangePoint in sim/study/history. */
  readonly p: number;
}

/** One statistic of one variant of one scenario over the history. */
export interface HistorySeries {
  readonly scenario: string;
  readonly variant: string;
  /** `METRIC STATISTIC`. */
  readonly statistic: string;
  /** Entries in which it had no sample are left out. */
  readonly points: readonly HistoryPoint[];
  readonly changes: readonly HistoryChange[];
  /** Entries, from 1, at which the scenario, the seeds or gupsim's version are others than at the one before: no change of what is measured alone. */
  readonly differently_measured: readonly number[];
}

/** What `gupsim history --format json` prints. */
export interface HistoryDocument {
  readonly schema: "gupsim/history-report/v1";
  readonly entries: number;
  /** How often a history in which nothing changed may be said to have changed, all its series together. */
  readonly level: number;
  readonly series: readonly HistorySeries[];
}

/** The series of a history with their change points, in the order in which they first appear. */
export function historyDocument(entries: readonly HistoryEntry[]): HistoryDocument {
  const names = new Map<string, Pick<HistorySeries, "scenario" | "variant" | "statistic">>();
  for (const { scenario, variant, values } of entries)
    for (const statistic of Object.keys(values))
      names.set(JSON.stringify([scenario, variant, statistic]), { scenario, variant, statistic });
  // Bonferroni: the promise is about the whole history.
  const level = historyLevel / Math.max(1, names.size);
  return {
    schema: "gupsim/history-report/v1",
    entries: entries.length,
    level: historyLevel,
    series: [...names.values()].map((name) => seriesOf(name, entries, level)),
  };
}

function seriesOf(
  name: Pick<HistorySeries, "scenario" | "variant" | "statistic">,
  entries: readonly HistoryEntry[],
  level: number,
): HistorySeries {
  const own = entries.flatMap((one, i) => {
    const value = one.values[name.statistic] ?? null;
    const isOwn = one.scenario === name.scenario && one.variant === name.variant;
    return isOwn && value !== null ? [{ one, point: { entry: i + 1, commit: one.commit, value } }] : [];
  });
  const points = own.map(({ point }) => point);
  const values = points.map(({ value }) => value);
  const found = changePoints(values, level);
  const changes = found.map(({ at, p }, i): HistoryChange => {
    const { entry, commit } = points[at] as HistoryPoint;
    const [begin, end] = [found[i - 1]?.at ?? 0, found[i + 1]?.at ?? values.length];
    return { entry, commit, from: median(values.slice(begin, at)), to: median(values.slice(at, end)), p };
  });
  const differently_measured = own.flatMap(({ one, point }, i) => {
    const before = own[i - 1]?.one;
    return before === undefined || methodOf(before) === methodOf(one) ? [] : [point.entry];
  });
  return { ...name, points, changes, differently_measured };
}

function methodOf({ scenario_hash, seeds, version }: HistoryEntry): string {
  return JSON.stringify([scenario_hash, seeds, version]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}
