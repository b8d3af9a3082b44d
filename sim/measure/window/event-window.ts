import { Standing } from "../../spans/standing.ts";
import type { SpanListener } from "../../spans/paired.ts";
import { type Hears, hearsAll, type TaskInfo } from "../../trace/trace.ts";
import { type SavedEvent, savedEvent, type TraceEvent } from "../../trace/event.ts";
import { BlameLedger, type WaitSink } from "../blame/blame.ts";
import { CriticalPaths } from "../blame/critical-path.ts";
import type { RunOverview } from "./overview.ts";
import type { ChargedWait, EventWindow, OperationPath } from "./window.ts";

/** Keeps the events of a stretch of a run, what lasted into it, who was to blame for its waits, and where its operations' time went. */
export class WindowRecorder implements SpanListener {
  private readonly from: number;
  private readonly to: number;
  private readonly limit: number;
  private readonly standing = new Standing();
  private readonly events: SavedEvent[] = [];
  private leftOut = 0;
  private readonly waits: ChargedWait[] = [];
  private readonly paths: OperationPath[] = [];
  readonly parts: readonly SpanListener[];
  readonly hears: Hears = hearsAll((e, tasks) => this.event(e, tasks));
  private tasks: readonly TaskInfo[] = [];

  /**
   * @param from, to ns, both included. @param limit of events that are kept. @param ledger who charges the waits, and tells each to the sink.
   */
  constructor(
    from: number,
    to: number,
    limit: number,
    ledger: (sink: WaitSink) => SpanListener = (sink) => new BlameLedger(sink),
  ) {
    this.from = from;
    this.to = to;
    this.limit = limit;
    const overlaps = (wait: ChargedWait): boolean => wait.from <= to && wait.to >= from;
    this.parts = [
      ledger((wait) => void (overlaps(wait) && this.waits.push(wait))),
      new CriticalPaths((path) => void (path.from <= to && path.to >= from && this.paths.push(path))),
    ];
  }

  /**
   * What was kept, once the run is over.
   *
   * @param end of the run, ns: a stretch reaches no further. @param overview of the whole run, null where nobody drew one.
   */
  window(
    scenario: string,
    variant: string,
    seed: string,
    end = Number.POSITIVE_INFINITY,
    overview: RunOverview | null = null,
  ): EventWindow {
    return {
      schema: "gupsim/window/v1",
      scenario,
      variant,
      seed,
      from_ns: this.from,
      to_ns: Math.max(this.from, Math.min(this.to, end)),
      tasks: [...this.tasks],
      before: this.standing.events(),
      events: this.events,
      left_out: this.leftOut,
      waits: this.waits,
      paths: this.paths,
      overview,
    };
  }

  private event(e: TraceEvent, tasks: readonly TaskInfo[]): void {
    this.tasks = tasks;
    if (e.time < this.from) this.standing.add(savedEvent(e));
    else if (e.time > this.to) return;
    else if (this.events.length < this.limit) this.events.push(savedEvent(e));
    else this.leftOut++;
  }
}
