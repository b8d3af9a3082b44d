import type { Steps } from "../engine/task.ts";
import type { Explanation } from "../explanation.ts";
import { EFAULT } from "../linux/include/linux/mm.ts";
import type { mm_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller } from "./callers.ts";

function* kvmRun(t: task_struct, mm: mm_struct, start: number, canDoAsync: boolean): Steps<number> {
  const { hva_to_pfn, async_pf_get_user_page } = t.kernel.ops;
  let pfn = yield* hva_to_pfn(t, mm, start, true, true);
  if (pfn === "async" && canDoAsync) {
    t.site = "async_pf_execute";
    yield* async_pf_get_user_page(t, mm, start);
    return 0;
  }
  if (pfn === "async") pfn = yield* hva_to_pfn(t, mm, start, false, true);
  return pfn === "pfn" ? 0 : -EFAULT;
}

/** A guest touches a page. An asynchronous fault is done by one task here, first the vcpu's part, then the worker's. */
export const kvmCallers = {
  kvm_run_apf0: {
    says: "KVM guest access, no async page fault",
    pages: 1,
    site: "hva_to_pfn_slow",
    steps: (t, mm, at) => kvmRun(t, mm, at, false),
  },
  kvm_run_apf1: {
    says: "KVM guest access, async page fault possible",
    pages: 1,
    site: "async_pf_execute",
    steps: (t, mm, at) => kvmRun(t, mm, at, true),
  },
} as const satisfies Record<string, Caller>;

/** KVM's look-ups of guest pages. */
export const kvmSites = {
  async_pf_execute: {
    what: "KVM's worker waits for the page of an async page fault.",
    why: "It held the lock for the rest of the IO, on behalf of nobody in the process.",
    said: 'Andres Lagar-Cavilla: "retried asap from an async workqueue".',
    later: "Polite since v3.19; since v5.2 it maps the page and takes the lock twice.",
    source: "v3.17 virt/kvm/async_pf.c",
  },
  hva_to_pfn_slow: {
    what: "KVM's look-up of a guest page that gup_fast did not find.",
    why: "Synchronous, it held the lock over the IO.",
    said: 'Andres Lagar-Cavilla: "both the regular and async PF path".',
    later: "Polite since v3.19.",
    source: "v3.17 virt/kvm/kvm_main.c",
  },
  get_user_page_nowait: {
    what: "KVM's first look-up: starts the IO and does not wait.",
    why: "KVM wants to know whether it can go async.",
    said: "Not changed by the patch.",
    later: "FOLL_NOWAIT of one function today.",
    source: "v3.17 virt/kvm/kvm_main.c",
  },
  hva_to_pfn: {
    what: "KVM looks at the mapping after a look-up has failed, and up to v6.12 probes for poison.",
    why: "One more hold for each missing page.",
    said: null,
    later: "No probe in v6.18.",
    source: "v3.17 virt/kvm/kvm_main.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
