/** Functions that take or give the lock for somebody: the call site of an acquisition is the first frame that is none of them. */
const wrappers =
  /^(?:__)?(?:traceiter_|perf_|trace_|mmap_(?:read|write|lock)|mmap_lock_|down_(?:read|write)|up_(?:read|write)|rwsem_|downgrade_write|contention_|bpf_|ftrace_|stack_trace_|do_trace_)/;

/** The function of a line of a call stack, of ftrace (` => func`) or perf (`\taddress func+0x12 (file)`); null for any other line. */
export function frameOf(line: string): string | null {
  const match = /^\s*=>\s*(\S+)/.exec(line) ?? /^\s+[0-9a-f]{6,16}\s+(\S+)/.exec(line);
  if (match === null) return null;
  return (match[1] as string).replace(/\+0x.*$/, "").replace(/\.(?:isra|constprop|part|cold)\..*$/, "");
}

/** Does a lock's wrapper stand in this frame, and not who wants the lock? */
export function isWrapper(frame: string): boolean {
  return wrappers.test(frame) || frame === "[unknown]";
}
