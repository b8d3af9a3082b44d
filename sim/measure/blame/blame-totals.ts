import type { Mode } from "../../trace/kinds.ts";
import type { Party } from "./blame-lock.ts";
import { addTotal, emptyMetrics, type Metrics, metricKey, Total } from "../metrics/metrics.ts";
import type { Doing } from "../window/window.ts";

interface Entry {
  readonly holder: Party;
  readonly carrier: Party | null;
  readonly doing: Doing;
  ns: number;
}

/** What one wait is charged, by holder, carrier and what the holder was doing. Used again for the next wait. */
export class WaitCharges {
  private readonly entries: Entry[] = [];
  private length = 0;

  /** Adds `ns` of the wait. */
  add(holder: Party, carrier: Party | null, doing: Doing, ns: number): void {
    for (let i = 0; i < this.length; i++) {
      const entry = this.entries[i] as Entry;
      if (entry.holder === holder && entry.carrier === carrier && entry.doing === doing) {
        entry.ns += ns;
        return;
      }
    }
    this.entries[this.length++] = { holder, carrier, doing, ns };
  }

  /** Visits what was added, one call for each distinct blame. */
  forEach(visit: (entry: Readonly<Entry>) => void): void {
    for (let i = 0; i < this.length; i++) visit(this.entries[i] as Entry);
  }

  clear(): void {
    this.length = 0;
  }
}

/** Room for more parties than there are sites times roles. */
const most = 2 ** 16;

/** All that was charged in a run. */
export class BlameTotals {
  private readonly parties: Party[] = [];
  private readonly totals = new Map<number, { waiter: Party; entry: Readonly<Entry>; total: Total }>();
  private readonly doings: Doing[] = [];

  /** The one description of a task's part at a lock, to be compared by reference. */
  party(mm: string, mode: Mode | "", role: string, site: string): Party {
    const known = this.parties.find(
      (one) => one.site === site && one.role === role && one.mode === mode && one.mm === mm,
    );
    if (known !== undefined) return known;
    const party = { nr: this.parties.length, mm, mode, role, site };
    this.parties.push(party);
    return party;
  }

  /** Enters a wait that is over. */
  enter(waiter: Party, charges: WaitCharges): void {
    charges.forEach((entry) => {
      const { holder, carrier, doing, ns } = entry;
      const who = (waiter.nr * most + holder.nr) * most + (carrier === null ? 0 : carrier.nr + 1);
      const key = who * 32 + this.numberOf(doing);
      let found = this.totals.get(key);
      if (found === undefined) {
        found = { waiter, entry, total: new Total() };
        this.totals.set(key, found);
      }
      found.total.add(ns);
    });
  }

  /** `mmap_sem.blame` with all its tags. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    for (const { waiter, entry, total } of this.totals.values()) {
      const { mm, mode, role, site } = waiter;
      const { holder, carrier, doing } = entry;
      const tags = {
        mm,
        mode,
        role,
        site,
        holder_mode: holder.mode === "" ? "none" : holder.mode,
        holder_role: holder.role,
        holder_site: holder.site,
        carrier: carrier === null ? "none" : carrier.site,
        cause: doing,
      };
      addTotal(metrics, metricKey("mmap_sem.blame", tags), total);
    }
    return metrics;
  }

  private numberOf(doing: Doing): number {
    const known = this.doings.indexOf(doing);
    return known >= 0 ? known : this.doings.push(doing) - 1;
  }
}
