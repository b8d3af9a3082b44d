import type { SpanListener } from "../../spans/paired.ts";
import type { Hold, SpanHears, Wait } from "../../spans/span.ts";
import type { TaskInfo } from "../../trace/trace.ts";
import { BlameLedger, type WaitSink } from "../blame/blame.ts";
import { addCount, addTotal, emptyMetrics, type Metrics, metricKey, Total } from "../metrics/metrics.ts";
import type { Charge, ChargedWait, Doing } from "../window/window.ts";
import { Contended } from "./contended.ts";

/** Longer than a task takes to wake up, ns: a free lock for so long had somebody else. A guess: see docs/TRACES.md. */
const longestWakeUp = 1_000_000;

/** What a recording of a real kernel calls who is not in it. */
const outside = "not in this trace";

/** The waits of one kind of task at one lock. */
interface Waiters {
  readonly mm: string;
  readonly mode: string;
  readonly role: string;
  readonly site: string;
  contentions: number;
  /** Who was to blame, by texts that tell them apart. */
  readonly blamed: Map<
    string,
    { readonly charge: Charge; readonly holder: string; readonly carrier: string; readonly total: Total }
  >;
}

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
  private readonly sink: WaitSink | null;
  private readonly waiters = new Map<string, Waiters>();
  private last: Waiters | null = null;
  private isContended = false;

  /** @param tasks all so far. @param sink hears of each wait with its charges. */
  constructor(tasks: () => readonly TaskInfo[], sink: WaitSink | null = null) {
    this.tasks = tasks;
    this.sink = sink;
    this.ledger = new BlameLedger((wait) => this.charged(wait));
    this.parts = [this.ledger];
    this.spans = { ...this.contended.spans, waitEnded: (wait, hold, now) => this.ended(wait, hold, now) };
  }

  /** Does the recording say who slept? */
  get knowsWhoSlept(): boolean {
    return this.contended.slept > 0;
  }

  /** `mmap_sem.blame`, and `mmap_sem.contentions` by mode, role and site. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const { mm, mode, role, site, contentions, blamed } of this.waiters.values()) {
      for (const tags of [{ mode }, { mode, role }, { mm, mode, role, site }]) {
        addCount(metrics, metricKey("mmap_sem.contentions", tags), contentions);
      }
      for (const { charge, holder, carrier, total } of blamed.values()) {
        const { holderMode, holderSite, cause } = charge;
        const tags = {
          ...{ mm, mode, role, site, carrier },
          holder_mode: holderMode === "" ? "none" : holderMode,
          holder_role: holder,
          holder_site: holderSite,
          cause: causeOf(cause, holderMode),
        };
        addTotal(metrics, metricKey("mmap_sem.blame", tags), total);
      }
    }
    return metrics;
  }

  /** Told before the ledger's own end of the wait. */
  private ended(wait: Wait, hold: Hold, now: number): void {
    this.isContended = this.contended.was(wait, hold, now);
    if (this.isContended) this.waitersOf(hold.at.task.role, hold.at.lock.mm, hold.mode, hold.site).contentions++;
  }

  private charged(wait: ChargedWait): void {
    const { task, mm, mode, site, from, to } = wait;
    const charges = this.isContended
      ? wait.charges.map((charge, i) => told(charge, wait.charges[i - 1]))
      : [{ ...nobody, from, to, holder: task, holderSite: site, cause: "start-to-return" as const }];
    const waiters = this.waitersOf(this.roleOf(task), mm, mode, site);
    for (const charge of charges) this.enter(waiters, charge);
    this.sink?.({ ...wait, charges });
  }

  private enter({ blamed }: Waiters, charge: Charge): void {
    const { from, to, holder, holderMode, holderSite, cause, carrier, carrierSite } = charge;
    const by = this.roleOf(holder);
    const behind = carrier < 0 ? "none" : carrierSite === "" ? this.roleOf(carrier) : carrierSite;
    const key = `${by}\t${holderMode}\t${holderSite}\t${cause}\t${behind}`;
    let found = blamed.get(key);
    if (found === undefined) {
      found = { charge, holder: by, carrier: behind, total: new Total() };
      blamed.set(key, found);
    }
    found.total.add(to - from);
  }

  private roleOf(nr: number): string {
    return nr < 0 ? outside : (this.tasks()[nr]?.role ?? "");
  }

  private waitersOf(role: string, mm: string, mode: string, site: string): Waiters {
    const { last } = this;
    if (last !== null && last.mm === mm && last.role === role && last.mode === mode && last.site === site) return last;
    const key = `${mm}\t${mode}\t${role}\t${site}`;
    let found = this.waiters.get(key);
    if (found === undefined) {
      found = { mm, mode, role, site, contentions: 0, blamed: new Map() };
      this.waiters.set(key, found);
    }
    this.last = found;
    return found;
  }
}

/** A charge to nobody. */
const nobody = { holderMode: "", carrier: -1, carrierSite: "" } as const;

/** A charge of a wait that somebody kept waiting. @param before the charge before it. */
function told(charge: Charge, before: Charge | undefined): Charge {
  if (charge.holderMode !== "") return charge;
  const followsRelease = before !== undefined && before.holderMode !== "";
  if (followsRelease && charge.to - charge.from <= longestWakeUp) return charge;
  return { ...charge, holder: -1, holderSite: "", cause: "not-in-trace" };
}

/** A recording of lock events alone does not say that a holder was on a CPU: it had the lock, that is all. */
function causeOf(cause: Doing, holderMode: string): string {
  return holderMode !== "" && cause === "cpu" ? "holds" : cause;
}
