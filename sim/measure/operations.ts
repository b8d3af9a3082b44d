import type { SpanListener } from "../spans/paired.ts";
import type { Operation, SpanHears } from "../spans/span.ts";
import type { Hears } from "../trace/trace.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addOpen, addSamples, emptyMetrics, type Metrics, metricKey } from "./metrics/metrics.ts";
import { Tally } from "./tally.ts";
import { metric, type MetricDeclarations } from "./metrics/declaration.ts";

/** What it gives. */
export const operationMetrics: MetricDeclarations = {
  "op.latency": metric("duration", ["op", "role"], "A whole operation that succeeded, from its intended start."),
  "op.count": metric("count", ["op", "role"], "Operations that ended well."),
  "op.failed": metric("count", ["op", "role"], "Operations that ended with an error."),
  "op.missed": metric(
    "count",
    ["op", "role"],
    "Slots of a schedule that were skipped because the last operation was still running.",
  ),
  "op.open": metric("count", ["op", "role"], "Operations that had not ended when the run did."),
  "gup.call": metric("count", ["call", "site"], "How often a site called each function of the get_user_pages family."),
  "gup.result": metric("count", ["errno", "site"], "How calls of get_user_pages ended: an errno, or none."),
  "gup.retry": metric(
    "count",
    ["n", "site"],
    "Pages asked for again after VM_FAULT_RETRY, by the number of the retry.",
    "v4.0 mm/gup.c",
  ),
  "fault.kind": metric("count", ["kind", "mm"], "Faults by kind: of what, minor or major, with or without a retry."),
  "apf.not_present": metric(
    "count",
    ["how"],
    "Async page faults: the guest was told that a page is not there, or the vcpu was halted.",
    "v3.17 virt/kvm/async_pf.c",
  ),
  "apf.ready": metric("count", [], "Async page faults whose page is there now.", "v3.17 virt/kvm/async_pf.c"),
  section_lost: metric("count", ["site"], "Critical sections of callers that a drop of the lock interrupted."),
  bug: metric("count", ["assertion", "site"], "Kernel assertions that ended a task."),
};

const errnoNames: Readonly<Record<number, string>> = {
  4: "EINTR",
  11: "EAGAIN",
  12: "ENOMEM",
  14: "EFAULT",
  16: "EBUSY",
  22: "EINVAL",
  133: "EHWPOISON",
  512: "ERESTARTSYS",
};

/**
 * What became of the operations of the roles, and of the gup calls, faults and async page faults inside them.
 *
 * `op.latency{op,role}`, and {role} over all its ops, is a whole operation that succeeded, from its intended start: an
 * operation that begins late because the one before took long has waited too. `op.open` are the operations that had not
 * ended when the run did: right-censored in the latency, by their age since their intended start.
 */
export class Operations implements SpanListener {
  readonly spans: SpanHears = {
    operationEnded: (operation, done, now) => this.ended(operation, done, now),
    stillOpen: {
      operation: ({ task: { role }, op, intended }, now) => {
        this.stillOpen.add(role, op, 1);
        histogramIn(this.ages, role, op).record(Math.max(0, now - intended));
      },
    },
  };
  readonly hears: Hears = {
    op_missed: (e, tasks) => this.missed.add(tasks[e.task]?.role ?? "", e.op, e.missed),
    gup_begin: (e) => this.calls.add(e.func, e.site, 1),
    gup_end: (e) => this.results.add(e.site, e.result < 0 ? errnoName(-e.result) : "none", 1),
    gup_retry: (e) => this.retries.add(e.site, String(e.n), 1),
    fault_end: (e) => this.faults.add(e.mm, e.fault, 1),
    kvm_async_pf_not_present: (e) => this.notPresent.add(e.how, "", 1),
    kvm_async_pf_ready: () => this.ready.add("", "", 1),
    section_lost: (e) => this.sectionsLost.add(e.site, "", 1),
    bug: (e) => this.bugs.add(e.site, e.assertion, 1),
  };
  private readonly latencies = new Map<string, Map<string, Histogram>>();
  private readonly ages = new Map<string, Map<string, Histogram>>();
  private readonly stillOpen = new Tally("op.open", "role", "op");
  private readonly done = new Tally("op.count", "role", "op");
  private readonly failed = new Tally("op.failed", "role", "op");
  private readonly missed = new Tally("op.missed", "role", "op");
  private readonly calls = new Tally("gup.call", "call", "site");
  private readonly results = new Tally("gup.result", "site", "errno");
  private readonly retries = new Tally("gup.retry", "site", "n");
  private readonly faults = new Tally("fault.kind", "mm", "kind");
  private readonly notPresent = new Tally("apf.not_present", "how", "");
  private readonly ready = new Tally("apf.ready", "", "");
  private readonly sectionsLost = new Tally("section_lost", "site", "");
  private readonly bugs = new Tally("bug", "site", "assertion");

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const [role, ops] of this.latencies) {
      for (const [op, histogram] of ops) {
        addSamples(metrics, metricKey("op.latency", { op, role }), histogram);
        addSamples(metrics, metricKey("op.latency", { role }), histogram);
      }
    }
    for (const [role, ops] of this.ages) {
      for (const [op, ages] of ops) {
        for (const tags of [{ op, role }, { role }]) {
          addSamples(metrics, metricKey("op.latency", tags), null);
          addOpen(metrics, metricKey("op.latency", tags), ages);
        }
      }
    }
    for (const tally of [this.done, this.failed, this.missed, this.stillOpen, this.calls, this.results, this.retries]) {
      tally.addTo(metrics);
    }
    for (const tally of [this.faults, this.notPresent, this.ready, this.sectionsLost, this.bugs]) {
      tally.addTo(metrics);
    }
    return metrics;
  }

  private ended({ task: { role }, op, intended }: Operation, done: boolean, now: number): void {
    if (!done) {
      this.failed.add(role, op, 1);
      return;
    }
    this.done.add(role, op, 1);
    histogramIn(this.latencies, role, op).record(now - intended);
  }
}

function histogramIn(roles: Map<string, Map<string, Histogram>>, role: string, op: string): Histogram {
  let ops = roles.get(role);
  if (ops === undefined) {
    ops = new Map();
    roles.set(role, ops);
  }
  let histogram = ops.get(op);
  if (histogram === undefined) {
    histogram = new Histogram();
    ops.set(op, histogram);
  }
  return histogram;
}

function errnoName(errno: number): string {
  return errnoNames[errno] ?? String(errno);
}
