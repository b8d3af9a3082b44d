import { commonLine } from "./ftrace-line-fast.ts";
import { frameOf, isWrapper } from "./call-site.ts";
import { type LineProblem, type LockLine, parseLockLine } from "./lock-line.ts";

/** What a file had beside the lines that were used. */
export interface FileCounts {
  /** Lines, all of them. */
  lines: number;
  /** Lines of our events that were used. */
  used: number;
  /** Lines of events that are not ours. */
  other_events: number;
  /** Lines whose time lies before that of the line above. */
  out_of_order: number;
  /** Of those, so far back that they could not be put in order: they are missing. */
  too_late: number;
  /** How often the tracer says that it lost events; what spans such a place may be wrong. */
  losses: number;
  /** How many events it says it lost; more when it does not know. */
  lost_events: number;
  /** Events that had a call stack. */
  stacks: number;
}

/** Source: v6.18 kernel/trace/trace.c; trace-cmd's report; perf script --show-lost-events. */
const losses: readonly RegExp[] = [
  /^CPU:\d+ \[LOST (?:(\d+) )?EVENTS\]/,
  /^CPU:\d+ \[(?:(\d+) )?EVENTS DROPPED\]/,
  /\bPERF_RECORD_LOST(?:_SAMPLES)?\s+lost\s+(\d+)/,
];

/** Characters of a bad line that are shown. */
const shown = 60;
/** Bad lines that are told one by one. */
const mostProblems = 100;
/** Lines that are held back so that one that comes late finds its place: more than the CPUs of a trace are apart. */
const heldBack = 1024;

/**
 * The text of one file of a recording, line by line: ftrace, `trace-cmd report` or `perf script`. Gives the lines of our events in order
 * of time, each with the call site where a call stack follows it.
 */
export class RecordingFile {
  readonly counts: FileCounts = {
    lines: 0,
    used: 0,
    other_events: 0,
    out_of_order: 0,
    too_late: 0,
    losses: 0,
    lost_events: 0,
    stacks: 0,
  };
  /** Lines of our events that cannot be read, as `file:line:col: reason: "text"`: the first hundred. */
  readonly problems: string[] = [];
  /** All of them. */
  unreadable = 0;
  private readonly source: string;
  private readonly waiting: LockLine[] = [];
  private last: LockLine | null = null;
  /** The time up to which lines were given. */
  private given: LockLine | null = null;
  private needsSite = false;

  /** @param source the name of the file, for the problems. */
  constructor(source: string) {
    this.source = source;
  }

  /** Takes a line. @param ready lines that are in order now are added here. */
  line(text: string, ready: LockLine[]): void {
    const { counts } = this;
    counts.lines++;
    const common = commonLine(text);
    if (common !== null) {
      this.add(common, ready);
      return;
    }
    if (this.needsSite && this.isFrame(text)) return;
    const lost = lossOf(text);
    if (lost !== null) {
      counts.losses++;
      counts.lost_events += lost;
      return;
    }
    const parsed = parseLockLine(text);
    if (parsed === null) return;
    if (parsed === "other") {
      this.needsSite = false;
      counts.other_events++;
    } else if ("reason" in parsed) this.problem(parsed, text);
    else this.add(parsed, ready);
  }

  /** No line follows. @param ready what was held back is added here. */
  end(ready: LockLine[]): void {
    ready.push(...this.waiting.splice(0));
  }

  private add(line: LockLine, ready: LockLine[]): void {
    const { counts, waiting } = this;
    const isLate = this.last !== null && inTime(this.last, line) > 0;
    if (isLate) counts.out_of_order++;
    if (this.given !== null && inTime(this.given, line) > 0) {
      counts.too_late++;
      return;
    }
    counts.used++;
    this.last = line;
    this.needsSite = true;
    let at = waiting.length;
    while (at > 0 && inTime(waiting[at - 1] as LockLine, line) > 0) at--;
    if (at === waiting.length) waiting.push(line);
    else waiting.splice(at, 0, line);
    if (waiting.length < 2 * heldBack) return;
    for (const one of waiting.splice(0, heldBack)) {
      this.given = one;
      ready.push(one);
    }
  }

  /** Is this a frame of the call stack of the last line? */
  private isFrame(text: string): boolean {
    const frame = frameOf(text);
    if (frame === null) return false;
    const { last } = this;
    if (last === null || isWrapper(frame) || last.site !== "") return true;
    last.site = frame;
    this.counts.stacks++;
    return true;
  }

  private problem({ col, reason }: LineProblem, text: string): void {
    this.unreadable++;
    if (this.problems.length === mostProblems) return;
    const rest = text.slice(col - 1).trim();
    const part = rest.length > shown ? `${rest.slice(0, shown)}…` : rest;
    this.problems.push(`${this.source}:${this.counts.lines}:${col}: ${reason}: "${part}"`);
  }
}

/** Below 0 when `a` is before `b`. */
export function inTime(a: LockLine, b: LockLine): number {
  return a.seconds - b.seconds || a.ns - b.ns;
}

/** How many events are lost here, 0 when the tracer does not know; `null` when this is no such line. */
function lossOf(line: string): number | null {
  if (!line.includes("LOST") && !line.includes("DROPPED")) return null;
  for (const pattern of losses) {
    const match = pattern.exec(line);
    if (match !== null) return Number(match[1] ?? 0);
  }
  return null;
}
