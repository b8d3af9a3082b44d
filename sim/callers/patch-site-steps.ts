import type { Steps } from "../engine/task.ts";
import { __get_user_pages_fast, get_user_pages_fast } from "../linux/arch/x86/mm/gup.ts";
import { PAGE_SIZE } from "../linux/include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import { down_read, up_read } from "../linux/kernel/locking/rwsem.ts";
import { get_user_pages, get_user_pages_unlocked, type PageVector } from "../linux/mm/gup.ts";
import type { PatchSite, SiteForm } from "./patch-sites.ts";

/** Pages of one step of a caller's loop: one page full of page pointers would be 512; ceph and the iovecs have far fewer. */
const loopStep = 4;

/**
 * Gets `pages` pages as the site does in one of its forms, adds their addresses to `got`, and with `vmas` their mappings. Returns the pages got or -errno.
 *
 * Source: v3.17, the patches of 26 Sep 2014 and v4.1, the file of the record.
 * Left out: what the site does with its pages.
 */
export function patchSiteSteps(
  current: task_struct,
  mm: mm_struct,
  start: number,
  pages: number,
  record: PatchSite,
  form: SiteForm,
  got: PageVector = [],
  vmas: vm_area_struct[] | null = null,
): Steps<number> {
  const { write, force } = record;
  const call = record[form];
  current.site = record.site;
  const vector: PageVector | null = record.wantsPages ? got : null;
  switch (call) {
    case "gup":
    case "gup-held":
      return underHold(current, mm, get_user_pages(current, mm, start, pages, write, force, vector, vmas));
    case "unlocked":
      return get_user_pages_unlocked(current, mm, start, pages, write, force, vector);
    case "fast":
      return get_user_pages_fast(current, mm, start, pages, write, got);
    case "fast-held":
      return underHold(current, mm, get_user_pages_fast(current, mm, start, pages, write, got));
    case "fast-plain":
      return fastPlain(current, mm, start, pages, write, got);
    case "gup-loop":
      return underHold(current, mm, loop(current, mm, start, pages, write, "gup-loop", got, vmas));
    case "fast-loop":
    case "unlocked-loop":
      return loop(current, mm, start, pages, write, call, got);
  }
}

function* underHold(current: task_struct, mm: mm_struct, steps: Steps<number>): Steps<number> {
  yield* down_read(current, mm.mmap_sem, current.site);
  const got = yield* steps;
  yield* up_read(current, mm.mmap_sem, current.site);
  return got;
}

function* fastPlain(
  current: task_struct,
  mm: mm_struct,
  start: number,
  pages: number,
  write: boolean,
  vector: PageVector,
): Steps<number> {
  const nr = __get_user_pages_fast(current, mm, start, pages, write, vector);
  if (nr === pages) return nr;
  const rest = get_user_pages(current, mm, start + nr * PAGE_SIZE, pages - nr, write, false, vector);
  const ret = yield* underHold(current, mm, rest);
  return nr === 0 ? ret : nr + Math.max(ret, 0);
}

function* loop(
  current: task_struct,
  mm: mm_struct,
  start: number,
  pages: number,
  write: boolean,
  call: "gup-loop" | "fast-loop" | "unlocked-loop",
  vector: PageVector,
  vmas: vm_area_struct[] | null = null,
): Steps<number> {
  for (let done = 0; done < pages; ) {
    const at = start + done * PAGE_SIZE;
    const step = Math.min(loopStep, pages - done);
    let got: number;
    if (call === "gup-loop") got = yield* get_user_pages(current, mm, at, step, write, false, vector, vmas);
    else if (call === "fast-loop") got = yield* get_user_pages_fast(current, mm, at, step, write, vector);
    else got = yield* get_user_pages_unlocked(current, mm, at, step, write, false, vector);
    if (got <= 0) return got;
    done += got;
  }
  return pages;
}
