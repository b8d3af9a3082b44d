import { explain, type Explanation } from "./explanation.ts";

const aa = "Andrea Arcangeli";
const al = "Andres Lagar-Cavilla";
const mail = "the patches of 26 Sep 2014, mm/gup.c";
const review = "the review of 26 Sep 2014";

/** The values of the axis `gup`: the loop around the retry, and the review of its first form. */
export const gupRules: Readonly<Record<string, Explanation>> = {
  "gup=plain": explain(
    "get_user_pages makes one pass, and the lock is held over every IO of it.",
    "Callers look at mappings before and after the call; as long as the lock is held these stay valid.",
    `${al}: "the retry will not relinquish the mmap semaphore and will block on the IO"; ${aa}: get_user_pages "over time should be phased out".`,
    "It lives on under every caller that passes no locked pointer: /proc/PID/mem, ptrace, cmdline, core dumps, AF_XDP.",
    "v3.17 mm/gup.c",
  ),
  "gup=rfc": explain(
    "After a RETRY the posted patch asks for all remaining pages, with the lock held and no more leave to drop it.",
    "The second pass must end: whoever is polite for ever may starve.",
    `${aa} posted it; ${al} answered "s/nr_pages/1/ otherwise we block on everything left ahead".`,
    "When the second pass returns two pages or more, the patch's own BUG_ON fires with the lock held. Replaced by v4.0's form.",
    mail,
  ),
  "gup=rfc:early-drop": explain(
    "The posted patch with lock_dropped set right after the first call.",
    "In case the function is left too soon after a drop.",
    `${al}: "Set lock_dropped = 1. In case we break out too soon".`,
    "Not taken. It changes nothing: whoever leaves early leaves with *locked = 0.",
    review,
  ),
  "gup=rfc:add-again": explain(
    "The posted patch with two lines of the still-locked branch replaced by one that adds what was got.",
    "The two lines looked like a special case of one.",
    `${al}: "Replace top two lines with".`,
    "Not taken: it counts a short last pass twice, and returns 0 for an error with nothing done.",
    review,
  ),
  "gup=rfc:one-page": explain(
    "The posted patch with one page in its second pass.",
    "The lock is then held over one IO at most, and only if the page is gone again.",
    `${al}: "s/nr_pages/1/ otherwise we block on everything left ahead".`,
    "Taken. It is also what saves the patch from its own BUG_ON, which nobody in the mail says.",
    review,
  ),
  "gup=rfc:no-errno": explain(
    "The posted patch without the line that keeps the errno of the second pass.",
    "The reviewer thought that it could not be reached.",
    `${al}: "Don't think so ... So remove".`,
    "Not taken: when the page becomes invalid while the lock is dropped, the errno would be lost.",
    review,
  ),
  "gup=rfc:guard-errno": explain(
    "The posted patch, and a stack guard page is an error in a walk for mlock.",
    "Otherwise a page is counted that nobody got.",
    `${al}: "fixing that one case inside __gup"; he feared a return of 0, which v3.17 does not give.`,
    "Not taken. The guard page itself is gone since about v4.12.",
    review,
  ),
  "gup=rfc:rename": explain(
    "The posted patch with immediate_unlock renamed to notify_drop and nothing else.",
    "The new name says what the caller wants: to be told of a drop.",
    `${al}: "s/immediate_unlock/notify_drop/".`,
    "Taken, with the test turned round: the name has the opposite sense. Renamed alone, drops are not told.",
    review,
  ),
  "gup=reviewed": explain(
    "The posted patch with every comment of its review applied to the letter.",
    "It shows which comments must be read with care.",
    `${al} wrote the comments, and "Acked, for the spirit".`,
    "Never existed: the merged code took the one page and the rename, and kept both lines the review wanted gone.",
    review,
  ),
  "gup=v4.0": explain(
    "A polite pass that may drop the lock; after a drop the page that said RETRY is asked for alone, with the lock held; then politely again.",
    "At most one IO is waited for with the lock held, for each RETRY, and only if the page is gone again.",
    `${aa}: "seek to the first page that returned VM_FAULT_RETRY and issue a nr_pages=1 gup".`,
    "A prefault was let insist too (v5.2), and the second pass may drop again since v5.7.",
    "v4.0 mm/gup.c",
  ),
  "gup=give-up": explain(
    "One polite pass, and the call returns what it has after the first wait.",
    "It is the end of the choice at which the caller has the loop.",
    `${aa}, for a prefault: "don't insist harder"; ${al}'s KVM patch bails out there, too.`,
    "What a call without a pages array did up to v4.15.",
    mail,
  ),
  "gup=retry:N": explain(
    "A page is asked for politely N times, or for ever, before the lock is held over its IO.",
    "Each further polite attempt leaves fewer IOs under the lock, and waits for one more in full.",
    `${al}: "Maybe just try three times is good enough"; ${aa}: looped forever it would "eventually succeed, but it risks doing more work".`,
    "Not taken; since v5.7 the loop is unbounded for userfaults, and still once for IO.",
    "the mail of 26 Sep 2014",
  ),
  "gup=nommu": explain(
    "Without an MMU all memory is there: the locked form ignores its pointer, the unlocked one is lock, get, unlock.",
    "The front ends must exist on every architecture.",
    `${aa}'s patch adds both to mm/nommu.c.`,
    null,
    "v4.0 mm/nommu.c",
  ),
  "gup=v5.4": explain(
    "As v4.0, and a prefault insists until its page is mapped.",
    "A prefault that returned after the IO left its page unmapped, and the cost to the next toucher: for KVM the vcpu, once more under the lock.",
    null,
    "Replaced by the loop of v5.7.",
    "v5.4 mm/gup.c",
  ),
  "gup=modern": explain(
    "The second pass has leave to drop again, without bound, and a fatal signal ends it.",
    "A userfault may be missing again and again, and a killed task must be able to leave.",
    null,
    "For IO it changes nothing: a fault that carries TRIED waits with the lock held.",
    "v6.18 mm/gup.c",
  ),
};
