/** The blame ledger read the other way: for each site that had the lock, the time that others waited because of it. */
import type { Metrics } from "../../sim/measure/metrics/metrics.ts";
import { blameBy, type BlameGroup, type BlameRow, blameRows } from "../documents/blame.ts";
import { formatDuration } from "../words/format-duration.ts";
import { type Column, textTable } from "../words/text-table.ts";
import { percent } from "../words/shares.ts";

/** The victims of one site. */
export interface VictimRow {
  /** `vm_munmap (-W)`; with `(waking up)` the time in which the lock was free and a task of that site on its way to it. */
  readonly site: string;
  readonly sum_ns: number;
  readonly max_ns: number;
  /** 0..1 of all that was waited. */
  readonly share: number;
  /** Who waited: `proc_reader (-R)`, most time first. Their times sum to that of the row. */
  readonly victims: readonly BlameGroup[];
}

/** Whom each site made wait, most time first. The times of all rows sum to the time of all waits. */
export function victimRows(rows: readonly BlameRow[]): VictimRow[] {
  const site = ({ holder, cause }: BlameRow): string => {
    const name = holder.site === "" ? holder.role : holder.site;
    if (cause === "not-in-trace") return name;
    if (cause === "start-to-return") return `${name} (start to return)`;
    return holder.mode === "none" ? `${name} (waking up)` : `${name} (-${holder.mode})`;
  };
  return blameBy(rows, site).map(({ what, sum_ns, max_ns, share }) => ({
    site: what,
    sum_ns,
    max_ns,
    share,
    victims: blameBy(
      rows.filter((row) => site(row) === what),
      ({ waiter }) => `${waiter.role} (-${waiter.mode})`,
    ),
  }));
}

/** Sites that are shown: the rest is small. */
const most = 8;

const columns: readonly Column<VictimRow>[] = [
  { head: "share", rank: 0, align: "right", cell: ({ share }) => percent(share) },
  { head: "waittime", rank: 0, align: "right", cell: ({ sum_ns }) => formatDuration(sum_ns) },
  { head: "by site", rank: 0, align: "left", cell: ({ site }) => site },
  { head: "mostly of", rank: 1, align: "left", cell: ({ victims }) => victimList(victims.slice(0, 1)) },
  { head: "and of", rank: 2, align: "left", cell: ({ victims }) => victimList(victims.slice(1, 4)) },
];

/** The table of {@link victimRows} for a terminal of `width` columns. Empty when nobody waited. No newline at the end. */
export function victimText(metrics: Metrics, width: number): string {
  const rows = victimRows(blameRows(metrics.totals));
  return rows.length === 0 ? "" : textTable(columns, rows.slice(0, most), width);
}

/** `proc_reader (-R) 60.1 %, kvm_vcpu (-R) 30.0 %`. */
function victimList(victims: readonly BlameGroup[]): string {
  return victims.map(({ what, share }) => `${what} ${percent(share)}`).join(", ");
}
