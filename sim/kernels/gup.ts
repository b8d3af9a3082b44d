import * as faultinModern from "../linux/mm/gup/faultin/gup-faultin.modern.ts";
import * as guardErrno from "../linux/mm/gup/faultin/gup-faultin.guard-errno.ts";
import * as faultinV3_17 from "../linux/mm/gup/faultin/gup-faultin.v3.17.ts";
import * as faultinV5_4 from "../linux/mm/gup/faultin/gup-faultin.v5.4.ts";
import * as gupGiveUp from "../linux/mm/gup/gup.give-up.ts";
import * as gupModern from "../linux/mm/gup/gup.modern.ts";
import * as gupNommu from "../linux/mm/gup/gup.nommu.ts";
import * as gupRfc from "../linux/mm/gup/gup.rfc.ts";
import * as gupReviewed from "../linux/mm/gup/gup.reviewed.ts";
import { gup_retry } from "../linux/mm/gup/gup.retry.ts";
import { gup_posted_with, type Suggestion } from "../linux/mm/gup/gup.suggestions.ts";
import * as gupV3_17 from "../linux/mm/gup/gup.v3.17.ts";
import * as gupV4_0 from "../linux/mm/gup/gup.v4.0.ts";
import * as gupV5_4 from "../linux/mm/gup/gup.v5.4.ts";
import type { Form } from "./form.ts";

function posted(suggestion: Suggestion) {
  return { ...faultinV3_17, __get_user_pages_locked: gup_posted_with(suggestion) };
}

