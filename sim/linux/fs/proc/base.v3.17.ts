import type { Steps } from "../../../engine/task.ts";
import { FOLL_FORCE, PAGE_SIZE } from "../../include/linux/mm.ts";
import type { mm_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { __access_remote_vm } from "../../mm/memory.ts";

/**
 * Reads /proc/PID/cmdline: argv through get_user_pages, up to 4 KiB in one hold, over IO if argv is swapped out.
 *
 * Source: v3.17 fs/proc/base.c (there named proc_pid_cmdline), mm/util.c.
 */
export function* proc_pid_cmdline_read(current: task_struct, mm: mm_struct): Steps {
  current.site = "proc_pid_cmdline_read";
  if (mm.arg_start === null) return;
  yield* __access_remote_vm(current, mm, mm.arg_start.vm_start, PAGE_SIZE, FOLL_FORCE);
}

/**
 * Reads /proc/PID/environ, a page a hold, over IO if it is swapped out. It lies behind argv, in the same mapping.
 *
 * Source: v3.17 fs/proc/base.c.
 */
export function* environ_read(current: task_struct, mm: mm_struct): Steps {
  current.site = "environ_read";
  if (mm.arg_start === null) return;
  const { vm_start, nrPages } = mm.arg_start;
  for (let i = Math.min(1, nrPages - 1); i < nrPages; i++) {
    const got = yield* __access_remote_vm(current, mm, vm_start + i * PAGE_SIZE, PAGE_SIZE, FOLL_FORCE);
    if (got === 0) return;
  }
}
