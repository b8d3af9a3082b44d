import { eventKinds, type Field } from "../../../sim/trace/kinds.ts";
import type { TaskInfo } from "../../../sim/trace/trace.ts";
import type { SavedEvent } from "../../../sim/trace/event.ts";
import { ftraceHead, ftraceLine, lockPayload, mmPointer } from "../../../traces/ftrace-line.ts";

/** The kernel whose text the lock events are. */
const format = "v6.18";

/** The head of an event text: the tracer's own column titles, and which pointer is which mm and lock. No newline at the end. */
export function eventTextHead(mms: readonly string[]): string {
  return ftraceHead(mms, format, "ns");
}

/**
 * One event as one line of ftrace's look, without a newline, stamped in seconds with nine decimals. The lock events and their
 * contentions are v6.18's own text, which has no place for role, site and function; the others name their fields, as `eventKinds` does.
 */
export function eventText(e: SavedEvent, tasks: readonly TaskInfo[]): string {
  return ftraceLine(e, tasks, lockPayload(e, format) ?? payload(e), format, "ns").trimEnd();
}

function payload(e: SavedEvent): string {
  const parts = Object.entries<Field>(eventKinds[e.kind].fields).map(([name, { slot, is, printed = name }]) => {
    if (is === "mm") return `mm=${mmPointer(e.mm)}`;
    return is === "mode" ? `write=${e.mode === "W"}` : `${printed}=${e[slot]}`;
  });
  return [...parts, ...(e.site === "" ? [] : [`site=${e.site}`])].join(" ");
}
