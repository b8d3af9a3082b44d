import type { SpanListener } from "../spans/paired.ts";
import type { EventOf } from "../trace/event.ts";
import type { Hears } from "../trace/trace.ts";
import { emptyMetrics, type Metrics } from "./metrics/metrics.ts";
import { Tally } from "./tally.ts";
import { metric, type MetricDeclarations } from "./metrics/declaration.ts";

/** What it gives. */
export const ioAgainMetrics: MetricDeclarations = {
  "gup.io": metric(
    "count",
    ["n", "site"],
    "Pages that one call of get_user_pages submitted an n-th read for; n = 2 is the second IO of the mail.",
  ),
};

/** The highest n that is counted: whoever is polite for ever may read a page without end. */
const longest = 17;

/**
 * How often one call of get_user_pages had to read the same page.
 *
 * `gup.io{n,site}`: pages that a call submitted an n-th read for, n up to 17. The share of n = 2 in n = 1 is the chance that a page which
 * was waited for is gone again when the call looks; of n = 3 in n = 2, that it is gone once more.
 */
export class IoAgain implements SpanListener {
  readonly hears: Hears = {
    gup_begin: ({ task }) => {
      this.calls[task] = new Map();
    },
    gup_end: ({ task }) => {
      this.calls[task] = null;
    },
    fault_end: (e) => {
      if (e.fault.includes("-major")) this.read(e);
    },
  };
  private readonly reads = new Tally("gup.io", "site", "n");
  /** Reads by page of the call under way, by task; null outside a call. */
  private readonly calls: (Map<number, number> | null)[] = [];

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    this.reads.addTo(metrics);
    return metrics;
  }

  private read(e: EventOf<"fault_end">): void {
    const call = this.calls[e.task];
    if (call === undefined || call === null) return;
    const n = (call.get(e.page) ?? 0) + 1;
    call.set(e.page, n);
    if (n <= longest) this.reads.add(e.site, String(n), 1);
  }
}
