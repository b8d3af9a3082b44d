import type { TaskInfo } from "../sim/trace/trace.ts";
import type { SavedEvent } from "../sim/trace/event.ts";
import { type LineProblem, type LockLine, parseFtraceLine } from "./ftrace-parse-line.ts";
import { LockEdges, type UnmatchedEdges } from "./lock-edges.ts";

/** A recorded trace as events. */
export interface FtraceTrace {
  /**
   * In order of time, ns since `epoch_s`; those of one nanosecond in the order of the text. `mm` is a pointer as the text has it,
   * 16 hex digits; `site` and `label` are "".
   */
  readonly events: readonly SavedEvent[];
  /** The CPU of each event. */
  readonly cpus: readonly number[];
  /** By first appearance; the role is "". */
  readonly tasks: readonly TaskInfo[];
  /** The pid of each task. */
  readonly pids: readonly number[];
  /** The whole second of the tracer's clock in which the first event lies, s. */
  readonly epoch_s: number;
  /** Lines of our events that cannot be read, as `file:line:col: reason: "text"`. They are missing from `events`. */
  readonly problems: readonly string[];
  /** Lines of events that are not ours, contentions of other locks among them. */
  readonly other_events: number;
  /** Lines whose time lies before that of the line above. */
  readonly out_of_order: number;
  /** How often the tracer says that it lost events; what spans such a place may be wrong. */
  readonly losses: number;
  /** How many events it says it lost; more when it does not know. */
  readonly lost_events: number;
  readonly unmatched: UnmatchedEdges;
}

/** Source: v6.18 kernel/trace/trace.c; trace-cmd's report; perf script --show-lost-events. */
const losses: readonly RegExp[] = [
  /^CPU:\d+ \[LOST (?:(\d+) )?EVENTS\]/,
  /^CPU:\d+ \[(?:(\d+) )?EVENTS DROPPED\]/,
  /\bPERF_RECORD_LOST(?:_SAMPLES)?\s+lost\s+(\d+)/,
];

/** Characters of a bad line that are shown. */
const shown = 60;

/**
 * Reads the text of ftrace, `trace-cmd report` or `perf script`: the three mmap_lock events of kernels from v5.11 on, and the
 * contentions of lock:contention_begin and contention_end that lie inside an attempt to take the lock. All bad lines are found in
 * one pass.
 *
 * Nothing is guessed: an edge without another half is an event like the others, and counted. That a shared acquisition is a
 * downgrade is known from the exclusive hold before it and the start that is not there. The text does not say that a failed attempt
 * was given up: the next one of that task and mm, however late, reads as the same wait.
 *
 * @param source the name of the file, for the problems.
 */
export function parseFtrace(text: string, source: string): FtraceTrace {
  const lines: LockLine[] = [];
  const problems: string[] = [];
  let [otherEvents, outOfOrder, lossCount, lostEvents] = [0, 0, 0, 0];
  text.split(/\r?\n/).forEach((line, i) => {
    const lost = lossOf(line);
    if (lost !== null) {
      lossCount++;
      lostEvents += lost;
      return;
    }
    const parsed = parseFtraceLine(line);
    if (parsed === null) return;
    if (parsed === "other") otherEvents++;
    else if ("reason" in parsed) problems.push(problemText(source, i + 1, parsed, line));
    else {
      const last = lines.at(-1);
      if (last !== undefined && inTime(last, parsed) > 0) outOfOrder++;
      lines.push(parsed);
    }
  });
  const paired = pair(lines.sort(inTime));
  return {
    ...paired,
    problems,
    other_events: otherEvents + paired.other_events,
    out_of_order: outOfOrder,
    losses: lossCount,
    lost_events: lostEvents,
  };
}

function pair(
  lines: readonly LockLine[],
): Pick<FtraceTrace, "events" | "cpus" | "tasks" | "pids" | "epoch_s" | "other_events" | "unmatched"> {
  const table = new TaskTable();
  const edges = new LockEdges();
  const events: SavedEvent[] = [];
  const cpus: number[] = [];
  const epoch_s = lines[0]?.seconds ?? 0;
  let other_events = 0;
  for (const line of lines) {
    const e = eventOf(line, table.number(line), (line.seconds - epoch_s) * 1e9 + line.ns);
    if (join(e, line, edges)) {
      events.push(e);
      cpus.push(line.cpu);
    } else {
      other_events++;
    }
  }
  const { tasks, pids } = table;
  return { events, cpus, tasks, pids, epoch_s, other_events, unmatched: edges.unmatched() };
}

/** False when the event is about another lock. */
function join(e: SavedEvent, { kind, pointer, mode }: LockLine, edges: LockEdges): boolean {
  switch (kind) {
    case "mmap_lock_start_locking":
      edges.started(e);
      return true;
    case "mmap_lock_acquire_returned":
      if (edges.returned(e)) e.aux = 1;
      return true;
    case "mmap_lock_released":
      edges.released(e);
      return true;
    case "contention_begin":
    case "contention_end": {
      const isBegin = kind === "contention_begin";
      const about = isBegin ? edges.contentionBegin(e.task, pointer, mode) : edges.contentionEnd(e.task, pointer);
      if (about === null) return false;
      e.mm = about.mm;
      e.mode = about.mode;
      return true;
    }
  }
}

function eventOf({ kind, pointer, mode, success }: LockLine, task: number, time: number): SavedEvent {
  const value = kind === "mmap_lock_acquire_returned" && success ? 1 : 0;
  return { kind, time, task, mm: pointer, mode: mode ?? "R", site: "", label: "", value, aux: 0 };
}

/** The tasks of a trace: the pid says who it is, the comm may change or be unknown for a while. */
class TaskTable {
  readonly tasks: TaskInfo[] = [];
  readonly pids: number[] = [];
  private readonly numbers = new Map<number, number>();

  number({ pid, comm }: LockLine): number {
    const known = this.numbers.get(pid);
    if (known !== undefined) {
      if (this.tasks[known]?.comm === "<...>") this.tasks[known] = { comm, role: "" };
      return known;
    }
    this.numbers.set(pid, this.pids.length);
    this.tasks.push({ comm, role: "" });
    return this.pids.push(pid) - 1;
  }
}

/** How many events are lost here, 0 when the tracer does not know; `null` when this is no such line. */
function lossOf(line: string): number | null {
  if (!/LOST|DROPPED/.test(line)) return null;
  for (const pattern of losses) {
    const match = pattern.exec(line);
    if (match !== null) return Number(match[1] ?? 0);
  }
  return null;
}

function inTime(a: LockLine, b: LockLine): number {
  return a.seconds - b.seconds || a.ns - b.ns;
}

function problemText(source: string, line: number, { col, reason }: LineProblem, text: string): string {
  const rest = text.slice(col - 1).trim();
  return `${source}:${line}:${col}: ${reason}: "${rest.length > shown ? `${rest.slice(0, shown)}…` : rest}"`;
}
