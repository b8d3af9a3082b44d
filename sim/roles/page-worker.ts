import { KeyedDraws } from "../engine/random.ts";
import { samplerOf } from "../engine/sampler.ts";
import type { Law } from "../engine/law.ts";
import type { Explanation } from "../explanation.ts";
import { pte_migration, pte_writeback } from "../linux/include/linux/mm_types.ts";
import { takePageAway } from "../linux/mm/syscalls/migrate.ts";
import type { TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** The kernel's own work on pages of `touch`: each page is away for a time of the law, and who needs it waits. */
export interface PageWorker extends TaskGroupBase {
  readonly role: "page_migration" | "writeback";
  readonly mm: string;
  readonly touch: string;
  readonly away: Law;
}

/** The kernel takes pages away, one at a time, which are `as` meanwhile. */
function pageWorker(as: typeof pte_migration | typeof pte_writeback, words: Explanation): Role<PageWorker> {
  return {
    ...words,
    group: (group, { vma, walk }) => {
      const touched = vma(group.touch);
      const law = samplerOf(group.away);
      return (current, i) => {
        const pages = walk(current, i, { touch: group.touch });
        const times = new KeyedDraws(current.seed, current.name, "away");
        return repeat(current, group.schedule, group.role, function* (k) {
          return yield* takePageAway(current, touched, pages.index(k), as, law.sample(times.uniform(k, 0)));
        });
      };
    },
  };
}

/** Migrates pages. */
export const page_migration = pageWorker(pte_migration, {
  what: "The kernel migrates pages of a mapping, one at a time: a page is away for a while.",
  why: "A fault on it waits for it without any IO, with the lock held.",
  said: null,
  later: null,
  source: "v3.17 mm/migrate.c",
});

/** Writes pages back. */
export const writeback = pageWorker(pte_writeback, {
  what: "The kernel writes pages of a mapping back, one at a time: for a while they can be read and not written.",
  why: "A write to a page of a shared file under writeback waits for its end, with the lock held.",
  said: null,
  later: null,
  source: "v3.17 mm/page-writeback.c",
});
