/** What a listener measures, declared beside it: budgets, lists, `describe` and `explain` know a metric from here. */

/** One metric. `duration`: a distribution in ns; `total`: a sum of ns with count and maximum; `count`. */
export interface MetricKind {
  readonly kind: "duration" | "total" | "count";
  readonly tags: readonly string[];
  /** What it is, in a sentence or two. */
  readonly says: string;
  /** Where the word and its meaning come from. */
  readonly source: string;
}

/** Metrics by name. */
export type MetricDeclarations = Readonly<Record<string, MetricKind>>;

/** The tags of what is measured at a lock. */
export const lockTags = ["mm", "mode", "role", "site"] as const;

/** Declares one metric. */
export function metric(kind: MetricKind["kind"], tags: readonly string[], says: string, source = "ours"): MetricKind {
  return { kind, tags, says, source };
}

/** Values of a tag that stand on their own: they are in no statistic that does not name the tag. The holder waits for memory or its turn. */
export const setAside: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "mmap_sem.hold_io": { class: ["throttle", "reclaim"] },
};
