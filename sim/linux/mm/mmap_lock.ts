/** The lock of one mapping beside the lock of the whole mm. */
import type { Steps } from "../../engine/task.ts";
import { FAULT_FLAG_VMA_LOCK } from "../include/linux/mm.ts";
import type { mm_struct, vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";
import { downgrade_write, up_read, up_write } from "../kernel/locking/rwsem.ts";
import { find_vma } from "./mmap.ts";
import {
  trace_vma_end_read,
  trace_vma_start_read,
  trace_vma_wait_begin,
  trace_vma_wait_end,
} from "../../trace/events/fault.ts";

/** What a kernel does under VMA locks. */
export interface VmaLockRules {
  /** Whether a user fault on this mapping may be tried under its VMA lock at all. */
  covers(vma: vm_area_struct): boolean;
  /** Faults on swapped pages are served under it. */
  readonly swap: boolean;
  /** The first anonymous fault takes mmap_lock by trylock for the preparation only, and stays under the VMA lock. */
  readonly anonVmaByTrylock: boolean;
  /** UFFDIO_COPY uses it. */
  readonly userfaultfdCopy: boolean;
}

/**
 * Takes the lock of the mapping at `addr` for a fault. Null when there is any doubt: the caller falls back to mmap_lock, it
 * never waits here.
 *
 * Source: v6.18 mm/mmap_lock.c, include/linux/mmap_lock.h.
 * Left out: RCU and the race with a mapping that is being freed (a look-up is atomic here).
 */
export function lock_vma_under_rcu(current: task_struct, mm: mm_struct, addr: number): vm_area_struct | null {
  const rules = current.kernel.ops.vma_lock;
  if (rules === null) return null;
  const vma = find_vma(mm, addr);
  if (vma === null || vma.vm_start > addr) return fallback(current, mm, "miss");
  if (!rules.covers(vma)) return fallback(current, mm, "uncovered");
  if (vma.vm_lock.vm_lock_seq === mm.mm_lock_seq) return fallback(current, mm, "write-locked");
  vma.vm_lock.readers.push(current);
  current.obligations++;
  trace_vma_start_read(current, mm, vma.name, true);
  return vma;
}

/**
 * Takes the lock of a mapping for a reader that has mmap_lock, which keeps writers away: it cannot fail.
 *
 * Source: v6.18 include/linux/mmap_lock.h.
 */
export function vma_start_read_locked(current: task_struct, vma: vm_area_struct): void {
  vma.vm_lock.readers.push(current);
  current.obligations++;
  trace_vma_start_read(current, vma.vm_mm, vma.name, true);
}

function fallback(current: task_struct, mm: mm_struct, reason: string): null {
  trace_vma_start_read(current, mm, reason, false);
  return null;
}

/** Lets the lock of a mapping go. Settled before. Source: v6.18 include/linux/mmap_lock.h. */
export function vma_end_read(current: task_struct, vma: vm_area_struct): void {
  const { readers, writer } = vma.vm_lock;
  trace_vma_end_read(current, vma.vm_mm, vma);
  readers.splice(readers.indexOf(current), 1);
  current.obligations--;
  if (readers.length === 0 && writer !== null) current.kernel.cpus.wake(writer, 0);
}

/**
 * Marks a mapping for the present write section and waits, uninterruptibly and with mmap_lock held for write, until its
 * readers have left. Without per-VMA locks it does nothing.
 *
 * Source: v6.18 mm/mmap_lock.c.
 */
export function* vma_start_write(current: task_struct, vma: vm_area_struct): Steps {
  const { vm_lock, vm_mm } = vma;
  if (current.kernel.ops.vma_lock === null || vm_lock.vm_lock_seq === vm_mm.mm_lock_seq) return;
  if (current.settles()) yield;
  vm_lock.vm_lock_seq = vm_mm.mm_lock_seq;
  if (vm_lock.readers.length === 0) return;
  trace_vma_wait_begin(current, vm_mm, vma);
  vm_lock.writer = current;
  while (vm_lock.readers.length !== 0) {
    current.parkOn(vm_lock, false);
    yield;
  }
  vm_lock.writer = null;
  trace_vma_wait_end(current, vm_mm, vma);
}

/** Ends a write section: every mapping it marked is free again. Source: v6.18 include/linux/mmap_lock.h. */
export function* mmap_write_unlock(current: task_struct, mm: mm_struct, func: string): Steps {
  if (current.settles()) yield;
  mm.mm_lock_seq++;
  yield* up_write(current, mm.mmap_sem, func);
}

/** Goes on as a reader: every mapping it marked is free again. Source: v6.18 include/linux/mmap_lock.h. */
export function* mmap_write_downgrade(current: task_struct, mm: mm_struct, func: string): Steps {
  if (current.settles()) yield;
  mm.mm_lock_seq++;
  yield* downgrade_write(current, mm.mmap_sem, func);
}

/** Lets go whichever lock protects this fault. Source: v6.18 include/linux/mm.h. */
export function* release_fault_lock(current: task_struct, vma: vm_area_struct, flags: number, func: string): Steps {
  if (flags & FAULT_FLAG_VMA_LOCK) {
    if (current.settles()) yield;
    vma_end_read(current, vma);
  } else {
    yield* up_read(current, vma.vm_mm.mmap_sem, func);
  }
}
