/**
 * Flags of get_user_pages and of the fault handler, and the handler's answers.
 *
 * Source: v3.17 include/linux/mm.h; FOLL_TRIED: 0x800 since v4.0 (patch 2 of the seed). Those that v3.17 does not have keep the
 * name and get a free bit: v6.18 include/linux/mm_types.h, mm/internal.h.
 */
export const FOLL_WRITE = 0x01;
export const FOLL_TOUCH = 0x02;
export const FOLL_GET = 0x04;
export const FOLL_FORCE = 0x10;
export const FOLL_NOWAIT = 0x20;
export const FOLL_MLOCK = 0x40;
export const FOLL_HWPOISON = 0x100;
export const FOLL_TRIED = 0x800;
/** The lock may be dropped. Before it existed, a locked pointer that is not NULL said so. */
export const FOLL_UNLOCKABLE = 0x1000;
/** Any signal ends the wait, not only a fatal one. */
export const FOLL_INTERRUPTIBLE = 0x2000;
/** No pages of files. */
export const FOLL_ANON = 0x8000;

export const FAULT_FLAG_WRITE = 0x01;
export const FAULT_FLAG_ALLOW_RETRY = 0x08;
export const FAULT_FLAG_RETRY_NOWAIT = 0x10;
export const FAULT_FLAG_KILLABLE = 0x20;
export const FAULT_FLAG_TRIED = 0x40;
export const FAULT_FLAG_USER = 0x80;
/** The fault is protected by the lock of its mapping, not by mmap_lock. */
export const FAULT_FLAG_VMA_LOCK = 0x1000;

export const VM_FAULT_OOM = 0x0001;
export const VM_FAULT_SIGBUS = 0x0002;
export const VM_FAULT_MAJOR = 0x0004;
export const VM_FAULT_HWPOISON = 0x0010;
/** No page, and no error: who faulted faults again. */
export const VM_FAULT_NOPAGE = 0x0100;
export const VM_FAULT_LOCKED = 0x0200;
export const VM_FAULT_RETRY = 0x0400;
/** The fault is done, and the lock is dropped. */
export const VM_FAULT_COMPLETED = 0x4000;
export const VM_FAULT_ERROR = VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_HWPOISON;

export const EINTR = 4;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EINVAL = 22;
export const EHWPOISON = 133;
export const ERESTARTSYS = 512;
/** No page here, and none wanted: the walk skips it. */
export const ENOENT = 2;

export const PAGE_SIZE = 4096;
/** Pages of a huge page of 2 MiB. */
export const HPAGE_PMD_NR = 512;

/**
 * The first attempt of a fault that may be retried: only then is an IO waited for without the lock.
 *
 * Source: v6.18 include/linux/mm.h.
 */
export function fault_flag_allow_retry_first(flags: number): boolean {
  return (flags & FAULT_FLAG_ALLOW_RETRY) !== 0 && (flags & FAULT_FLAG_TRIED) === 0;
}
