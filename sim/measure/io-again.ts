import type { SlotListener } from "../trace/slots.ts";
import type { SavedEvent } from "../trace/event.ts";
import { emptyMetrics, type Metrics } from "./metrics/metrics.ts";
import { Tally } from "./tally.ts";

/** The highest n that is counted: whoever is polite for ever may read a page without end. */
const longest = 17;

/**
 * How often one call of get_user_pages had to read the same page.
 *
 * `gup.io{n,site}`: pages that a call submitted an n-th read for, n up to 17. The share of n = 2 in n = 1 is the chance that a page which
 * was waited for is gone again when the call looks; of n = 3 in n = 2, that it is gone once more.
 */
export class IoAgain implements SlotListener {
  private readonly reads = new Tally("gup.io", "site", "n");
  /** Reads by page of the call under way, by task; null outside a call. */
  private readonly calls: (Map<number, number> | null)[] = [];

  event(e: SavedEvent): void {
    if (e.kind === "gup_begin") this.calls[e.task] = new Map();
    else if (e.kind === "gup_end") this.calls[e.task] = null;
    else if (e.kind === "fault_end" && e.label.includes("-major")) this.read(e);
  }

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    this.reads.addTo(metrics);
    return metrics;
  }

  private read(e: SavedEvent): void {
    const call = this.calls[e.task];
    if (call === undefined || call === null) return;
    const n = (call.get(e.value) ?? 0) + 1;
    call.set(e.value, n);
    if (n <= longest) this.reads.add(e.site, String(n), 1);
  }
}
