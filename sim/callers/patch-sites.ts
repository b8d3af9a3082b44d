/** The callers of get_user_pages that the 2014 patch changes: what each did before, what the patch makes of it, what was merged. A table: nothing of the kernel is loaded with it. */

import type { Site } from "../linux/sites.ts";

/**
 * How a site gets its pages.
 *
 * - `gup`: down_read, get_user_pages, up_read. `gup-held`: the lock is the caller's. `gup-loop`: one hold around a loop of calls.
 * - `unlocked`: get_user_pages_unlocked.
 * - `fast`: get_user_pages_fast. `fast-plain`: its slow part holds the lock over IO. `fast-held`: called with the lock held.
 *   `fast-loop`: once a step of the caller's loop, no hold around it.
 */
export type PatchCall =
  | "gup"
  | "gup-held"
  | "gup-loop"
  | "unlocked"
  | "fast"
  | "fast-plain"
  | "fast-held"
  | "fast-loop"
  | "unlocked-loop";

/** Before the patch of 2014, as posted, and as merged. */
export const siteForms = ["before", "rfc", "merged"] as const;
export type SiteForm = (typeof siteForms)[number];

/** A site in the three forms. */
export interface PatchSite {
  readonly site: Site;
  readonly file: string;
  /** Its numbered statement of the mail. */
  readonly row: string;
  readonly mm: "own" | "remote";
  /** Pages of one call, as people use it. */
  readonly pages: number;
  readonly write: boolean;
  readonly force: boolean;
  /** A pages array is given; otherwise the call is a prefault. */
  readonly wantsPages: boolean;
  readonly before: PatchCall;
  readonly rfc: PatchCall;
  readonly merged: PatchCall;
  /** What the caller does with fewer pages than it asked for. */
  readonly onShort: string;
}

function site(
  name: Site,
  file: string,
  row: string,
  forms: readonly [PatchCall, PatchCall, PatchCall],
  rest: Partial<PatchSite> & { readonly onShort: string },
): PatchSite {
  const [before, rfc, merged] = forms;
  const usual = { mm: "own", pages: 1, write: true, force: false, wantsPages: true } as const;
  return { site: name, file, row, ...usual, before, rfc, merged, ...rest };
}

/** Source: v3.17, the patches of 26 Sep 2014 and v4.1, the files named. The slow part of gup_fast stands six times in the tree. Where v4.1 has the site no more (kvm_arch_fault_in_page became gmap_fault, the file of dma_pin_iovec_pages is gone), the merged form is the posted one. */
export const patchSites: readonly PatchSite[] = [
  site(
    "get_user_pages_fast",
    "arch/{x86,mips,sh,sparc,powerpc,s390}/mm/gup.c",
    "S94-S100",
    ["fast-plain", "fast", "fast"],
    {
      pages: 64,
      onShort: "adds what the fast part got; an error after progress is a short count",
    },
  ),
  site("get_user_pages_fast (weak)", "mm/util.c", "S112", ["gup", "unlocked", "unlocked"], {
    pages: 64,
    onShort: "passes it on",
  }),
  site("kvm_arch_fault_in_page", "arch/s390/kvm/kvm-s390.c", "S101", ["gup", "unlocked", "unlocked"], {
    wantsPages: false,
    onShort: "negative is an error, 0 is success",
  }),
  site("dma_pin_iovec_pages", "drivers/dma/iovlock.c", "S102", ["gup", "fast", "fast"], {
    pages: 16,
    onShort: "unpins the finished iovecs; the pages of the failing one leak",
  }),
  site("amd_iommu_v2 do_fault", "drivers/iommu/amd_iommu_v2.c", "S103", ["gup", "unlocked", "gup-held"], {
    mm: "remote",
    onShort: "anything but 1 is a device callback or INVALID",
  }),
  site("ivtv_udma_setup", "drivers/media/pci/ivtv/ivtv-udma.c", "S104", ["gup", "unlocked", "unlocked"], {
    pages: 64,
    write: false,
    force: true,
    onShort: "releases what it got; a positive short count is -EINVAL",
  }),
  site("non_atomic_pte_lookup", "drivers/misc/sgi-gru/grufault.c", "S105", ["gup-held", "fast-held", "gup-held"], {
    onShort: "0 or less is -EFAULT",
  }),
  site("sgl_map_user_pages", "drivers/scsi/st.c", "S106", ["gup", "fast", "unlocked"], {
    pages: 16,
    onShort: "releases what it got; 0 means to use a bounce buffer",
  }),
  site("pvr2fb_write", "drivers/video/fbdev/pvr2fb.c", "S107", ["gup", "fast", "unlocked"], {
    pages: 16,
    onShort: "compares int with unsigned: a negative result counts as success (an old bug)",
  }),
  site("lookup_node", "mm/mempolicy.c", "S108", ["gup-held", "fast-held", "gup-held"], {
    write: false,
    onShort: "0 and more is success, so 0 would use an unset page",
  }),
  site("process_vm_rw_single_vec", "mm/process_vm_access.c", "S111", ["gup", "unlocked", "unlocked"], {
    mm: "remote",
    pages: 64,
    onShort: "copies the part, asks again; 0 or less is -EFAULT",
  }),
  site("ceph_get_direct_page_vector", "net/ceph/pagevec.c", "S113", ["gup-loop", "fast-loop", "unlocked-loop"], {
    pages: 16,
    onShort: "asks again for the rest; asserts on 0",
  }),
  site("async_pf_execute", "virt/kvm/async_pf.c", "S114", ["gup", "unlocked", "unlocked"], {
    mm: "remote",
    wantsPages: false,
    onShort: "ignores it",
  }),
  site("hva_to_pfn_slow", "virt/kvm/kvm_main.c", "S115", ["fast-plain", "unlocked", "unlocked"], {
    onShort: "anything but 1 is a poison probe and a look at the mapping",
  }),
];

/** What a careful reader says of a site's form; empty when there is nothing to say. */
export function lint(record: PatchSite, form: SiteForm): string[] {
  const call = record[form];
  const says: string[] = [];
  if (call === "fast-held") says.push("takes the lock again in its slow part: deadlock with a writer between (S38)");
  if (call === "gup" || call === "gup-held" || call === "gup-loop" || call === "fast-plain") {
    says.push("holds the lock over IO");
  }
  if (call.startsWith("fast") && record.mm === "remote") says.push("gup_fast is for the own mm only (S27)");
  // The weak gup_fast is what an architecture has that cannot walk without the lock.
  const isGupFast = record.site.startsWith("get_user_pages_fast");
  if (call === "unlocked" && record.mm === "own" && !record.force && record.wantsPages && !isGupFast) {
    says.push("own mm without force: gup_fast would do without the lock (S27, S30)");
  }
  return says;
}
