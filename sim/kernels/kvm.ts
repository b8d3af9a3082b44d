import * as kvmModern from "../linux/virt/kvm/kvm_main.modern.ts";
import * as kvmRfc from "../linux/virt/kvm/kvm_main.rfc.ts";
import * as kvmV3_17 from "../linux/virt/kvm/kvm_main.v3.17.ts";
import * as kvmV3_19 from "../linux/virt/kvm/kvm_main.v3.19.ts";
import * as kvmV4_0 from "../linux/virt/kvm/kvm_main.v4.0.ts";
import * as kvmV5_2 from "../linux/virt/kvm/kvm_main.v5.2.ts";
import type { Form } from "./form.ts";

/** How KVM looks guest pages up. */
export const kvm = {
  "v3.17": {
    says: "synchronous look-up: gup_fast, then its slow part",
    what: "A synchronous guest fault asks gup_fast, whose slow part holds the lock over the IO; so does the async worker.",
    why: "There was no other call.",
    said: 'Andres Lagar-Cavilla: the retry "will not relinquish" the lock while it blocks on the IO.',
    later: "Replaced in v3.19.",
    source: "v3.17 virt/kvm/kvm_main.c",
    ops: { ...kvmV3_17, apf_ready_acked: false },
  },
  rfc: {
    says: "synchronous look-up: get_user_pages_unlocked",
    what: "The synchronous look-up calls get_user_pages_unlocked.",
    why: "It knows already that the page is not there: a second lockless walk would be in vain.",
    said: "Andres Lagar-Cavilla's KVM patch, rebased by Andrea Arcangeli onto get_user_pages_unlocked.",
    later: "It cannot carry FOLL_HWPOISON; the merge added a function that can.",
    source: "the patches of 26 Sep 2014, virt/kvm",
    ops: { ...kvmRfc, apf_ready_acked: false },
  },
  "v3.19": {
    says: "KVM's own polite look-up, in the worker too, whatever gup is",
    what: "KVM has a polite look-up of its own, kvm_get_user_page_io, in the worker too.",
    why: "It was ready before the general form.",
    said: 'Andres Lagar-Cavilla: "Likely my patch will go in and then you can just throw this one on top, removing kvm_get_user_page_io".',
    later: "Removed in v4.0.",
    source: "v3.19 virt/kvm/kvm_main.c, async_pf.c",
    ops: { ...kvmV3_19, apf_ready_acked: false },
  },
  "v4.0": {
    says: "synchronous look-up: __get_user_pages_unlocked with FOLL_HWPOISON",
    what: "The synchronous look-up calls __get_user_pages_unlocked with FOLL_HWPOISON.",
    why: "A poisoned page must be told from a missing one.",
    said: null,
    later: "One function for both look-ups since about v5.2.",
    source: "v4.0 virt/kvm/kvm_main.c",
    ops: { ...kvmV4_0, apf_ready_acked: false },
  },
  "v5.2": {
    says: "one call for both look-ups, FOLL_NOWAIT for the first; lockless first each time",
    what: "One call for both look-ups; the first adds FOLL_NOWAIT. The lockless look-up comes first each time.",
    why: "Less code; but NOWAIT and a locked pointer together needed a fix of get_user_pages first.",
    said: null,
    later:
      "In v4.16-rc it was there without that fix (96312e61282a), as v4.0+kvm=v5.2 is: each look-up of a missing page keeps the lock, and the run ends by leaked-lock.",
    source: "v5.2 virt/kvm/kvm_main.c",
    ops: { ...kvmV5_2, apf_ready_acked: false },
  },
  modern: {
    says: "as v5.2, no poison probe",
    what: "As v5.2, without the poison probe, and page-ready is an interrupt that the guest acknowledges.",
    why: "A failed look-up must not wait for the IO again with the lock held.",
    said: null,
    later: null,
    source: "v6.18 virt/kvm/kvm_main.c",
    ops: { ...kvmModern, apf_ready_acked: true },
  },
} as const satisfies Record<
  string,
  Form<"apf_ready_acked" | "async_pf_get_user_page" | "hva_to_pfn" | "hva_to_pfn_slow">
>;
