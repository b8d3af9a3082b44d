/** Which forms of its functions a kernel has: the axes, their values, and the presets that bind them. */
import * as faultV2_6_36 from "../linux/arch/x86/mm/fault.v2.6.36.ts";
import * as faultModern from "../linux/arch/x86/mm/fault.modern.ts";
import * as faultV3_17 from "../linux/arch/x86/mm/fault.v3.17.ts";
import { dump_user_range } from "../linux/fs/coredump.ts";
import * as coredumpV3_17 from "../linux/fs/coredump.v3.17.ts";
import * as ioPinPagesV5_4 from "../linux/io_uring/io_pin_pages.v5.4.ts";
import * as ioPinPagesV6_18 from "../linux/io_uring/io_pin_pages.v6.18.ts";
import * as madviseV5_4 from "../linux/mm/syscalls/forms/madvise.v5.4.ts";
import * as mempolicyV5_4 from "../linux/mm/syscalls/forms/mempolicy.v5.4.ts";
import * as migrateV3_17 from "../linux/mm/syscalls/forms/migrate.v3.17.ts";
import * as migrateV5_4 from "../linux/mm/syscalls/forms/migrate.v5.4.ts";
import { unuse_mm } from "../linux/mm/swap/swapfile.ts";
import * as swapfileV3_17 from "../linux/mm/swap/swapfile.v3.17.ts";
import * as procV3_17 from "../linux/fs/proc/base.v3.17.ts";
import * as procV6_18 from "../linux/fs/proc/base.v6.18.ts";
import * as mapsV3_17 from "../linux/fs/proc/task_mmu.v3.17.ts";
import * as mapsV6_18 from "../linux/fs/proc/task_mmu.v6.18.ts";
import * as userfaultQueuedFirst from "../linux/fs/userfaultfd.queued-first.ts";
import * as userfaultReleasedFirst from "../linux/fs/userfaultfd.released-first.ts";
import * as userfaultWakeFirst from "../linux/fs/userfaultfd.wake-first.ts";
import type { KernelOps } from "../linux/ops.ts";
import { rwsem_modern } from "../linux/kernel/locking/rwsem-modern.ts";
import { rwsem_reader_pref } from "../linux/kernel/locking/rwsem-reader-pref.ts";
import { rwsem_steal } from "../linux/kernel/locking/rwsem-steal.ts";
import { rwsem_strict_fifo } from "../linux/kernel/locking/rwsem-strict-fifo.ts";
import { rwsem_xadd } from "../linux/kernel/locking/rwsem-xadd.ts";
import * as filemapModern from "../linux/mm/filemap/filemap.modern.ts";
import * as filemapNeverDrop from "../linux/mm/filemap/filemap.never-drop.ts";
import * as filemapV3_17 from "../linux/mm/filemap/filemap.v3.17.ts";
import * as filemapV5_1 from "../linux/mm/filemap/filemap.v5.1.ts";
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
import * as faultinModern from "../linux/mm/gup/faultin/gup-faultin.modern.ts";
import * as guardErrno from "../linux/mm/gup/faultin/gup-faultin.guard-errno.ts";
import * as faultinV3_17 from "../linux/mm/gup/faultin/gup-faultin.v3.17.ts";
import * as faultinV5_4 from "../linux/mm/gup/faultin/gup-faultin.v5.4.ts";
import * as madviseV3_17 from "../linux/mm/syscalls/madvise.v3.17.ts";
import * as madviseV6_18 from "../linux/mm/syscalls/madvise.v6.18.ts";
import * as mempolicyV3_17 from "../linux/mm/syscalls/mempolicy.v3.17.ts";
import * as mempolicyV6_18 from "../linux/mm/syscalls/mempolicy.v6.18.ts";
import * as munmapV3_17 from "../linux/mm/mmap/mmap.v3.17.ts";
import * as munmapV4_20 from "../linux/mm/mmap/mmap.v4.20.ts";
import { vmaLocksV6_4, vmaLocksV6_8, vmaLocksV6_18 } from "../linux/mm/mmap_lock/vma-lock-rules.ts";
import * as kvmModern from "../linux/virt/kvm/kvm_main.modern.ts";
import * as kvmRfc from "../linux/virt/kvm/kvm_main.rfc.ts";
import * as kvmV3_17 from "../linux/virt/kvm/kvm_main.v3.17.ts";
import * as kvmV3_19 from "../linux/virt/kvm/kvm_main.v3.19.ts";
import * as kvmV4_0 from "../linux/virt/kvm/kvm_main.v4.0.ts";
import * as kvmV5_2 from "../linux/virt/kvm/kvm_main.v5.2.ts";

