import type { EventKind } from "../../../sim/trace/kinds.ts";
import type { TaskInfo } from "../../../sim/trace/trace.ts";
import type { SavedEvent } from "../../../sim/trace/event.ts";
import { ftraceHead, ftraceLine, type LockLineKind, lockPayload, mmPointer } from "../../../traces/ftrace-line.ts";

/** The kernel whose text the lock events are. */
const format = "v6.18";

/** The kinds that no tracepoint of the kernel has text for. */
type NamedKind = Exclude<EventKind, LockLineKind>;

/** Which fields a kind uses, and what its label, value and aux are called; "" for unused. See {@link EventKind}. */
interface Fields {
  readonly mm: boolean;
  readonly mode: boolean;
  readonly label: string;
  readonly value: string;
  readonly aux: string;
}

const fieldsOf: Readonly<Record<NamedKind, Fields>> = {
  granted: fields(true, true),
  vma_start_read: fields(true, false, "vma", "success"),
  vma_end_read: fields(true, false, "vma"),
  vma_wait_begin: fields(true, false, "vma"),
  vma_wait_end: fields(true, false, "vma"),
  op_begin: fields(false, false, "op", "number", "intended_ns"),
  op_end: fields(false, false, "op", "number", "done"),
  op_missed: fields(false, false, "op", "missed"),
  gup_begin: fields(true, false, "func", "pages", "first_page"),
  gup_end: fields(true, false, "func", "result"),
  fault_begin: fields(true, false, "vma", "page", "flags"),
  fault_end: fields(true, false, "kind", "page", "result"),
  io_submit: fields(false, false, "device", "page", "pages"),
  io_complete: fields(false, false, "device", "page", "pages"),
  sleep: fields(false, false, "reason"),
  wake: fields(false, false, "reason"),
  sched_out: fields(false, false),
  sched_in: fields(false, false, "", "delay_ns"),
  gup_retry: fields(true, false, "", "n"),
  section_lost: fields(true, false),
  kvm_async_pf_not_present: fields(false, false, "how", "gfn", "token"),
  kvm_async_pf_ready: fields(false, false, "", "gfn", "token"),
  work_begin: fields(false, false, "work", "of", "for"),
  work_end: fields(false, false, "work", "of", "for"),
  server_end: fields(false, false, "server"),
  bug: fields(false, false, "assertion", "locks_held"),
};

/** The head of an event text: the tracer's own column titles, and which pointer is which mm and lock. No newline at the end. */
export function eventTextHead(mms: readonly string[]): string {
  return ftraceHead(mms, format, "ns");
}

/**
 * One event as one line of ftrace's look, without a newline, stamped in seconds with nine decimals. The lock events and their
 * contentions are v6.18's own text, which has no place for role, site and function; the others name their fields.
 */
export function eventText(e: SavedEvent, tasks: readonly TaskInfo[]): string {
  return ftraceLine(e, tasks, lockPayload(e, format) ?? payload(e), format, "ns").trimEnd();
}

function payload(e: SavedEvent): string {
  const { mm, mode, label, value, aux } = fieldsOf[e.kind as NamedKind];
  const parts: string[] = [];
  if (mm) parts.push(`mm=${mmPointer(e.mm)}`);
  if (mode) parts.push(`write=${e.mode === "W"}`);
  if (label !== "") parts.push(`${label}=${e.label}`);
  if (value !== "") parts.push(`${value}=${e.value}`);
  if (aux !== "") parts.push(`${aux}=${e.aux}`);
  if (e.site !== "") parts.push(`site=${e.site}`);
  return parts.join(" ");
}

function fields(mm: boolean, mode: boolean, label = "", value = "", aux = ""): Fields {
  return { mm, mode, label, value, aux };
}
