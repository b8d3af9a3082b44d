/** What converting a site, or making the IO faster that it waits for, would change: which runs that takes, and what they say. */
import { type Metrics, samplesWhere, tagValues } from "../measure/metrics/metrics.ts";
import type { Scenario } from "../scenario.ts";
import { type Interval, meanInterval } from "./statistics.ts";

/** IO that a converted site lets go of the lock for. */
const deviceIo = ["swap", "file", "fuse", "userfault"];

/** A site that holds the lock across IO. `hold_io_ns`: so much in all, a second of simulated time. */
export interface HoldingSite {
  readonly site: string;
  readonly hold_io_ns: number;
  /** There is a new function that it can call. */
  readonly convertible: boolean;
}

/**
 * The scenario with these sites converted and no others. A `gup_caller` in the form before the patch takes the merged form when its
 * site is converted.
 */
export function withConverted(scenario: Scenario, sites: readonly string[]): Scenario {
  const tasks = Object.entries(scenario.tasks).map(([name, group]): [string, typeof group] =>
    group.role === "gup_caller" && group.form === "before" && sites.includes(group.site)
      ? [name, { ...group, form: "merged" }]
      : [name, group],
  );
  return { ...scenario, converted: sites, tasks: Object.fromEntries(tasks) };
}

/** The scenario with the IO that `site` waits for `factor` times faster. */
export function withFasterIo(scenario: Scenario, site: string, factor: number): Scenario {
  return { ...scenario, io_speedup: { ...scenario.io_speedup, [site]: factor } };
}

/**
 * The sites that hold the lock across device IO in a run, longest first. One can be converted when it calls
 * `get_user_pages_unlocked`, which an unconverted site does as down_read, get_user_pages, up_read; or when it would in its merged form.
 *
 * @param merged the sites whose merged form calls a new function.
 */
export function holdingSites(
  scenario: Scenario,
  metrics: Metrics,
  simulated_ns: number,
  merged: ReadonlySet<string>,
): HoldingSite[] {
  const before = Object.values(scenario.tasks).flatMap((group) =>
    group.role === "gup_caller" && group.form === "before" && merged.has(group.site) ? [group.site] : [],
  );
  const converted = scenario.converted ?? [];
  return tagValues(metrics, "mmap_sem.hold_io", "site", {})
    .map((site): HoldingSite => {
      const held = deviceIo.reduce(
        (sum, name) => sum + samplesWhere(metrics, "mmap_sem.hold_io", { class: name, site }).sum,
        0,
      );
      const calls = metrics.counts.get(`gup.call{call=get_user_pages_unlocked,site=${site}}`) ?? 0;
      const convertible = !converted.includes(site) && (calls > 0 || before.includes(site));
      return { site, hold_io_ns: (held * 1e9) / simulated_ns, convertible };
    })
    .filter(({ hold_io_ns }) => hold_io_ns > 0)
    .sort((a, b) => b.hold_io_ns - a.hold_io_ns);
}

/** What a change does to the objective: its mean over the seeds, and the change seed by seed with its 95 % interval. */
export interface Effect {
  readonly objective: number;
  readonly change: Interval;
  /** True when the interval excludes 0: with these seeds the change is no chance. */
  readonly is_certain: boolean;
}

/** The effect of a change. Values are of the same seeds in the same order, at least one. */
export function effectOf(before: readonly number[], after: readonly number[]): Effect {
  const change = meanInterval(
    after.map((value, i) => value - (before[i] as number)),
    confidence,
  );
  return { objective: mean(after), change, is_certain: excludesZero(change) };
}

const confidence = 0.95;

/** What two changes lower the objective by together, beyond what each does alone, added up. */
export interface Interaction {
  /** Above 0: together they give more than the sum; below: less. */
  readonly surplus: Interval;
  /** Null where that may be chance. */
  readonly together: "more" | "less" | null;
}

/** The interaction of two changes, seed by seed. */
export function interactionOf(
  base: readonly number[],
  a: readonly number[],
  b: readonly number[],
  both: readonly number[],
): Interaction {
  const surplus = meanInterval(
    base.map((value, i) => (a[i] as number) + (b[i] as number) - value - (both[i] as number)),
    confidence,
  );
  if (!excludesZero(surplus)) return { surplus, together: null };
  return { surplus, together: surplus.point > 0 ? "more" : "less" };
}

/** The mean of values, at least one. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One seed alone proves nothing. */
function excludesZero({ low, high, n }: Interval): boolean {
  return n > 1 && (low > 0 || high < 0);
}
