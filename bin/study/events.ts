import { eventText, eventTextHead } from "../../reports/text/experiments/event-text.ts";
import { type SavedEvent, savedEvent } from "../../sim/trace/event.ts";
import { type Hears, hearsAll, type Listener, type TaskInfo } from "../../sim/trace/trace.ts";
import type { Streams } from "../cli/streams.ts";

/** Which events are printed. Times in ns, both ends included; `undefined` for every task, every mm. */
export interface EventFilter {
  readonly from: number;
  readonly to: number;
  readonly task: string | undefined;
  readonly mm: string | undefined;
}

/** Characters of event text that are collected before they are printed. */
const chunk = 1 << 16;

/** Prints the events that pass the filter. */
export class EventPrinter implements Listener {
  readonly hears: Hears = hearsAll((e, tasks) => this.event(savedEvent(e), tasks));
  private readonly streams: Streams;
  private readonly filter: EventFilter;
  private text = "";

  /** @param mms of the scenario. */
  constructor(filter: EventFilter, mms: readonly string[], streams: Streams) {
    this.streams = streams;
    this.filter = filter;
    this.text = `${eventTextHead(mms)}\n`;
  }

  private event(e: SavedEvent, tasks: readonly TaskInfo[]): void {
    const { from, to, task, mm } = this.filter;
    if (e.time < from || e.time > to) return;
    if (task !== undefined && tasks[e.task]?.comm !== task) return;
    if (mm !== undefined && e.mm !== mm) return;
    this.text += `${eventText(e, tasks)}\n`;
    if (this.text.length > chunk) this.flush();
  }

  /** Prints what is collected. */
  flush(): void {
    this.streams.out(this.text);
    this.text = "";
  }
}
