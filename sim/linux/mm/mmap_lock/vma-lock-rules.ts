/** Which user faults are served under the lock of their mapping, release by release. */
import type { vm_area_struct } from "../../include/linux/mm_types.ts";
import type { VmaLockRules } from "../mmap_lock.ts";

/** Source: v6.4 mm/memory.c (lock_vma_under_rcu, do_swap_page). */
export const vmaLocksV6_4: VmaLockRules = {
  covers: (vma) => isAnonymous(vma) && vma.anon_vma && vma.userfaultfd === null,
  swap: false,
  anonVmaByTrylock: false,
  userfaultfdCopy: false,
};

/** Source: v6.8 mm/memory.c (lock_vma_under_rcu), mm/userfaultfd.c. */
export const vmaLocksV6_8: VmaLockRules = {
  covers: (vma) => vma.kind !== "hugetlb" && (!isAnonymous(vma) || vma.anon_vma),
  swap: true,
  anonVmaByTrylock: false,
  userfaultfdCopy: false,
};

/** Source: v6.18 mm/mmap_lock.c, mm/memory.c (vmf_anon_prepare), mm/userfaultfd.c (uffd_lock_vma). */
export const vmaLocksV6_18: VmaLockRules = {
  covers: () => true,
  swap: true,
  anonVmaByTrylock: true,
  userfaultfdCopy: true,
};

function isAnonymous(vma: vm_area_struct): boolean {
  return vma.kind === "anon";
}
