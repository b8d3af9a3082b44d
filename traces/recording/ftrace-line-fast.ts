import type { LockLineKind } from "../ftrace-line.ts";
import type { LockLine } from "./lock-line.ts";
import { kept } from "./kept.ts";

const [space, dash, dot, bracket, zero, letterT, letterM] = [32, 45, 46, 91, 48, 116, 109];

/**
 * Reads a line of ftrace's commonest form, `COMM-PID [CPU] FLAGS SECONDS.MICROS: mmap_lock_…: mm=POINTER memcg_id=ID write=BOOL`, many times
 * as fast as by patterns. Null for every other line, right or wrong: `parseLockLine` says what it is.
 */
export function commonLine(line: string): LockLine | null {
  const at = line.indexOf(": mmap_lock_");
  if (at < 0) return null;
  const event = kindAt(line, at + 12);
  if (event === null) return null;
  const payload = payloadAt(line, at + 2 + event.length + 2, event === "mmap_lock_acquire_returned");
  if (payload === null) return null;
  const point = at - 7;
  if (line.charCodeAt(point) !== dot) return null;
  const stamp = line.lastIndexOf(" ", point) + 1;
  const seconds = digits(line, stamp, point);
  const micros = digits(line, point + 1, at);
  const close = line.lastIndexOf("]", stamp);
  const open = close - 4;
  const cpu = digits(line, open + 1, close);
  if (seconds < 0 || micros < 0 || cpu < 0 || line.charCodeAt(open) !== bracket) return null;
  let flags = stamp - 1;
  while (line.charCodeAt(flags - 1) === space) flags--;
  if (!isFlags(line, close + 1, flags)) return null;
  let end = open;
  while (end > 0 && line.charCodeAt(end - 1) === space) end--;
  const before = line.lastIndexOf("-", end - 1);
  const pid = digits(line, before + 1, end);
  let from = 0;
  while (line.charCodeAt(from) === space) from++;
  if (line.charCodeAt(from) < space) return null;
  if (pid < 0 || before <= from || line.charCodeAt(before) !== dash) return null;
  const { pointer, isWrite, success } = payload;
  return {
    kind: event,
    comm: kept(line, from, before),
    pid,
    cpu,
    seconds,
    ns: micros * 1000,
    pointer,
    mode: isWrite ? "W" : "R",
    success,
    site: "",
  };
}

function kindAt(line: string, at: number): LockLineKind | null {
  if (line.startsWith("start_locking: ", at)) return "mmap_lock_start_locking";
  if (line.startsWith("acquire_returned: ", at)) return "mmap_lock_acquire_returned";
  return line.startsWith("released: ", at) ? "mmap_lock_released" : null;
}

function payloadAt(
  line: string,
  at: number,
  hasSuccess: boolean,
): { pointer: string; isWrite: boolean; success: boolean } | null {
  if (line.charCodeAt(at) !== letterM || !line.startsWith("mm=", at)) return null;
  const end = at + 19;
  for (let i = at + 3; i < end; i++) if (!isHex(line.charCodeAt(i))) return null;
  if (!line.startsWith(" memcg_id=", end)) return null;
  let i = end + 10;
  while (line.charCodeAt(i) >= zero && line.charCodeAt(i) <= zero + 9) i++;
  if (i === end + 10 || !line.startsWith(" write=", i)) return null;
  i += 7;
  const isWrite = line.charCodeAt(i) === letterT;
  if (!line.startsWith(isWrite ? "true" : "false", i)) return null;
  i += isWrite ? 4 : 5;
  let success = true;
  if (hasSuccess) {
    if (!line.startsWith(" success=", i)) return null;
    i += 9;
    success = line.charCodeAt(i) === letterT;
    if (!line.startsWith(success ? "true" : "false", i)) return null;
    i += success ? 4 : 5;
  }
  return i === line.length ? { pointer: kept(line, at + 3, end), isWrite, success } : null;
}

/** Only small letters: capitals are read by the patterns, which make them small. */
function isHex(code: number): boolean {
  return (code >= zero && code <= zero + 9) || (code >= 97 && code <= 102);
}

/** One word between blanks, as the flags are. */
function isFlags(line: string, from: number, to: number): boolean {
  if (to - from < 2 || line.charCodeAt(from) !== space) return false;
  for (let i = from + 1; i < to; i++) if (line.charCodeAt(i) <= space) return false;
  return true;
}

/** A whole number that takes all of these places, -1 for anything else. */
function digits(line: string, from: number, to: number): number {
  if (to <= from || to - from > 15) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = line.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
