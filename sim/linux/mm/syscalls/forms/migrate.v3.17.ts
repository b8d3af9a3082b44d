import type { Steps } from "../../../../engine/task.ts";
import { PAGE_SIZE } from "../../../include/linux/mm.ts";
import { isReadable, type mm_struct } from "../../../include/linux/mm_types.ts";
import type { task_struct } from "../../../include/linux/sched.ts";
import { down_read, up_read } from "../../../kernel/locking/rwsem.ts";
import { find_vma, pageIndex } from "../../mmap.ts";

/** Pages of one chunk: a page full of page_to_node, less the end marker. Source: v3.17 mm/migrate.c (struct page_to_node of 24 bytes). */
const chunkPages = Math.floor(PAGE_SIZE / 24) - 1;

/**
 * move_pages(2): a chunk at a time, looks its pages up and migrates them, synchronously, in one hold; a page that is away is passed over,
 * nothing is waited for. Returns 0.
 *
 * Source: v3.17 and v4.15 mm/migrate.c (do_move_page_to_node_array: migrate_pages() between down_read and up_read).
 * Left out: who needs the page meanwhile waits, which {@link takePageAway} is; huge pages are moved as their pages.
 */
export function* do_pages_move(current: task_struct, mm: mm_struct, start: number, pages: number): Steps<number> {
  const { costs } = current.kernel;
  current.site = "do_pages_move";
  for (let done = 0; done < pages; done += chunkPages) {
    yield* down_read(current, mm.mmap_sem, "do_move_page_to_node_array");
    for (let i = done; i < Math.min(pages, done + chunkPages); i++) {
      current.charge(costs.find_vma + costs.follow_page);
      const vma = find_vma(mm, start + i * PAGE_SIZE);
      const isThere = vma !== null && isReadable(vma.pte[pageIndex(vma, start + i * PAGE_SIZE)]);
      if (isThere) current.charge(costs.copy_page + costs.map_page);
    }
    yield* up_read(current, mm.mmap_sem, "do_move_page_to_node_array");
  }
  return 0;
}
