/** Pages on their way elsewhere: to other memory (migration) or to their file (writeback). Who needs them waits, lock held. */
import type { Steps } from "../../../engine/task.ts";
import { page, pte_migration, pte_present, pte_writeback, type vm_area_struct } from "../../include/linux/mm_types.ts";
import type { task_struct } from "../../include/linux/sched.ts";

/**
 * Waits, uninterruptibly and with whatever lock the fault has, until the page has arrived.
 *
 * Source: v3.17 and v6.18 mm/migrate.c.
 */
export function* migration_entry_wait(current: task_struct, vma: vm_area_struct, index: number): Steps<number> {
  yield* waitForPage(current, vma, index, pte_migration, "migration");
  return 0;
}

/**
 * A write to a page of a shared file that is being written back waits for the end of that, with whatever lock the fault has.
 *
 * Source: v3.17 and v6.18 mm/memory.c (do_page_mkwrite), mm/page-writeback.c (wait_for_stable_page).
 * Left out: what the file system itself does in ->page_mkwrite.
 */
export function* page_mkwrite(current: task_struct, vma: vm_area_struct, index: number): Steps<number> {
  yield* waitForPage(current, vma, index, pte_writeback, "writeback");
  current.charge(current.kernel.costs.map_page);
  return 0;
}

function* waitForPage(
  current: task_struct,
  vma: vm_area_struct,
  index: number,
  while_: number,
  reason: "migration" | "writeback",
): Steps {
  if (current.settles()) yield;
  while (vma.pte[index] === while_) {
    vma.cache.get(index)?.waiters.push(current);
    current.sleepFor(reason);
    yield;
    current.wokeFrom(reason);
  }
}

/**
 * Takes the resident page at `index` away for `ns`, then gives it back and wakes those who wait for it. Does nothing to a page
 * that is not resident.
 *
 * Source: v3.17 mm/migrate.c (unmap_and_move), mm/page-writeback.c (clear_page_dirty_for_io, end_page_writeback).
 */
export function* takePageAway(
  current: task_struct,
  vma: vm_area_struct,
  index: number,
  as: typeof pte_migration | typeof pte_writeback,
  ns: number,
): Steps<boolean> {
  if (current.settles()) yield;
  if (vma.pte[index] !== pte_present) return false;
  const away = new page(index);
  vma.setPte(index, as);
  vma.cache.set(index, away);
  vma.invalidate?.(index);
  if (current.sleeps(ns)) yield;
  vma.cache.delete(index);
  vma.setPte(index, pte_present);
  for (const waiter of away.waiters.splice(0)) current.kernel.cpus.wake(waiter, 0);
  return true;
}
