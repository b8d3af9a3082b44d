/** Calls that have no name of their own here, and the one that takes the lock as they do. */

const changesTheMapping = "changes the mapping, as a writer";

/** Source: v6.18 mm/madvise.c (get_lock_mode, madvise_vma_behavior). A null stands for advice that nothing here is like. */
const advice: Readonly<Record<string, { readonly call: string | null; readonly says: string }>> = {
  ...Object.fromEntries(
    [
      "normal",
      "random",
      "sequential",
      "dontfork",
      "dofork",
      "mergeable",
      "unmergeable",
      "nohugepage",
      "dontdump",
      "dodump",
      "wipeonfork",
      "keeponfork",
    ].map((name) => [name, { call: "madv_hugepage", says: changesTheMapping }]),
  ),
  free: { call: "madv_dontneed", says: "gives pages up under the same lock" },
  dontneed_locked: { call: "madv_dontneed", says: "gives pages up under the same lock" },
  cold: { call: "madv_pageout", says: "walks the pages as a reader" },
  populate_write: { call: "madv_populate_read", says: "faults pages in as a polite reader" },
  remove: { call: null, says: "drops the lock around its work, which no call here does" },
  guard_install: { call: null, says: "is a reader that marks pages, which no call here does" },
  guard_remove: { call: null, says: "is a reader that marks pages, which no call here does" },
};

/** What to say of a call that has another's name here; null for what is not known. A near name could be one that takes the lock otherwise. */
export function standInFor(wanted: string, allowed: readonly string[]): string | null {
  const known = advice[wanted.replace(/^madv_/, "")];
  if (!wanted.startsWith("madv_") || known === undefined || !allowed.includes("madv_hugepage")) return null;
  const { call, says } = known;
  return call === null ? `it ${says}` : `it ${says}: "${call}" stands for it`;
}
