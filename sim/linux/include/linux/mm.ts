/**
 * Flags of get_user_pages and of the fault handler, and the handler's answers.
 *
 * Source: v3.17 include/linux/mm.h; FOLL_TRIED is 0x800 since v4.0 (patch 2 of the seed).
 */
export const FOLL_WRITE = 0x01;
export const FOLL_TOUCH = 0x02;
export const FOLL_GET = 0x04;
export const FOLL_FORCE = 0x10;
export const FOLL_NOWAIT = 0x20;
export const FOLL_HWPOISON = 0x100;
export const FOLL_TRIED = 0x800;

export const FAULT_FLAG_WRITE = 0x01;
export const FAULT_FLAG_ALLOW_RETRY = 0x08;
export const FAULT_FLAG_RETRY_NOWAIT = 0x10;
export const FAULT_FLAG_KILLABLE = 0x20;
export const FAULT_FLAG_TRIED = 0x40;
export const FAULT_FLAG_USER = 0x80;

export const VM_FAULT_SIGBUS = 0x0002;
export const VM_FAULT_MAJOR = 0x0004;
export const VM_FAULT_LOCKED = 0x0200;
export const VM_FAULT_RETRY = 0x0400;
export const VM_FAULT_ERROR = VM_FAULT_SIGBUS;

export const EFAULT = 14;
export const EBUSY = 16;
export const ERESTARTSYS = 512;

export const PAGE_SIZE = 4096;
