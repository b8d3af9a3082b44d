import type { SpanListener } from "../../spans/paired.ts";
import type { SpanHears } from "../../spans/span.ts";
import type { TaskInfo } from "../../trace/trace.ts";
import { BlameLedger } from "../blame/blame.ts";
import { addCount, addTotal, emptyMetrics, type Metrics, metricKey, Total } from "../metrics/metrics.ts";
import type { Charge, ChargedWait, Doing } from "../window/window.ts";
import { Contended } from "./contended.ts";

/** Longer than a task takes to wake up, ns: a free lock for so long had somebody else. A guess: see docs/TRACES.md. */
const longestWakeUp = 1_000_000;

/** What a recording of a real kernel calls who is not in it. */
const outside = { role: "not in this trace", site: "" } as const;

/**
 * Who made whom wait in a recording, which shows less than a simulated trace: what holders did is not in it, nor who had the lock
 * without being recorded.
 *
 * - A wait that nobody kept waiting ({@link Contended}) is `start-to-return`: the way to the lock, and what the tracer costs.
 * - While nobody in the recording has the lock, for up to 1 ms after a release, the next one is waking up.
 * - Longer, or before the first holder, it is charged to `not in this trace`.
 *
 * `mmap_sem.contentions` counts those who were kept waiting.
 */
export class RecordedBlame implements SpanListener {
  readonly spans: SpanHears;
  readonly parts: readonly SpanListener[];
  private readonly contended = new Contended();
  private readonly ledger: BlameLedger;
  private readonly tasks: () => readonly TaskInfo[];
  private readonly totals = new Map<string, Total>();
  private readonly contentions = new Map<string, number>();
  private isContended = false;

  /** @param tasks all so far. @param sink hears of each wait with its charges. */
  constructor(tasks: () => readonly TaskInfo[], sink: (wait: ChargedWait) => void = () => {}) {
    this.tasks = tasks;
    this.ledger = new BlameLedger((wait) => {
      const charged = { ...wait, charges: wait.charges.map((charge, i) => this.told(charge, wait.charges[i - 1])) };
      this.enter(charged);
      sink(charged);
    });
    this.parts = [this.ledger];
    this.spans = {
      ...this.contended.spans,
      waitEnded: (wait, hold, now) => {
        this.isContended = this.contended.was(wait, hold, now);
        if (!this.isContended) return;
        const { mode, site, at } = hold;
        const key = JSON.stringify([at.lock.mm, mode, at.task.role, site]);
        this.contentions.set(key, (this.contentions.get(key) ?? 0) + 1);
      },
    };
  }

  /** Does the recording say who slept? */
  get knowsWhoSlept(): boolean {
    return this.contended.slept > 0;
  }

  /** `mmap_sem.blame`, and `mmap_sem.contentions` by mode, role and site. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const [key, total] of this.totals) addTotal(metrics, key, total);
    for (const [key, n] of this.contentions) {
      const [mm, mode, role, site] = JSON.parse(key) as [string, string, string, string];
      for (const tags of [{ mode }, { mode, role }, { mm, mode, role, site }]) {
        addCount(metrics, metricKey("mmap_sem.contentions", tags), n);
      }
    }
    return metrics;
  }

  private told(charge: Charge, before: Charge | undefined): Charge {
    if (charge.holderMode !== "") return charge;
    if (!this.isContended) return { ...charge, cause: "start-to-return" };
    const followsRelease = before !== undefined && before.holderMode !== "";
    if (followsRelease && charge.to - charge.from <= longestWakeUp) return charge;
    return { ...charge, holder: -1, holderSite: outside.site, cause: "not-in-trace" };
  }

  private enter({ task, mm, mode, site, charges }: ChargedWait): void {
    const tasks = this.tasks();
    const roleOf = (nr: number): string => (nr < 0 ? outside.role : (tasks[nr]?.role ?? ""));
    const sums = new Map<string, number>();
    for (const { from, to, holder, holderMode, holderSite, cause, carrierSite, carrier } of charges) {
      const key = metricKey("mmap_sem.blame", {
        mm,
        mode,
        role: roleOf(task),
        site,
        holder_mode: holderMode === "" ? "none" : holderMode,
        holder_role: roleOf(holder),
        holder_site: holderSite,
        carrier: carrier < 0 ? "none" : carrierSite === "" ? roleOf(carrier) : carrierSite,
        cause: causeOf(cause, holderMode),
      });
      sums.set(key, (sums.get(key) ?? 0) + to - from);
    }
    for (const [key, ns] of sums) {
      const total = this.totals.get(key) ?? new Total();
      this.totals.set(key, total);
      total.add(ns);
    }
  }
}

/** A recording of lock events alone does not say that a holder was on a CPU: it had the lock, that is all. */
function causeOf(cause: Doing, holderMode: string): string {
  return holderMode !== "" && cause === "cpu" ? "holds" : cause;
}
