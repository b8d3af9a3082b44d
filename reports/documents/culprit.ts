import { type Metrics, samplesWhere, tagValues, type Tags } from "../../sim/measure/metrics/metrics.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { blameBy, blameRows, holderText } from "./blame.ts";
import { percent } from "../words/shares.ts";

/**
 * Who used most of a budget up, in words that follow "mostly": of a wait, the holder that was waited for and what it did; of a hold, the
 * site and the IO it slept for, or the site alone where most of it is no IO. Only what the tags of the budget are about counts. Null
 * where nothing is known.
 */
export function culprit({ name, tags }: Budget, metrics: Metrics): string | null {
  if (name === "mmap_sem.wait" || name === "op.latency") return waitedFor(tags, metrics);
  if (name === "mmap_sem.hold" || name === "mmap_sem.hold_io") return heldMostly(tags, metrics);
  return null;
}

function waitedFor(tags: Tags, metrics: Metrics): string | null {
  const rows = blameRows(metrics.totals).filter(({ waiter }) => {
    const own: Tags = waiter;
    return Object.entries(tags).every(([tag, value]) => tag === "op" || own[tag] === value);
  });
  const [most] = blameBy(rows, holderText);
  return most === undefined ? null : `${most.what} (${percent(most.share)} of the wait)`;
}

/** `async_pf_execute over swap IO (79 % of the hold)`: the site, and the IO it slept for, of most of the time held; null without a hold. */
export function heldMostly({ class: _, ...tags }: Tags, metrics: Metrics): string | null {
  const all = samplesWhere(metrics, "mmap_sem.hold", tags).sum;
  const sites = parts(metrics, "mmap_sem.hold", "site", tags);
  const overIo = sites.flatMap(({ what, where }) =>
    parts(metrics, "mmap_sem.hold_io", "class", where).map((io) => ({ ...io, what: `${what} over ${io.what} IO` })),
  );
  const isIo = overIo.reduce((sum, io) => sum + io.sum, 0) >= all / 2;
  const [most] = (isIo ? overIo : sites).sort((a, b) => b.sum - a.sum);
  return most === undefined || all === 0 ? null : `${most.what} (${percent(most.sum / all)} of the hold)`;
}

/** The sums of a distribution by the values of one tag. */
function parts(
  metrics: Metrics,
  metric: string,
  tag: string,
  tags: Tags,
): { what: string; where: Tags; sum: number }[] {
  return tagValues(metrics, metric, tag, tags).map((value) => {
    const where = { ...tags, [tag]: value };
    return { what: value, where, sum: samplesWhere(metrics, metric, where).sum };
  });
}