/** One value of an axis: what it says in a line, where that can be read, and the functions it brings. */
export interface Form {
  readonly says: string;
  readonly source: string;
  readonly ops: Partial<KernelOps>;
  /** For a value named `NAME:N`: the functions for a number. */
  readonly withNumber?: (n: number) => Partial<KernelOps>;
  /** The number may be `forever`. */
  readonly endless?: boolean;
}

function form(says: string, source: string, ...parts: Partial<KernelOps>[]): Form {
  return { says, source, ops: Object.assign({}, ...parts) as Partial<KernelOps> };
}

const seed = "the patches of 26 Sep 2014, mm/gup.c";
const rwsemC = "kernel/locking/rwsem.c";

function posted(suggestion: Suggestion, says: string): Form {
  return form(says, "the review of 26 Sep 2014", faultinV3_17, {
    __get_user_pages_locked: gup_posted_with(suggestion),
  });
}

/** What can be chosen, axis by axis, oldest first. */
export const axes = {
  gup: {
    plain: form("one pass, the lock held over every IO", "v3.17 mm/gup.c", faultinV3_17, gupV3_17),
    rfc: form("drop on RETRY, then all remaining pages with the lock held", seed, faultinV3_17, gupRfc),
    "rfc:early-drop": posted("early-drop", "the posted patch, lock_dropped set right after the first call"),
    "rfc:add-again": posted("add-again", 'the posted patch with "Replace top two lines"'),
    "rfc:one-page": posted("one-page", "the posted patch with one page in the second call"),
    "rfc:no-errno": posted("no-errno", 'the posted patch with "So remove"'),
    "rfc:guard-errno": form(
      "the posted patch, and a stack guard page is an error in a walk for mlock",
      "the review of 26 Sep 2014",
      faultinV3_17,
      gupRfc,
      guardErrno,
    ),
    "rfc:rename": posted("rename", "the posted patch with notify_drop for immediate_unlock, and nothing else"),
    reviewed: form("the posted patch with each review comment applied literally", seed, faultinV3_17, gupReviewed),
    "v4.0": form(
      "drop on RETRY, then one page with the lock held; prefault bails out",
      "v4.0 mm/gup.c",
      faultinV3_17,
      gupV4_0,
    ),
    "give-up": form(
      "one polite pass, and return what there is after the first wait",
      "the mail of 26 Sep 2014",
      faultinV3_17,
      gupGiveUp,
    ),
    "retry:N": {
      ...form(
        "as v4.0, but a page is asked for N times, or forever, before the lock is held over its IO",
        "the mail of 26 Sep 2014",
      ),
      withNumber: (n: number) => ({ ...faultinV3_17, __get_user_pages_locked: gup_retry(n) }),
      endless: true,
    },
    nommu: form("no MMU: nothing faults and nothing is dropped", "v4.0 mm/nommu.c", faultinV3_17, gupNommu),
    "v5.4": form("as v4.0, and a prefault insists until it is mapped", "v5.4 mm/gup.c", faultinV5_4, gupV5_4),
    modern: form(
      "drop, then that page again as often as it says RETRY; killable",
      "v6.18 mm/gup.c",
      faultinModern,
      gupModern,
    ),
  },
  rwsem: {
    "xadd-v3.17": form(
      "writers barge and spin on writers, head-contiguous reader grants",
      "v3.17 kernel/locking/rwsem-xadd.c",
      { rwsem: rwsem_xadd },
    ),
    modern: form(
      "readers steal, writers spin on readers too, hand-off by age, whole-queue reader grants",
      `v6.18 ${rwsemC}`,
      { rwsem: rwsem_modern },
    ),
    "reader-pref": form("readers wait for a writer that owns the lock, for nobody else", "no kernel's", {
      rwsem: rwsem_reader_pref,
    }),
    "steal:N": {
      ...form("order of arrival, but each waiter puts up with N steals", "no kernel's"),
      withNumber: (n: number) => ({ rwsem: rwsem_steal(n) }),
    },
    "strict-fifo": form("order of arrival, nobody steals", "no kernel's", { rwsem: rwsem_strict_fifo }),
  },
  fault: {
    "never-drop": form("every wait with the lock held", "v2.6.36 mm/filemap.c, arch/x86/mm/fault.c", filemapNeverDrop, {
      synchronous_swap_skips_cluster: false,
      do_user_addr_fault: faultV2_6_36.do_page_fault,
    }),
    "v3.17": form(
      "reads submitted under the lock, one polite wait",
      "v3.17 mm/filemap.c, arch/x86/mm/fault.c",
      filemapV3_17,
      { do_user_addr_fault: faultV3_17.__do_page_fault, synchronous_swap_skips_cluster: false },
    ),
    "v5.1": form("file faults drop the lock before anything that may block", "v5.2 mm/filemap.c", filemapV5_1, {
      synchronous_swap_skips_cluster: true,
      do_user_addr_fault: faultV3_17.__do_page_fault,
    }),
    modern: form(
      "only a first attempt drops the lock for IO; unbounded retries; killable",
      "v6.18 mm/filemap.c, arch/x86/mm/fault.c",
      filemapV5_1,
      filemapModern,
      faultModern,
      { synchronous_swap_skips_cluster: true },
    ),
  },
  userfault: {
    "released-first": form(
      "as queued-first, but a page of a closed descriptor is answered with nothing, lock held: get_user_pages looks for ever",
      "v4.15, v5.4 and v6.12 fs/userfaultfd.c",
      userfaultReleasedFirst,
    ),
    "queued-first": form(
      "a missing page is queued for its server before the server is woken",
      "v6.18 fs/userfaultfd.c",
      userfaultQueuedFirst,
    ),
    "wake-first": form(
      "the server is woken before the message is queued: a wake-up may be lost",
      "no kernel's",
      userfaultWakeFirst,
    ),
  },
  vma: {
    none: form("no per-VMA locks", "before v6.4", { vma_lock: null }),
    "v6.4": form("user faults on anonymous mappings, no swap-in", "v6.4 mm/memory.c", { vma_lock: vmaLocksV6_4 }),
    "v6.8": form("also swap, file, shmem and userfaultfd", "v6.8 mm/memory.c", { vma_lock: vmaLocksV6_8 }),
    "v6.18": form("also hugetlb and fresh mappings; UFFDIO_COPY", "v6.18 mm/memory.c, mm/mmap_lock.c", {
      vma_lock: vmaLocksV6_18,
    }),
  },
  munmap: {
    write: form("held for write during the whole zap", "v3.17 mm/mmap.c", munmapV3_17),
    downgrade: form("zaps as a reader", "v4.20 mm/mmap.c", munmapV4_20),
  },
  kvm: {
    "v3.17": form("synchronous look-up: gup_fast, then its slow part", "v3.17 virt/kvm/kvm_main.c", kvmV3_17, {
      apf_ready_acked: false,
    }),
    rfc: form("synchronous look-up: get_user_pages_unlocked", "the patches of 26 Sep 2014, virt/kvm", kvmRfc, {
      apf_ready_acked: false,
    }),
    "v3.19": form(
      "KVM's own polite look-up, in the worker too, whatever gup is",
      "v3.19 virt/kvm/kvm_main.c, async_pf.c",
      kvmV3_19,
      { apf_ready_acked: false },
    ),
    "v4.0": form(
      "synchronous look-up: __get_user_pages_unlocked with FOLL_HWPOISON",
      "v4.0 virt/kvm/kvm_main.c",
      kvmV4_0,
      { apf_ready_acked: false },
    ),
    "v5.2": form(
      "one call for both look-ups, FOLL_NOWAIT for the first; lockless first each time",
      "v5.2 virt/kvm/kvm_main.c",
      kvmV5_2,
      {
        apf_ready_acked: false,
      },
    ),
    modern: form("as v5.2, no poison probe", "v6.18 virt/kvm/kvm_main.c", kvmModern, {
      apf_ready_acked: true,
    }),
  },
  takers: {
    "v3.17": form(
      "maps, smaps_rollup and clear_refs hold for read; get_mempolicy over its look-up; madvise for read or write",
      "v3.17 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c",
      mapsV3_17,
      procV3_17,
      mempolicyV3_17,
      madviseV3_17,
      coredumpV3_17,
      swapfileV3_17,
      migrateV3_17,
      ioPinPagesV5_4,
      { khugepaged_swapin: "no", khugepaged_waits: true, move_normal_pmd: false },
    ),
    "v5.4": form(
      "as v3.17, but cmdline no files, get_mempolicy and MADV_WILLNEED let go for IO, swapoff does not, khugepaged never waits",
      "v5.4 fs/proc/base.c, mm/mempolicy.c, mm/madvise.c, mm/swapfile.c, mm/migrate.c, mm/khugepaged.c, fs/io_uring.c",
      mapsV3_17,
      procV6_18,
      mempolicyV5_4,
      madviseV5_4,
      coredumpV3_17,
      { unuse_mm },
      migrateV5_4,
      ioPinPagesV5_4,
      { khugepaged_swapin: "goes on", khugepaged_waits: false, move_normal_pmd: true },
    ),
    "v6.18": form(
      "maps and MADV_DONTNEED take the lock of one mapping; smaps_rollup lets go when asked; clear_refs for write; cmdline no files",
      "v6.18 fs/proc/task_mmu.c, fs/proc/base.c, mm/mempolicy.c, mm/madvise.c",
      mapsV6_18,
      procV6_18,
      mempolicyV6_18,
      madviseV6_18,
      { dump_user_range, unuse_mm },
      migrateV5_4,
      ioPinPagesV6_18,
      { khugepaged_swapin: "gives up", khugepaged_waits: false, move_normal_pmd: true },
    ),
  },
} as const satisfies Record<string, Record<string, Form>>;