/** The loop around the retry, and the review of its first form. */
export const gup = {
  plain: {
    says: "one pass, the lock held over every IO",
    what: "get_user_pages makes one pass, and the lock is held over every IO of it.",
    why: "Callers look at mappings before and after the call; as long as the lock is held these stay valid.",
    said: 'Andres Lagar-Cavilla: "the retry will not relinquish the mmap semaphore and will block on the IO"; Andrea Arcangeli: get_user_pages "over time should be phased out".',
    later:
      "It lives on under every caller that passes no locked pointer: /proc/PID/mem, ptrace, cmdline, core dumps, AF_XDP.",
    source: "v3.17 mm/gup.c",
    ops: { ...faultinV3_17, ...gupV3_17 },
  },
  rfc: {
    says: "drop on RETRY, then all remaining pages with the lock held",
    what: "After a RETRY the posted patch asks for all remaining pages, with the lock held and no more leave to drop it.",
    why: "The second pass must end: whoever is polite for ever may starve.",
    said: 'Andrea Arcangeli posted it; Andres Lagar-Cavilla answered "s/nr_pages/1/ otherwise we block on everything left ahead".',
    later:
      "When the second pass returns two pages or more, the patch's own BUG_ON fires with the lock held. Replaced by v4.0's form.",
    source: "the patches of 26 Sep 2014, mm/gup.c",
    ops: { ...faultinV3_17, ...gupRfc },
  },
  "rfc:early-drop": {
    says: "the posted patch, lock_dropped set right after the first call",
    what: "The posted patch with lock_dropped set right after the first call.",
    why: "In case the function is left too soon after a drop.",
    said: 'Andres Lagar-Cavilla: "Set lock_dropped = 1. In case we break out too soon".',
    later: "Not taken. It changes nothing: whoever leaves early leaves with *locked = 0.",
    source: "the review of 26 Sep 2014",
    ops: posted("early-drop"),
  },
  "rfc:add-again": {
    says: 'the posted patch with "Replace top two lines"',
    what: "The posted patch with two lines of the still-locked branch replaced by one that adds what was got.",
    why: "The two lines looked like a special case of one.",
    said: 'Andres Lagar-Cavilla: "Replace top two lines with".',
    later: "Not taken: it counts a short last pass twice, and returns 0 for an error with nothing done.",
    source: "the review of 26 Sep 2014",
    ops: posted("add-again"),
  },
  "rfc:one-page": {
    says: "the posted patch with one page in the second call",
    what: "The posted patch with one page in its second pass.",
    why: "The lock is then held over one IO at most, and only if the page is gone again.",
    said: 'Andres Lagar-Cavilla: "s/nr_pages/1/ otherwise we block on everything left ahead".',
    later: "Taken. It is also what saves the patch from its own BUG_ON, which nobody in the mail says.",
    source: "the review of 26 Sep 2014",
    ops: posted("one-page"),
  },
  "rfc:no-errno": {
    says: 'the posted patch with "So remove"',
    what: "The posted patch without the line that keeps the errno of the second pass.",
    why: "The reviewer thought that it could not be reached.",
    said: 'Andres Lagar-Cavilla: "Don\'t think so ... So remove".',
    later: "Not taken: when the page becomes invalid while the lock is dropped, the errno would be lost.",
    source: "the review of 26 Sep 2014",
    ops: posted("no-errno"),
  },
  "rfc:guard-errno": {
    says: "the posted patch, and a stack guard page is an error in a walk for mlock",
    what: "The posted patch, and a stack guard page is an error in a walk for mlock.",
    why: "Otherwise a page is counted that nobody got.",
    said: 'Andres Lagar-Cavilla: "fixing that one case inside __gup"; he feared a return of 0, which v3.17 does not give.',
    later: "Not taken. The guard page itself is gone since about v4.12.",
    source: "the review of 26 Sep 2014",
    ops: { ...faultinV3_17, ...gupRfc, ...guardErrno },
  },
  "rfc:rename": {
    says: "the posted patch with notify_drop for immediate_unlock, and nothing else",
    what: "The posted patch with immediate_unlock renamed to notify_drop and nothing else.",
    why: "The new name says what the caller wants: to be told of a drop.",
    said: 'Andres Lagar-Cavilla: "s/immediate_unlock/notify_drop/".',
    later: "Taken, with the test turned round: the name has the opposite sense. Renamed alone, drops are not told.",
    source: "the review of 26 Sep 2014",
    ops: posted("rename"),
  },
  reviewed: {
    says: "the posted patch with each review comment applied literally",
    what: "The posted patch with every comment of its review applied to the letter.",
    why: "It shows which comments must be read with care.",
    said: 'Andres Lagar-Cavilla wrote the comments, and "Acked, for the spirit".',
    later:
      "Never existed: the merged code took the one page and the rename, and kept both lines the review wanted gone.",
    source: "the review of 26 Sep 2014",
    ops: { ...faultinV3_17, ...gupReviewed },
  },
  "v4.0": {
    says: "drop on RETRY, then one page with the lock held; prefault bails out",
    what: "A polite pass that may drop the lock; after a drop the page that said RETRY is asked for alone, with the lock held; then politely again.",
    why: "At most one IO is waited for with the lock held, for each RETRY, and only if the page is gone again.",
    said: 'Andrea Arcangeli: "seek to the first page that returned VM_FAULT_RETRY and issue a nr_pages=1 gup".',
    later: "A prefault was let insist too (v5.2), and the second pass may drop again since v5.7.",
    source: "v4.0 mm/gup.c",
    ops: { ...faultinV3_17, ...gupV4_0 },
  },
  "give-up": {
    says: "one polite pass, and return what there is after the first wait",
    what: "One polite pass, and the call returns what it has after the first wait.",
    why: "It is the end of the choice at which the caller has the loop.",
    said: "Andrea Arcangeli, for a prefault: \"don't insist harder\"; Andres Lagar-Cavilla's KVM patch bails out there, too.",
    later: "What a call without a pages array did up to v4.15.",
    source: "the mail of 26 Sep 2014",
    ops: { ...faultinV3_17, ...gupGiveUp },
  },
  "retry:N": {
    says: "as v4.0, but a page is asked for N times, or forever, before the lock is held over its IO",
    what: "A page is asked for politely N times, or for ever, before the lock is held over its IO.",
    why: "Each further polite attempt leaves fewer IOs under the lock, and waits for one more in full.",
    said: 'Andres Lagar-Cavilla: "Maybe just try three times is good enough"; Andrea Arcangeli: looped forever it would "eventually succeed, but it risks doing more work".',
    later: "Not taken; since v5.7 the loop is unbounded for userfaults, and still once for IO.",
    source: "the mail of 26 Sep 2014",
    withNumber: (n: number) => ({ ...faultinV3_17, __get_user_pages_locked: gup_retry(n) }),
    endless: true,
  },
  nommu: {
    says: "no MMU: nothing faults and nothing is dropped",
    what: "Without an MMU all memory is there: the locked form ignores its pointer, the unlocked one is lock, get, unlock.",
    why: "The front ends must exist on every architecture.",
    said: "Andrea Arcangeli's patch adds both to mm/nommu.c.",
    later: null,
    source: "v4.0 mm/nommu.c",
    ops: { ...faultinV3_17, ...gupNommu },
  },
  "v5.4": {
    says: "as v4.0, and a prefault insists until it is mapped",
    what: "As v4.0, and a prefault insists until its page is mapped.",
    why: "A prefault that returned after the IO left its page unmapped, and the cost to the next toucher: for KVM the vcpu, once more under the lock.",
    said: null,
    later: "Replaced by the loop of v5.7.",
    source: "v5.4 mm/gup.c",
    ops: { ...faultinV5_4, ...gupV5_4 },
  },
  modern: {
    says: "drop, then that page again as often as it says RETRY; killable",
    what: "The second pass has leave to drop again, without bound, and a fatal signal ends it.",
    why: "A userfault may be missing again and again, and a killed task must be able to leave.",
    said: null,
    later: "For IO it changes nothing: a fault that carries TRIED waits with the lock held.",
    source: "v6.18 mm/gup.c",
    ops: { ...faultinModern, ...gupModern },
  },
} as const satisfies Record<
  string,
  Form<
    | "__get_user_pages_locked"
    | "fatal_signal_errno"
    | "faultin_page"
    | "gup_read_lock"
    | "madv_populate_pass"
    | "populate_pass"
  >
>;
