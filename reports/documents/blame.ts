/** The blame ledger of a result, read two ways: who made the waiters wait, and whom each holder made wait. */
import { type Metrics, openWhere, parseMetricKey } from "../../sim/measure/metrics/metrics.ts";
import type { Mode } from "../../sim/trace/kinds.ts";
import { formatDuration } from "../words/format-duration.ts";
import { list, plural } from "../words/sentences.ts";
import { percent } from "../words/shares.ts";

/** One entry of the ledger: waits of one kind that one kind of holder is to blame for. Times in ns. */
export interface BlameRow {
  readonly waiter: { readonly mm: string; readonly mode: Mode; readonly role: string; readonly site: string };
  /** The site of the queued writer behind which readers waited for a reader, `none` without one. */
  readonly carrier: string;
  /** Mode `none`: nobody had the lock, and this task was on its way to it. */
  readonly holder: { readonly mode: Mode | "none"; readonly role: string; readonly site: string };
  /** What the holder was doing meanwhile. */
  readonly cause: string;
  readonly waits: number;
  readonly sum_ns: number;
  readonly max_ns: number;
}

const name = "mmap_sem.blame{";

/** The ledger in the metrics of an outcome (`totals`) or of a saved result (`metrics`), most time first. */
export function blameRows(metrics: Iterable<readonly [string, unknown]>): BlameRow[] {
  const rows: BlameRow[] = [];
  for (const [key, value] of metrics) {
    if (!key.startsWith(name)) continue;
    const { tags } = parseMetricKey(key);
    const tag = (of: string): string => tags[of] ?? "";
    const { count, sum, max } = value as { count: number; sum: number; max: number };
    rows.push({
      waiter: { mm: tag("mm"), mode: tag("mode") as Mode, role: tag("role"), site: tag("site") },
      carrier: tag("carrier"),
      holder: { mode: tag("holder_mode") as Mode | "none", role: tag("holder_role"), site: tag("holder_site") },
      cause: tag("cause"),
      waits: count,
      sum_ns: sum,
      max_ns: max,
    });
  }
  return rows.sort((a, b) => b.sum_ns - a.sum_ns);
}

/** Some rows together: what they have in common, and their share of all. */
export interface BlameGroup {
  readonly what: string;
  readonly sum_ns: number;
  readonly max_ns: number;
  /** 0..1 of the time of all rows. */
  readonly share: number;
}

/** The rows put together by what `of` says of them, most time first. Of all groups the times sum to that of the rows. */
export function blameBy(rows: readonly BlameRow[], of: (row: BlameRow) => string): BlameGroup[] {
  const groups = new Map<string, { sum_ns: number; max_ns: number }>();
  let all = 0;
  for (const row of rows) {
    const group = groups.get(of(row)) ?? { sum_ns: 0, max_ns: 0 };
    group.sum_ns += row.sum_ns;
    group.max_ns = Math.max(group.max_ns, row.max_ns);
    groups.set(of(row), group);
    all += row.sum_ns;
  }
  return [...groups]
    .map(([what, group]) => ({ what, ...group, share: group.sum_ns / all }))
    .sort((a, b) => b.sum_ns - a.sum_ns || (a.what < b.what ? -1 : 1));
}

/** Causes that are time under IO, as people call it. */
export const ioCauses: ReadonlySet<string> = new Set(["swap", "file", "fuse", "userfault", "writeback", "migration"]);

/** What a holder was doing, in words that follow "while": `in swap IO`, `on the CPU`. */
export function doingText(cause: string): string {
  const words: Readonly<Record<string, string>> = {
    cpu: "on the CPU",
    "run-queue": "in the run queue",
    "wake-up": "waking up",
    mmap_sem: "waiting for another mm's lock",
    vma_lock: "waiting for a mapping's readers",
    fuse: "in IO of a FUSE server",
    userfault: "in IO of a userfaultfd server",
    throttle: "throttled",
    reclaim: "in reclaim",
    migration: "waiting for a page that migrates",
    holds: "having it",
  };
  return words[cause] ?? `in ${cause} IO`;
}

/** `swap IO under async_pf_execute`, `vm_munmap on the CPU`: a holder and what it did. */
export function holderText({ holder, cause }: BlameRow): string {
  const site = holder.site === "" ? holder.role : holder.site;
  if (cause === "not-in-trace") return "somebody who is not in this trace";
  if (cause === "start-to-return") return `from start to return in ${site}`;
  if (holder.mode === "none") return `the wake-up of ${site}`;
  return `${site} (-${holder.mode}) ${doingText(cause)}`;
}

/** Why the tasks of a mode waited, as far as their waits were over: of those that were not, how many and how long. */
export function waitSentence(metrics: Metrics, mode: Mode): string {
  const rows = blameRows(metrics.totals);
  const open = openWhere(metrics, "mmap_sem.wait", { mode });
  if (open.count === 0) return blameSentence(rows, mode);
  const who = plural(open.count, mode === "R" ? "reader" : "writer");
  const still = `${who} still waited when the run ended, up to ${formatDuration(open.max)}`;
  if (!rows.some(({ waiter }) => waiter.mode === mode)) return `${still}, and no wait was over`;
  return `${still}; of those whose wait was over, ${blameSentence(rows, mode)}`;
}

/**
 * Why the tasks of a mode waited, in one sentence: how much of it is IO under which sites, carried by which queued writers; or, where
 * little is, what it is instead.
 */
export function blameSentence(rows: readonly BlameRow[], mode: Mode): string {
  const who = mode === "R" ? "reader" : "writer";
  const own = rows.filter(({ waiter }) => waiter.mode === mode);
  const all = own.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
  if (all === 0) return `no ${who} waited`;
  const underIo = own.filter(({ cause, holder }) => ioCauses.has(cause) && holder.mode !== "none");
  const ioShare = underIo.reduce((sum, { sum_ns }) => sum + sum_ns, 0) / all;
  if (ioShare < 0.5) {
    const [first, second] = blameBy(own, holderText);
    const parts = [first, second].flatMap((group) =>
      group === undefined ? [] : [`${percent(group.share)} ${group.what}`],
    );
    return `wait-${mode}, ${formatDuration(all)} in all, is ${parts.join(", ")}`;
  }
  const sites = blameBy(underIo, ({ holder }) => holder.site);
  const carriers = blameBy(underIo, ({ carrier }) => carrier).filter(({ what }) => what !== "none");
  const carried =
    carriers.length === 0 ? "" : `, carried by queued writers in ${list(carriers.map(({ what }) => what))}`;
  const under = list(sites.slice(0, 3).map(({ what, sum_ns }) => `${what} (${percent(sum_ns / all)})`));
  return `${percent(ioShare)} of wait-${mode} is IO under ${under}${carried}`;
}
