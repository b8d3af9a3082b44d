import type { Steps } from "../../engine/task.ts";
import { PAGE_SIZE } from "../include/linux/mm.ts";
import type { mm_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { get_dump_page } from "../mm/gup/gup-wrappers.ts";

/**
 * The pages of a core dump, without any lock: all other threads are dead. A page that cannot be had is a hole of the dump. Returns 0.
 *
 * Source: v3.17, v5.4 and v5.9 fs/binfmt_elf.c (elf_core_dump), mm/gup.c (get_dump_page).
 * Left out: the writing of the file.
 */
export function* dump_user_range(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  current.site = "dump_user_range";
  for (let i = 0; i < pages; i++) yield* get_dump_page(current, mm, start + i * PAGE_SIZE);
  return 0;
}
