import { explain, type Explanation } from "../../sim/explanation.ts";

/** Words of the mail that are not values of anything. */
export const terms: Readonly<Record<string, Explanation>> = {
  locked: explain(
    "A pointer to an int: 1 on entry, the lock is held and may be dropped; on return 1, it was never dropped, 0, it was and is not held. NULL: it must not be dropped.",
    "The caller must learn that what it looked up before is stale.",
    'Andres Lagar-Cavilla: "It\'s nearly impossible to name it right", "essentially a tristate"; he prefers mmap_sem_hold.',
    "0 on entry asks the callee to take the lock itself, and FOLL_UNLOCKABLE gives the leave, since v6.3.",
    "v4.0 mm/gup.c",
  ),
  notify_drop: explain(
    "Whether the caller is told of a drop by being left without the lock: true for get_user_pages_locked, false for get_user_pages_unlocked.",
    "The last pass may have taken the lock again; a caller with a critical section must not believe that it was kept.",
    "Andres Lagar-Cavilla's name for the posted immediate_unlock, whose sense is the opposite.",
    "Gone: the caller is always told.",
    "v4.0 mm/gup.c",
  ),
  lock_dropped: explain(
    "Has the lock been dropped in this call?",
    "Needed once, at the end, for notify_drop.",
    'Andres Lagar-Cavilla: "s/lock_dropped/sem_dropped/".',
    null,
    "v4.0 mm/gup.c",
  ),
  FOLL_TRIED: explain(
    "A previous pass has waited for the page already.",
    "The fault then waits with the lock held instead of answering RETRY once more.",
    'The second patch of the mail adds it, the first one uses it: "This isn\'t bisectable in this order" (Andrea Arcangeli).',
    "Excluded ALLOW_RETRY until v5.7.",
    "v4.0 include/linux/mm.h",
  ),
  FOLL_NOWAIT: explain(
    "Start the IO and return; neither wait for it nor drop the lock.",
    "KVM wants to know whether the page is there.",
    'Andres Lagar-Cavilla\'s patch: "When KVM handles a tdp fault it uses FOLL_NOWAIT".',
    "With a locked pointer its RETRY was taken for a drop up to v4.15: the lock leaked.",
    "v3.17 mm/gup.c",
  ),
  ALLOW_RETRY: explain(
    "The fault may drop the lock for its IO and say RETRY.",
    "get_user_pages gives it itself, with a locked pointer; a fault of user code has it from the architecture's fault handler. The model has x86 only: what threads of other architectures, whose handler did not give it, hold over IO is not simulated.",
    'Andres Lagar-Cavilla: "the standard x86 fault giving you ALLOW_RETRY".',
    "FAULT_FLAG_DEFAULT of v5.7 gives it to every architecture.",
    "v3.17 arch/x86/mm/fault.c",
  ),
  BUILD_BUG_ON: explain(
    "The posted patch stops the build where a caller without a locked pointer asks to be told of drops.",
    "The parameter is a constant to the compiler only if the function is inlined: 'static inline' is part of the assertion. Here the type of the pointer says it.",
    'Andrea Arcangeli: "BUILD_BUG_ON costs nothing".',
    "Not in the merged form.",
    "the patches of 26 Sep 2014, mm/gup.c",
  ),
};

const ours = "docs/VOCABULARY.md";

/** Counts of what did not end well, which every report tells. */
export const unfinished: Readonly<Record<string, Explanation>> = {
  "op.failed": explain(
    "Operations that ended without what they were for: a touch answered with -EFAULT, a read that was killed.",
    "They have no latency: a report of latencies alone would not show them.",
    null,
    null,
    ours,
  ),
  "op.missed": explain(
    "Slots of a schedule with a fixed period that passed while the operation before was still running.",
    "So many operations fewer were asked for than the scenario says.",
    null,
    null,
    ours,
  ),
  "op.open": explain(
    "Operations that had begun and not ended when the run ended.",
    "Their latency is at least their age since their intended start: they count as that in every statistic.",
    null,
    null,
    ours,
  ),
  hold_open: explain(
    "Holds of mmap_sem that went on when the run ended.",
    "They last at least their age: a budget that it exceeds fails, and one that it could exceed is not met.",
    null,
    null,
    ours,
  ),
  wait_open: explain(
    "Waits for mmap_sem that went on when the run ended.",
    "They last at least their age: a budget that it exceeds fails, and one that it could exceed is not met.",
    null,
    null,
    ours,
  ),
  "leaked-lock": explain(
    "A task began an operation with a lock that it took in one before: nobody will give it back.",
    "The run ends so, with exit code 4, even where no writer comes that would hang.",
    null,
    null,
    ours,
  ),
};

/** Other names of things. */
export const otherNames: Readonly<Record<string, string>> = {
  mmap_sem_hold: "locked",
  nonblocking: "locked",
  immediate_unlock: "notify_drop",
  sem_dropped: "lock_dropped",
  "mmap_sem.hold_open": "hold_open",
  "mmap_sem.wait_open": "wait_open",
  plain: "v3.17",
  unlocked: "v4.0",
};
