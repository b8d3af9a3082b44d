import { avalanche, fnv1a, hexWord } from "../sim/measure/hash.ts";
import type { EventKind, TaskInfo, TraceEvent } from "../sim/trace.ts";

/** Which fields a kind uses, and what its label, value and aux are called; "" for unused. See {@link EventKind}. */
interface Fields {
  readonly mm: boolean;
  readonly mode: boolean;
  readonly label: string;
  readonly value: string;
  readonly aux: string;
}

const fieldsOf: Readonly<Record<EventKind, Fields>> = {
  mmap_lock_start_locking: fields(true, true),
  mmap_lock_acquire_returned: fields(true, true),
  mmap_lock_released: fields(true, true),
  granted: fields(true, true),
  contention_begin: fields(true, true),
  contention_end: fields(true, true),
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

/** What `%p` prints for an mm: 16 hex digits, the same in every run. */
export function mmPointer(name: string): string {
  const low = avalanche(fnv1a(name));
  return hexWord(avalanche(fnv1a(name, low))) + hexWord(low);
}

/** The head of an event text: the tracer's own column titles, and which pointer is which mm. No newline at the end. */
export function eventTextHead(mms: readonly string[]): string {
  const titles = "#           TASK-PID     CPU#  |||||   TIMESTAMP      FUNCTION";
  return ["# tracer: nop", "#", ...mms.map((name) => `# mm=${mmPointer(name)} is ${name}`), "#", titles].join("\n");
}

/**
 * One event as one line of ftrace's look, without a newline, stamped in seconds with nine decimals. The three lock events
 * are v6.18's own text (include/trace/events/mmap_lock.h), which has no place for role, site and function; the others name
 * their fields. The pid is 1000 + the number of the task.
 */
export function eventText(e: TraceEvent, tasks: readonly TaskInfo[]): string {
  const comm = e.task < 0 ? "<idle>" : (tasks[e.task]?.comm ?? "<...>");
  const pid = e.task < 0 ? 0 : 1000 + e.task;
  const seconds = String(Math.floor(e.time / 1e9)).padStart(5);
  const stamp = `${seconds}.${String(e.time % 1e9).padStart(9, "0")}`;
  return `${comm.padStart(16)}-${String(pid).padEnd(7)} [000] ..... ${stamp}: ${e.kind}: ${payload(e)}`.trimEnd();
}

function payload(e: TraceEvent): string {
  if (e.kind.startsWith("mmap_lock_")) {
    const success = e.kind === "mmap_lock_acquire_returned" ? ` success=${e.value === 1}` : "";
    return `mm=${mmPointer(e.mm)} memcg_id=0 write=${e.mode === "W"}${success}`;
  }
  const { mm, mode, label, value, aux } = fieldsOf[e.kind];
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