/** What differs between kernels, by the names of {@link axes}. */
export type Axis = keyof typeof axes;
/** One value for every axis. */
export type AxisValues = Readonly<Record<Axis, string>>;
/** The axes in the order in which they are shown. */
export const axisNames = Object.keys(axes) as Axis[];

const v3_17: AxisValues = {
  gup: "plain",
  rwsem: "xadd-v3.17",
  fault: "v3.17",
  userfault: "released-first",
  vma: "none",
  munmap: "write",
  kvm: "v3.17",
  takers: "v3.17",
};

const v5_4: AxisValues = {
  gup: "v5.4",
  rwsem: "modern",
  fault: "v5.1",
  userfault: "released-first",
  vma: "none",
  munmap: "downgrade",
  kvm: "v5.2",
  takers: "v5.4",
};

const v6_18: AxisValues = {
  gup: "modern",
  rwsem: "modern",
  fault: "modern",
  userfault: "queued-first",
  vma: "v6.18",
  munmap: "downgrade",
  kvm: "modern",
  takers: "v6.18",
};

/** Kernels, as one value an axis. Source: kernel versions by name; `rfc` and `reviewed` are the patch of September 2014. */
export const presets: Readonly<Record<string, AxisValues>> = {
  "v3.17": v3_17,
  rfc: { ...v3_17, gup: "rfc", kvm: "rfc" },
  reviewed: { ...v3_17, gup: "reviewed", kvm: "rfc" },
  "v3.19": { ...v3_17, kvm: "v3.19" },
  "v4.0": { ...v3_17, gup: "v4.0", kvm: "v4.0" },
  "v5.4": v5_4,
  "v6.18": v6_18,
};

/** Other names of presets. */
export const aliases: Readonly<Record<string, string>> = { plain: "v3.17", unlocked: "v4.0" };
