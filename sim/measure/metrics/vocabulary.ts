/** The metrics that a run can have, by name: what tags each has, and whether it is a distribution of durations, a sum of them or a count. */

/** One metric. */
export interface MetricKind {
  readonly kind: "duration" | "total" | "count";
  readonly tags: readonly string[];
  /** Values of a tag that stand on their own: they are in nothing that does not name the tag. */
  readonly aside?: Readonly<Record<string, readonly string[]>>;
}

const lock = ["mm", "mode", "role", "site"];

/** All of them. */
export const metricVocabulary: Readonly<Record<string, MetricKind>> = {
  "mmap_sem.hold": { kind: "duration", tags: lock },
  "mmap_sem.wait": { kind: "duration", tags: lock },
  "mmap_sem.grant_delay": { kind: "duration", tags: lock },
  "mmap_sem.hold_io": {
    kind: "duration",
    tags: [...lock, "class"],
    // The holder waits for memory or for its turn, not for its own page.
    aside: { class: ["throttle", "reclaim"] },
  },
  "mmap_sem.blame": {
    kind: "total",
    tags: [...lock, "carrier", "cause", "holder_mode", "holder_role", "holder_site"],
  },
  "mmap_sem.convoy": { kind: "total", tags: ["mm", "peak", "site"] },
  "mmap_sem.convoy_wait": { kind: "total", tags: ["mm", "site"] },
  "mmap_sem.convoy_hold": { kind: "total", tags: ["mm", "site"] },
  "mmap_sem.convoy_drain": { kind: "total", tags: ["mm", "site"] },
  "mmap_sem.contentions": { kind: "count", tags: lock },
  "mmap_sem.hold_open": { kind: "count", tags: lock },
  "mmap_sem.wait_open": { kind: "count", tags: lock },
  "mmap_sem.tryfail": { kind: "count", tags: ["mm", "role", "site"] },
  "op.latency": { kind: "duration", tags: ["op", "role"] },
  "op.count": { kind: "count", tags: ["op", "role"] },
  "op.failed": { kind: "count", tags: ["op", "role"] },
  "op.missed": { kind: "count", tags: ["op", "role"] },
  "op.open": { kind: "count", tags: ["op", "role"] },
  "gup.call": { kind: "count", tags: ["call", "site"] },
  "gup.result": { kind: "count", tags: ["errno", "site"] },
  "gup.retry": { kind: "count", tags: ["n", "site"] },
  "gup.io": { kind: "count", tags: ["n", "site"] },
  "fault.kind": { kind: "count", tags: ["kind", "mm"] },
  "apf.not_present": { kind: "count", tags: ["how"] },
  "apf.ready": { kind: "count", tags: [] },
  section_lost: { kind: "count", tags: ["site"] },
  bug: { kind: "count", tags: ["assertion", "site"] },
  "vma_lock.hold": { kind: "duration", tags: ["mm", "role"] },
  "vma_lock.wait": { kind: "duration", tags: ["mm", "role", "site"] },
  "vma_lock.fallback": { kind: "count", tags: ["mm", "reason"] },
  "sched.delay": { kind: "duration", tags: ["role"] },
  "sched.preempted": { kind: "count", tags: ["role"] },
};
