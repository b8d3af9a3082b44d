import type { Steps } from "../../../../engine/task.ts";
import { PAGE_SIZE } from "../../../include/linux/mm.ts";
import { isReadable, type mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, up_read } from "../../../kernel/locking/rwsem.ts";
import { find_vma, pageIndex } from "../../mmap.ts";

/**
 * move_pages(2): a hold for each page that is looked up; they are migrated without the lock. A page that is away is passed over, nothing
 * is waited for. Returns 0.
 *
 * Source: v5.4 mm/migrate.c (add_page_for_migration), v6.18 mm/migrate.c (add_folio_for_migration).
 * Left out: who needs the page meanwhile waits, which {@link takePageAway} is.
 */
export function* do_pages_move(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  const { costs } = current.kernel;
  current.site = "do_pages_move";
  let moved = 0;
  for (let i = 0; i < pages; i++) {
    yield* down_read(current, mm.mmap_sem, "add_page_for_migration");
    current.charge(costs.find_vma + costs.follow_page);
    const vma = find_vma(mm, start + i * PAGE_SIZE);
    if (vma !== null && isReadable(vma.pte[pageIndex(vma, start + i * PAGE_SIZE)])) moved++;
    yield* up_read(current, mm.mmap_sem, "add_page_for_migration");
  }
  current.charge(moved * (costs.copy_page + costs.map_page));
  return 0;
}
