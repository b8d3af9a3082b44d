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

/** The last call of a task. */
interface Call {
  isUnderWay: boolean;
  /** The pages that it read, and how often each: few, so that looking through them costs less than hashing. */
  readonly pages: number[];
  readonly reads: number[];
}

/**
 * How often one call of get_user_pages had to read the same page.
 *
 * `gup.io{n,site}`: pages that a call submitted an n-th read for, n up to 17. The share of n = 2 in n = 1 is the chance that a page which
 * was waited for is gone again when the call looks; of n = 3 in n = 2, that it is gone once more.
 */
export class IoAgain implements SpanListener {
  readonly hears: Hears = {
    gup_begin: ({ task }) => this.begins(task),
    gup_end: ({ task }) => {
      const call = this.calls[task];
      if (call !== undefined) call.isUnderWay = false;
    },
    fault_end: (e) => this.faulted(e),
  };
  private readonly reads = new Tally("gup.io", "site", "n");
  /** By task. */
  private readonly calls: Call[] = [];

  /** Everything so far. */
  metrics(): Metrics {
    const metrics = emptyMetrics();
    this.reads.addTo(metrics);
    return metrics;
  }

  private begins(task: number): void {
    const call = this.calls[task];
    if (call === undefined) {
      this.calls[task] = { isUnderWay: true, pages: [], reads: [] };
      return;
    }
    call.isUnderWay = true;
    if (call.pages.length === 0) return;
    call.pages.length = 0;
    call.reads.length = 0;
  }

  private faulted({ task, page, fault, site }: EventOf<"fault_end">): void {
    const call = this.calls[task];
    if (call === undefined || !call.isUnderWay || !fault.includes("-major")) return;
    const known = call.pages.indexOf(page);
    const at = known >= 0 ? known : call.pages.push(page) - 1;
    const n = (call.reads[at] ?? 0) + 1;
    call.reads[at] = n;
    if (n <= longest) this.reads.add(site, String(n), 1);
  }
}
