import type { Explanation } from "../explanation.ts";
import { fault_in_user_writeable } from "../linux/kernel/futex.ts";
import type { Site } from "../linux/sites.ts";
import type { Caller, CallerSteps } from "./callers.ts";

const fault =
  (write: boolean, user: boolean): CallerSteps =>
  (current, mm, start) =>
    current.kernel.ops.do_user_addr_fault(current, mm, start, write, user);

/** Who touches a page: user code, or the kernel on its behalf. */
export const faultCallers = {
  touch_read: {
    says: "user-mode load",
    pages: 1,
    site: "do_user_addr_fault",
    steps: fault(false, true),
  },
  touch_write: {
    says: "user-mode store",
    pages: 1,
    site: "do_user_addr_fault",
    steps: fault(true, true),
  },
  read_into: {
    says: "read(2) into the page (copy_to_user)",
    pages: 1,
    site: "do_user_addr_fault",
    steps: fault(true, false),
  },
  write_from: {
    says: "write(2) from the page (copy_from_user)",
    pages: 1,
    site: "do_user_addr_fault",
    steps: fault(false, false),
  },
} as const satisfies Record<string, Caller>;

/** Futexes that touch their page. */
export const futexCallers = {
  futex_unlock_pi_private: {
    says: "futex(UNLOCK_PI|PRIVATE) on the page",
    pages: 1,
    site: "do_user_addr_fault",
    steps: fault(false, false),
  },
  futex_wake_op_private: {
    says: "futex(WAKE_OP, LOCK_PI|PRIVATE) on the page",
    pages: 1,
    site: "fault_in_user_writeable",
    steps: fault_in_user_writeable,
  },
} as const satisfies Record<string, Caller>;

/** Servers of a userfaultfd that touch the page they copy from. */
export const userfaultCallers = {
  uffdio_copy_slow_src: {
    says: "UFFDIO_COPY from the page",
    pages: 1,
    site: "do_user_addr_fault",
    steps: fault(false, false),
    since: "v4.3",
  },
} as const satisfies Record<string, Caller>;

/** Page faults, and the servers that answer them. */
export const faultSites = {
  fault_in_user_writeable: {
    what: "A private futex makes its page writable, with the lock held over the IO.",
    why: "fixup_user_fault is called without leave to drop.",
    said: null,
    later: "Still so.",
    source: "v3.17 kernel/futex.c, v6.18 kernel/futex/core.c",
  },
  do_user_addr_fault: {
    what: "A page fault, of user code or of the kernel on user memory.",
    why: "User code tries the lock of its mapping first, the kernel does not.",
    said: null,
    later: null,
    source: "v3.17 and v6.18 arch/x86/mm/fault.c",
  },
  __do_page_fault: {
    what: "The same in v3.17.",
    why: "Polite once.",
    said: null,
    later: "See do_user_addr_fault.",
    source: "v3.17 arch/x86/mm/fault.c",
  },
  do_page_fault: {
    what: "The same in v2.6.36.",
    why: "It holds the lock over every IO.",
    said: null,
    later: "See __do_page_fault.",
    source: "v2.6.36 arch/x86/mm/fault.c",
  },
  mfill_atomic_copy: {
    what: "UFFDIO_COPY: a server installs a page.",
    why: "Up to v6.8 it takes mmap_lock for read, behind a queued writer.",
    said: null,
    later: "The lock of one mapping since.",
    source: "v6.8 and v6.18 mm/userfaultfd.c",
  },
  userfaultfd_release: {
    what: "A userfaultfd is closed: its mappings become ordinary ones, for which it is a writer.",
    why: "Who waited goes on.",
    said: null,
    later: null,
    source: "v6.18 fs/userfaultfd.c",
  },
} as const satisfies Partial<Record<Site, Explanation>>;
