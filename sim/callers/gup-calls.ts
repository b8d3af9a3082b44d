/** The family of calls that the mail arrives at, and what each can be asked for: a table, nothing of the kernel is loaded with it. */

/** One call: `true` where it can, or does. */
export interface GupCall {
  readonly call: string;
  /** It takes the lock itself; otherwise its caller holds it, or nobody does. */
  readonly takesLock: boolean;
  /** It may let go of the lock over an IO. */
  readonly droppable: boolean;
  readonly force: boolean;
  /** Gives the mapping of each page, too. */
  readonly vmas: boolean;
  /** Works on the mm of another process. */
  readonly remote: boolean;
  /** Can be asked not to wait for an IO (FOLL_NOWAIT). */
  readonly nowait: boolean;
  readonly says: string;
}

/** Source: v4.0 mm/gup.c, arch/x86/mm/gup.c, and the mail of 26 Sep 2014 ("Too many variants. So the end goal is"). */
export const gupCalls: readonly GupCall[] = [
  {
    call: "__get_user_pages",
    takesLock: false,
    droppable: true,
    force: true,
    vmas: true,
    remote: true,
    nowait: true,
    says: "one pass, the core of all: with a locked pointer it may drop, with vmas it may not",
  },
  {
    call: "get_user_pages",
    takesLock: false,
    droppable: false,
    force: true,
    vmas: true,
    remote: true,
    nowait: false,
    says: "the caller keeps the lock, and what it looked up stays valid",
  },
  {
    call: "get_user_pages_locked",
    takesLock: false,
    droppable: true,
    force: true,
    vmas: false,
    remote: true,
    nowait: false,
    says: "for who has looked something up before, and can be told that it is stale",
  },
  {
    call: "get_user_pages_unlocked",
    takesLock: true,
    droppable: true,
    force: true,
    vmas: false,
    remote: true,
    nowait: false,
    says: "for who has no lock, with another mm or with force",
  },
  {
    call: "get_user_pages_fast",
    takesLock: true,
    droppable: true,
    force: false,
    vmas: false,
    remote: false,
    nowait: false,
    says: "no lock for what is there, then get_user_pages_unlocked; the own mm only",
  },
  {
    call: "__get_user_pages_fast",
    takesLock: false,
    droppable: false,
    force: false,
    vmas: false,
    remote: false,
    nowait: true,
    says: "no lock at all, never sleeps, may return fewer pages",
  },
];
