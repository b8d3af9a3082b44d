import { type SavedEvent, savedEvent } from "../../sim/trace/event.ts";
import type { UnmatchedEdges } from "./lock-edges.ts";
import type { LockLine } from "./lock-line.ts";
import { RecordedEvents, type RecordedTask } from "./recorded-events.ts";
import { type FileCounts, RecordingFile } from "./recording-file.ts";

/** A recorded trace as events, for those that fit into memory. */
export interface Recording extends FileCounts {
  /**
   * In order of time, ns since `epoch_s`; those of one nanosecond in the order of the text. `mm` is a pointer as the text has it,
   * 16 hex digits; `site` is "" without a call stack, `label` always.
   */
  readonly events: readonly SavedEvent[];
  /** The CPU of each event. */
  readonly cpus: readonly number[];
  readonly tasks: readonly RecordedTask[];
  readonly epoch_s: number;
  /** Lines of our events that cannot be read, as `file:line:col: reason: "text"`. They are missing from `events`. */
  readonly problems: readonly string[];
  readonly unmatched: UnmatchedEdges;
}

/**
 * Reads the text of ftrace, `trace-cmd report` or `perf script`: the three mmap_lock events of kernels from v5.11 on, and the
 * contentions of lock:contention_begin and contention_end that lie inside an attempt to take the lock. All bad lines are found in
 * one pass.
 *
 * @param source the name of the file, for the problems.
 */
export function parseRecording(text: string, source: string): Recording {
  const events: SavedEvent[] = [];
  const cpus: number[] = [];
  const made = new RecordedEvents((e, tasks) => {
    events.push(savedEvent(e));
    cpus.push(tasks[e.task]?.cpu ?? -1);
  });
  const file = new RecordingFile(source);
  const ready: LockLine[] = [];
  for (const line of text.split(/\r?\n/)) file.line(line, ready);
  file.end(ready);
  for (const line of ready) made.line(line);
  const { counts, problems } = file;
  return {
    ...counts,
    other_events: counts.other_events + made.otherContentions,
    events,
    cpus,
    tasks: made.tasks,
    epoch_s: made.epoch_s ?? 0,
    problems,
    unmatched: made.unmatched(),
  };
}
