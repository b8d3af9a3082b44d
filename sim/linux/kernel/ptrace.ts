import type { Steps } from "../../engine/task.ts";
import { EFAULT, FOLL_FORCE, FOLL_WRITE } from "../include/linux/mm.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { __access_remote_vm } from "../mm/memory.ts";

/** Bytes of one PTRACE_PEEKDATA. */
const wordSize = 8;

/**
 * PTRACE_PEEKDATA and PTRACE_POKEDATA: a word of another process, over the IO of its page. Returns 0 or -EFAULT.
 *
 * Source: v6.18 kernel/ptrace.c; v3.17 generic_ptrace_peekdata().
 * Left out: who may trace whom; the errno that ptrace(2) makes of it (EIO).
 */
export function* ptrace_access_vm(current: task_struct, mm: mm_struct, addr: number, write: boolean): Steps<number> {
  current.site = "ptrace_access_vm";
  const flags = FOLL_FORCE | (write ? FOLL_WRITE : 0);
  return (yield* __access_remote_vm(current, mm, addr, wordSize, flags)) === 0 ? -EFAULT : 0;
}
