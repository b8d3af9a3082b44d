import type { Explanation } from "../explanation.ts";
import { get_user_pages_fast } from "../linux/arch/x86/mm/gup.ts";
import { xdp_umem_pin_pages } from "../linux/net/xdp/xdp_umem.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller, CallerSteps } from "./callers.ts";

const fast =
  (site: Site, write: boolean): CallerSteps =>
  (current, mm, start, pages) => {
    current.site = site;
    return get_user_pages_fast(current, mm, start, pages, write, []);
  };

/** Who pins pages to do IO on them. */
export const pinningCallers = {
  odirect_read: {
    says: "read(2) O_DIRECT into the page",
    pages: 1,
    site: "get_user_pages_fast",
    steps: fast("get_user_pages_fast", true),
  },
  vmsplice: {
    says: "vmsplice of the page",
    pages: 1,
    site: "vmsplice_to_pipe",
    steps: fast("vmsplice_to_pipe", false),
  },
  io_uring_register: {
    says: "io_uring buffer registration",
    pages: 1,
    site: "io_pin_pages",
    steps: (t, mm, at, n) => t.kernel.ops.io_pin_pages(t, mm, at, n),
    since: "v5.1",
  },
} as const satisfies Record<string, Caller>;

/** A shared futex, whose key is its page. */
export const futexKeyCallers = {
  futex_wake_shared: {
    says: "futex(WAKE), shared key on the page",
    pages: 1,
    site: "get_futex_key",
    steps: fast("get_futex_key", true),
  },
} as const satisfies Record<string, Caller>;

/** Who registers memory for good. */
export const xdpCallers = {
  xdp_umem_reg: {
    says: "AF_XDP umem registration",
    pages: 1,
    site: "xdp_umem_pin_pages",
    steps: xdp_umem_pin_pages,
    since: "v4.18",
  },
} as const satisfies Record<string, Caller>;

/** Who pins pages, the call sites of the 2014 patch among them. */
export const gupSites = {
  get_user_pages_fast: {
    what: "Pins pages of the own mm without the lock, and the rest through a slow part that takes it. O_DIRECT, vmsplice, io_uring and shared futexes call it.",
    why: "Its slow part held the lock over IO, six times in the tree.",
    said: 'Andres Lagar-Cavilla: it "has no slowpath fallback that turns on ALLOW_RETRY".',
    later: "Merged as posted; one generic function today.",
    source: "v3.17 arch/x86/mm/gup.c and five others",
  },
  "get_user_pages_fast (weak)": {
    what: "The same where an architecture has no lockless walk: always the slow part.",
    why: "It gains over IO all the same.",
    said: null,
    later: "Merged as posted.",
    source: "v3.17 mm/util.c",
  },
  kvm_arch_fault_in_page: {
    what: "s390 asks for a guest page without wanting it: a prefault.",
    why: "After a RETRY the page is read and not mapped; 0 is success, and the guest faults again.",
    said: null,
    later: "Replaced by gmap_fault.",
    source: "v3.17 arch/s390/kvm/kvm-s390.c",
  },
  dma_pin_iovec_pages: {
    what: "Pins the pages of each iovec of a DMA copy.",
    why: "A call for each, on pages that are mostly there: gup_fast takes no lock for those. The count becomes an int there, which was a long.",
    said: null,
    later: "The file is gone.",
    source: "v3.17 drivers/dma/iovlock.c",
  },
  "amd_iommu_v2 do_fault": {
    what: "A worker faults a page in for a device, in the mm of the process that the device works for.",
    why: "A foreign task holds the lock of a process over IO.",
    said: null,
    later:
      "The merged form calls the fault handler itself, with the lock held and no leave to drop it: less polite than posted.",
    source: "v3.17 drivers/iommu/amd_iommu_v2.c",
  },
  ivtv_udma_setup: {
    what: "A video driver pins a user buffer, with force.",
    why: "force has no fast form, so it stays with the unlocked call.",
    said: 'Andrea Arcangeli: replace by gup_fast "unless force = 1".',
    later: "Merged as posted.",
    source: "v3.17 drivers/media/pci/ivtv/ivtv-udma.c",
  },
  non_atomic_pte_lookup: {
    what: "SGI's GRU looks a page up with the lock held for read.",
    why: "As gup_fast it would take the lock twice: a deadlock with a writer between.",
    said: null,
    later: "Left as plain get_user_pages.",
    source: "v3.17 drivers/misc/sgi-gru/grufault.c",
  },
  sgl_map_user_pages: {
    what: "The tape driver pins a user buffer.",
    why: 'An "obvious candidate for gup_fast".',
    said: "Andrea Arcangeli: such candidates should be split off.",
    later: "Merged with the unlocked call.",
    source: "v3.17 drivers/scsi/st.c",
  },
  pvr2fb_write: {
    what: "A frame buffer pins what is written to it. It asks to write what it only reads from.",
    why: "As sgl_map_user_pages. The unsigned long count becomes an int.",
    said: null,
    later: "Merged with the unlocked call. It compares a negative result with an unsigned: an old bug.",
    source: "v3.17 drivers/video/fbdev/pvr2fb.c",
  },
  lookup_node: {
    what: "get_mempolicy looks a page up with the lock held for read.",
    why: "As gup_fast it would take the lock twice: a deadlock with a writer between.",
    said: null,
    later: "Left as plain; today it lets go of the lock first.",
    source: "v3.17 mm/mempolicy.c",
  },
  ceph_get_direct_page_vector: {
    what: "Direct IO of ceph pins its buffer, a step at a time, under one hold.",
    why: "Even with resident pages the hold is the sum of all steps. It was a critical section, too: between two steps the mapping may change now. The count becomes an int.",
    said: null,
    later: "A call for each step, no hold around them.",
    source: "v3.17 net/ceph/pagevec.c",
  },
  get_futex_key: {
    what: "A shared futex pins its page by gup_fast.",
    why: "The key is the page.",
    said: null,
    later: null,
    source: "v3.17 kernel/futex.c",
  },
  vmsplice_to_pipe: {
    what: "vmsplice(2) pins pages by gup_fast.",
    why: "As O_DIRECT.",
    said: null,
    later: null,
    source: "v6.18 fs/splice.c",
  },
  io_pin_pages: {
    what: "io_uring registers a buffer by gup_fast.",
    why: "As O_DIRECT.",
    said: null,
    later: "Up to v6.8 it was plain get_user_pages, in one hold over every IO.",
    source: "v5.4 fs/io_uring.c, v6.18 io_uring/memmap.c",
  },
  xdp_umem_pin_pages: {
    what: "AF_XDP registers its memory under one hold, over every IO.",
    why: "pin_user_pages without a locked pointer.",
    said: null,
    later: "Still so.",
    source: "v6.18 net/xdp/xdp_umem.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
