import { type RowChoice, rowOrders } from "../../../reports/text/screen/rows.ts";
import { choice, flag, type Values, values } from "../options.ts";

/** What the commands that show a study print it as, by the word after `--format`; the first is the default. */
export const studyFormatNames = ["text", "md", "csv", "json", "ndjson"] as const;

/** Whose look a text has. */
const looks = ["gupsim", "lock_stat", "perf"] as const;

/** How a text is printed. */
export const fullOption = flag("the whole report instead of one screen");

/** What the commands that show a study take to choose what is seen. */
export const viewOptions = {
  full: fullOption,
  as: choice(looks, "gupsim", "the look of the text: /proc/lock_stat, or perf lock contention"),
  metric: values("METRIC to show: 'mmap_sem.hold{mode=R}'; repeat for more"),
  role: values("show the rows of this role; repeat for more"),
  site: values("show the rows of this call site; repeat for more"),
  sort: choice(rowOrders, "matters", "the order of the rows"),
};

/** What was given of them. */
export type ViewOptions = Values<typeof viewOptions>;

/** The rows that were asked for. `METRIC:STAT` is taken as its metric, `mmap_lock.…` as `mmap_sem.…`. */
export function rowChoice({ metric, role, site, sort }: ViewOptions): RowChoice {
  const metrics = metric.map((text) => text.replace(/:[a-z0-9_.]+$/, "").replace(/^mmap_lock\./, "mmap_sem."));
  return { metrics, roles: role, sites: site, sort };
}
