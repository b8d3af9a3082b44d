import { avalanche, fnv1a, hexWord } from "../sim/trace/hash.ts";
import type { TaskInfo } from "../sim/trace/trace.ts";
import type { SavedEvent } from "../sim/trace/event.ts";

/** The kernels whose text of the lock events can be written. */
export const ftraceFormats = ["v5.11", "v6.8", "v6.18"] as const;
export type FtraceFormat = (typeof ftraceFormats)[number];

/** The events of our vocabulary that kernels have, under the kernel's names. */
export const lockLineKinds = [
  "mmap_lock_start_locking",
  "mmap_lock_acquire_returned",
  "mmap_lock_released",
  "contention_begin",
  "contention_end",
] as const;
export type LockLineKind = (typeof lockLineKinds)[number];

/** How fine the time stamps are: ftrace itself prints microseconds, `trace-cmd report -t` and `perf script --ns` nanoseconds. */
export type StampUnit = "us" | "ns";

interface Wording {
  /** The memory cgroup as a kernel without one prints it. */
  readonly memcg: string;
  /** What the text of a lock event ends with, before the line's own newline. */
  readonly end: string;
  readonly hasContention: boolean;
  /** One character for each of irqs-off, need-resched, hardirq or softirq, preempt-depth and, later, migrate-disable. */
  readonly flags: string;
}

const wordings: Readonly<Record<FtraceFormat, Wording>> = {
  "v5.11": { memcg: "memcg_path=", end: "\n", hasContention: false, flags: "...." },
  "v6.8": { memcg: "memcg_path=", end: "", hasContention: true, flags: "....." },
  "v6.18": { memcg: "memcg_id=0", end: "", hasContention: true, flags: "....." },
};

/** What `%p` prints for an mm: 16 hex digits, the same in every run; what a recording says of it stays as it is. */
export function mmPointer(name: string): string {
  if (/^[0-9a-f]{16}$/.test(name)) return name;
  const low = avalanche(fnv1a(name));
  return hexWord(avalanche(fnv1a(name, low))) + hexWord(low);
}

/** What `%p` prints for the mmap_lock of an mm. */
export function lockPointer(mm: string): string {
  return mmPointer(`${mm}->mmap_lock`);
}

/**
 * The text of an event that the kernel of `format` has, after the event's name; `null` for all others. v5.11 ends it with a
 * newline of its own, so that an empty line follows.
 *
 * Source: v5.11, v6.8 and v6.18 include/trace/events/mmap_lock.h; v6.18 include/trace/events/lock.h, since v5.19.
 * Left out: a contention that SIGKILL ended has ret=-4; the event does not say so, and it reads ret=0.
 */
export function lockPayload(e: SavedEvent, format: FtraceFormat): string | null {
  const { memcg, end, hasContention } = wordings[format];
  switch (e.kind) {
    case "mmap_lock_start_locking":
    case "mmap_lock_released":
      return `mm=${mmPointer(e.mm)} ${memcg} write=${e.mode === "W"}${end}`;
    case "mmap_lock_acquire_returned":
      return `mm=${mmPointer(e.mm)} ${memcg} write=${e.mode === "W"} success=${e.value === 1}${end}`;
    case "contention_begin":
      return hasContention ? `${lockPointer(e.mm)} (flags=${e.mode === "R" ? "READ" : "WRITE"})` : null;
    case "contention_end":
      return hasContention ? `${lockPointer(e.mm)} (ret=0)` : null;
    default:
      return null;
  }
}

/**
 * One line as ftrace prints it, without a newline: the pid is 1000 + the number of the task, a CPU that is unknown reads 000.
 *
 * Source: v6.18 kernel/trace/trace_output.c (trace_print_context).
 */
export function ftraceLine(
  e: SavedEvent,
  tasks: readonly TaskInfo[],
  payload: string,
  format: FtraceFormat,
  unit: StampUnit,
): string {
  const comm = e.task < 0 ? "<idle>" : (tasks[e.task]?.comm ?? "<...>");
  const pid = e.task < 0 ? 0 : 1000 + e.task;
  const who = `${comm.padStart(16)}-${String(tasks[e.task]?.pid ?? pid).padEnd(7)}`;
  const cpu = Math.max(0, tasks[e.task]?.cpu ?? 0);
  return `${who} [${String(cpu).padStart(3, "0")}] ${wordings[format].flags} ${stamp(e.time, unit)}: ${e.kind}: ${payload}`;
}

/** What stands above the lines: the tracer's own column titles, and which pointer is which mm and lock. No newline at the end. */
export function ftraceHead(mms: readonly string[], format: FtraceFormat, unit: StampUnit): string {
  const flags = "|".repeat(wordings[format].flags.length);
  const digits = unit === "us" ? "" : "   ";
  const legend = mms.flatMap((name) => [
    `# mm=${mmPointer(name)} is ${name}`,
    ...(wordings[format].hasContention ? [`# ${lockPointer(name)} is the mmap_lock of ${name}`] : []),
  ]);
  const titles = `#           TASK-PID     CPU#  ${flags}   TIMESTAMP   ${digits}FUNCTION`;
  return ["# tracer: nop", "#", ...legend, "#", titles].join("\n");
}

/** Seconds with six or nine decimals. Source: v6.18 kernel/trace/trace.c (ns2usecs), which rounds to the nearest. */
function stamp(ns: number, unit: StampUnit): string {
  const [decimals, ticks] = unit === "us" ? [6, Math.floor((ns + 500) / 1000)] : [9, ns];
  const perSecond = 10 ** decimals;
  const seconds = String(Math.floor(ticks / perSecond)).padStart(5);
  return `${seconds}.${String(ticks % perSecond).padStart(decimals, "0")}`;
}
