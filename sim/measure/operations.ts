import type { SlotListener } from "../trace/slots.ts";
import type { TaskInfo } from "../trace/trace.ts";
import type { SavedEvent } from "../trace/event.ts";
import { Histogram } from "./metrics/histogram.ts";
import { addSamples, emptyMetrics, type Metrics, metricKey } from "./metrics/metrics.ts";
import { Tally } from "./tally.ts";

/** An operation that began and did not end. A vcpu has one for each guest process it runs. */
interface OpenOperation {
  readonly number: number;
  readonly op: string;
  readonly intended: number;
}

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
 * ended when the run did; they have no sample.
 */
export class Operations implements SlotListener {
  private readonly latencies = new Map<string, Map<string, Histogram>>();
  private readonly open: OpenOperation[][] = [];
  private readonly roles: string[] = [];
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

  event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    switch (e.kind) {
      case "op_begin":
        this.openOf(e.task, tasks).push({ number: e.value, op: e.label, intended: e.aux });
        break;
      case "op_end":
        this.ended(e, tasks);
        break;
      case "op_missed":
        this.missed.add(tasks[e.task]?.role ?? "", e.label, e.value);
        break;
      case "gup_begin":
        this.calls.add(e.label, e.site, 1);
        break;
      case "gup_end":
        this.results.add(e.site, e.value < 0 ? errnoName(-e.value) : "none", 1);
        break;
      case "gup_retry":
        this.retries.add(e.site, String(e.value), 1);
        break;
      case "fault_end":
        this.faults.add(e.mm, e.label, 1);
        break;
      case "kvm_async_pf_not_present":
        this.notPresent.add(e.label, "", 1);
        break;
      case "kvm_async_pf_ready":
        this.ready.add("", "", 1);
        break;
      case "section_lost":
        this.sectionsLost.add(e.site, "", 1);
        break;
      case "bug":
        this.bugs.add(e.site, e.label, 1);
        break;
    }
  }

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const [role, ops] of this.latencies) {
      for (const [op, histogram] of ops) {
        addSamples(metrics, metricKey("op.latency", { op, role }), histogram);
        addSamples(metrics, metricKey("op.latency", { role }), histogram);
      }
    }
    const stillOpen = new Tally("op.open", "role", "op");
    this.open.forEach((operations, task) => {
      for (const { op } of operations) stillOpen.add(this.roles[task] ?? "", op, 1);
    });
    for (const tally of [this.done, this.failed, this.missed, stillOpen, this.calls, this.results, this.retries]) {
      tally.addTo(metrics);
    }
    for (const tally of [this.faults, this.notPresent, this.ready, this.sectionsLost, this.bugs]) {
      tally.addTo(metrics);
    }
    return metrics;
  }

  private ended(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const operations = this.openOf(e.task, tasks);
    const index = operations.findIndex((operation) => operation.number === e.value && operation.op === e.label);
    const operation = operations[index];
    // A trace that begins in the middle of an operation shows only its end.
    if (operation === undefined) return;
    operations.splice(index, 1);
    const role = this.roles[e.task] ?? "";
    if (e.aux !== 1) {
      this.failed.add(role, e.label, 1);
      return;
    }
    this.done.add(role, e.label, 1);
    this.latency(role, e.label).record(e.time - operation.intended);
  }

  private openOf(task: number, tasks: readonly TaskInfo[]): OpenOperation[] {
    const known = this.open[task];
    if (known !== undefined) return known;
    while (this.open.length <= task) {
      this.roles.push(tasks[this.open.length]?.role ?? "");
      this.open.push([]);
    }
    return this.open[task] as OpenOperation[];
  }

  private latency(role: string, op: string): Histogram {
    let ops = this.latencies.get(role);
    if (ops === undefined) {
      ops = new Map();
      this.latencies.set(role, ops);
    }
    let histogram = ops.get(op);
    if (histogram === undefined) {
      histogram = new Histogram();
      ops.set(op, histogram);
    }
    return histogram;
  }
}

function errnoName(errno: number): string {
  return errnoNames[errno] ?? String(errno);
}
