import type { EventWindow } from "../sim/measure/window/window.ts";
import { type FtraceFormat, ftraceHead, ftraceLine, lockPayload, type StampUnit } from "./ftrace-line.ts";

/** What can be written: a window, or all events of a run with nothing before them. */
export type Recorded = Pick<EventWindow, "tasks" | "before" | "events" | "left_out">;

/**
 * The lock events of a recording as ftrace text of the kernel `format`, with a newline at the end. What lasted into a window
 * stands first with its own time, so that its holds and waits are whole. Events that a window left out are said as the tracer
 * says it, `CPU:0 [LOST n EVENTS]`, at the end.
 */
export function ftraceText(recorded: Recorded, format: FtraceFormat, unit: StampUnit): string {
  const { tasks, before, events, left_out } = recorded;
  const mms = new Set<string>();
  const lines: string[] = [];
  for (const e of [...before, ...events]) {
    const payload = lockPayload(e, format);
    if (payload === null) continue;
    mms.add(e.mm);
    lines.push(ftraceLine(e, tasks, payload, format, unit));
  }
  if (left_out > 0) lines.push(`CPU:0 [LOST ${left_out} EVENTS]`);
  return `${[ftraceHead([...mms].sort(), format, unit), ...lines].join("\n")}\n`;
}
