import type { Mode } from "../../sim/trace/kinds.ts";
import { type LockLineKind, lockLineKinds } from "../ftrace-line.ts";

/** A line of one of our events, as written. Times are kept apart: seconds since boot in nanoseconds may exceed a double. */
export interface LockLine {
  readonly kind: LockLineKind;
  readonly comm: string;
  readonly pid: number;
  /** The CPU it was on. */
  readonly cpu: number;
  readonly seconds: number;
  /** The part of the time below a second, ns. */
  readonly ns: number;
  /** The mm as 16 hex digits, or `(ptrval)`; of a contention the lock. */
  readonly pointer: string;
  /** `null` for `contention_end`, and for a contention of anything but a plain rwsem. */
  readonly mode: Mode | null;
  /** False when an attempt failed. */
  readonly success: boolean;
  /** The function on whose behalf the lock is taken, from the call stack that follows; "" without one. */
  site: string;
}

/** Why a line cannot be read, and where: `col` counts from 1. */
export interface LineProblem {
  readonly col: number;
  readonly reason: string;
}

// The comm is whatever stands before the rest: it may hold blanks, dashes, colons. `(tgid)` and the flags may be missing.
const ftraceHead =
  /^\s*(.+?)-(\d+)\s+(?:\(\s*[\d-]+\)\s+)?\[(\d+)\]\s+(?:\S+\s+)?(\d+)\.(\d{1,9}):\s+(\S+?):(?=\s|$)\s*/;
const perfHead = /^\s*(.+?)\s+(?:\d+\/)?(\d+)\s+\[(\d+)\]\s+(?:\S+\s+)?(\d+)\.(\d{1,9}):\s+(\S+?):(?=\s|$)\s*/;
/** A CPU, a time, and the name of an event. */
const otherEvent = /\[\d+\]\s.*?\d\.\d{1,9}:\s+\S+?:(?=\s|$)/;
const names = lockLineKinds.join("|");
const ours = new RegExp(`^(?:(?:mmap_lock|lock):)?(${names})$`);
const mentioned = new RegExp(`(?:^|[\\s:])(?:${names}):`);
const stampWithoutDecimals = /\]\s+(?:\S+\s+)?(?=\d+:\s)/;

/** One field of an event's text: a pattern that continues where the last one ended, and what to say when it does not fit. */
interface Field {
  readonly pattern: RegExp;
  readonly expected: string;
}

const pointer = "(?:0x)?[0-9a-f]{1,16}|[0-9a-f]*\\(_*ptrval_*\\)";
const mm = field(`mm=(${pointer})(?=\\s|$)`, "mm=POINTER");
const memcg = field("\\s+memcg_(?:id=\\d+|path=.*?)(?=\\s+write=)", "memcg_id=NUMBER or memcg_path=PATH, and write=");
const write = field("\\s+write=(true|false)(?=\\s|$)", "write=true or write=false");
const success = field("\\s+success=(true|false)(?=\\s|$)", "success=true or success=false");
const end = field("\\s*$", "the end of the line");
const lock = field(`(${pointer})(?=\\s|$)`, "the address of a lock");
const flags = field("\\s+\\(flags=([^)]*)\\)", "(flags=…)");
const ret = field("\\s+\\(ret=(-?\\d+)\\)", "(ret=NUMBER)");

const fieldsOf: Readonly<Record<LockLineKind, readonly Field[]>> = {
  mmap_lock_start_locking: [mm, memcg, write, end],
  mmap_lock_acquire_returned: [mm, memcg, write, success, end],
  mmap_lock_released: [mm, memcg, write, end],
  contention_begin: [lock, flags, end],
  contention_end: [lock, ret, end],
};

/**
 * Reads a line of ftrace, `trace-cmd report` or `perf script`. `"other"` for other events; `null` for what is no event at all:
 * comments, empty lines, stack traces.
 */
export function parseLockLine(line: string): LockLine | LineProblem | "other" | null {
  // Most lines of a recording of everything are of others: the patterns below are slow at saying so.
  if (!line.includes("mmap_lock_") && !line.includes("contention_")) return otherEvent.test(line) ? "other" : null;
  const head = ftraceHead.exec(line) ?? perfHead.exec(line);
  if (head === null) return line.startsWith("#") || !mentioned.test(line) ? null : headProblem(line);
  const [whole, comm, pid, cpu, seconds, decimals, name] = head as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const kind = ours.exec(name)?.[1] as LockLineKind | undefined;
  if (kind === undefined) return "other";
  const values = readFields(line, whole.length, fieldsOf[kind]);
  if (!Array.isArray(values)) return values;
  const [address = "", second = "", third = "true"] = values;
  return {
    kind,
    comm,
    pid: Number(pid),
    cpu: Number(cpu),
    seconds: Number(seconds),
    ns: Number(decimals.padEnd(9, "0")),
    pointer: normalised(address),
    mode: kind === "contention_begin" ? contendedMode(second) : kind === "contention_end" ? null : modeOf(second),
    success: third === "true",
    site: "",
  };
}

function readFields(line: string, from: number, fields: readonly Field[]): string[] | LineProblem {
  const values: string[] = [];
  let at = from;
  for (const { pattern, expected } of fields) {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match === null) {
      const blanks = /\s*/y;
      blanks.lastIndex = at;
      blanks.test(line);
      return { col: blanks.lastIndex + 1, reason: `expected ${expected}` };
    }
    if (match[1] !== undefined) values.push(match[1]);
    at = pattern.lastIndex;
  }
  return values;
}

function headProblem(line: string): LineProblem {
  const stamp = stampWithoutDecimals.exec(line);
  if (stamp !== null) {
    const reason = "expected a time in seconds with decimals: set trace_clock to local, global or mono";
    return { col: stamp.index + stamp[0].length + 1, reason };
  }
  return {
    col: line.search(/\S/) + 1,
    reason: "expected COMM-PID [CPU] FLAGS SECONDS as ftrace, or COMM PID [CPU] SECONDS as perf script",
  };
}

/** The same mm reads the same in all tools: 16 hex digits, small, no 0x. Before the kernel can hash, all of them are `(ptrval)`. */
function normalised(address: string): string {
  if (address.includes("(")) return "(ptrval)";
  return address.toLowerCase().replace(/^0x/, "").padStart(16, "0");
}

function modeOf(isWrite: string): Mode {
  return isWrite === "true" ? "W" : "R";
}

/** Of a rwsem that sleeps: other locks have more flags, or others. */
function contendedMode(flags: string): Mode | null {
  return flags === "READ" ? "R" : flags === "WRITE" ? "W" : null;
}

function field(pattern: string, expected: string): Field {
  return { pattern: new RegExp(pattern, "iy"), expected };
}
