import { countWhere, type Metrics, parseMetricKey, sorted } from "../../sim/measure/metrics/metrics.ts";
import { formatCount } from "./format-duration.ts";
import { plural } from "./sentences.ts";

const counts = { "op.failed": "failed", "op.missed": "slots missed", "op.open": "not ended" } as const;
const operationNames = ["op.failed", "op.missed", "op.open"] as const;

/**
 * What did not go well, a sentence each: operations that failed, that had no time to begin or had not ended, and locks that somebody still
 * had or waited for when the run ended. Empty when there is nothing.
 */
export function unfinishedLines(metrics: Metrics): string[] {
  const operations = operationNames.flatMap((name) => operationLine(metrics, name) ?? []);
  const holds = countWhere(metrics, "mmap_sem.hold_open", {});
  const waits = countWhere(metrics, "mmap_sem.wait_open", {});
  if (holds + waits === 0) return operations;
  return [...operations, `at the end ${plural(holds, "hold")} and ${plural(waits, "wait")} of mmap_sem had not ended`];
}

/** `operations failed: kvm_vcpu touch 12 of 1,234`; null where there are none. */
export function operationLine(metrics: Metrics, name: keyof typeof counts): string | null {
  const found = sorted(metrics.counts).flatMap(([key, n]) => {
    const { name: own, tags } = parseMetricKey(key);
    if (own !== name || tags.op === undefined || n === 0) return [];
    const of = tags.op === tags.role ? tags.op : `${tags.role} ${tags.op}`;
    return [`${of} ${formatCount(n)}${name === "op.failed" ? ofAll(metrics, tags, n) : ""}`];
  });
  return found.length === 0 ? null : `operations ${counts[name]}: ${found.join(", ")}`;
}

/** `no operation ended of kvm_vcpu touch`: of roles that began some, and neither did one nor failed; null where there are none. */
export function stuckLine(metrics: Metrics): string | null {
  const stuck = sorted(metrics.counts).flatMap(([key, n]) => {
    const { name, tags } = parseMetricKey(key);
    const { op, role } = tags;
    if (name !== "op.open" || n === 0 || op === undefined || role === undefined) return [];
    const over = countWhere(metrics, "op.count", { op, role }) + countWhere(metrics, "op.failed", { op, role });
    return over > 0 ? [] : [op === role ? op : `${role} ${op}`];
  });
  return stuck.length === 0 ? null : `no operation ended of ${stuck.join(", ")}`;
}

/** ` of 1,234` operations that were over. */
function ofAll(metrics: Metrics, { op = "", role = "" }: Readonly<Record<string, string>>, failed: number): string {
  return ` of ${formatCount(failed + countWhere(metrics, "op.count", { op, role }))}`;
}
