/** A row of docs/VOCABULARY.md, which is made from these: words that are told together, what they mean here, and who defines them. */
export interface VocabularyRow {
  /** With commas between them; in backticks what is code. */
  readonly words: string;
  readonly meaning: string;
  readonly source: string;
}

/** The words of the reports and the documents, in the order of the table. */
export const vocabulary: readonly VocabularyRow[] = [
  row(
    "mmap_sem",
    "the rwsem that protects an address space; named mmap_lock since v5.8. The prose says mmap_sem for both",
    "include/linux/mm_types.h",
  ),
  row("hold", "`mmap_lock_acquire_returned` to `mmap_lock_released` of one task on one mm", "mmap_lock tracepoints"),
  row(
    "wait",
    "the first `mmap_lock_start_locking` to `mmap_lock_acquire_returned`; a failed trylock before it is part of the wait, and so is an attempt that a signal ended, unless the operation ended in between: then it was given up and is no wait",
    "mmap_lock tracepoints",
  ),
  row(
    "span",
    "what lasts from one event to another: a wait, a hold, a sleep, an operation. An edge that a trace does not show is missing, not guessed",
    "ours",
  ),
  row("contentions", "acquisitions whose wait is longer than 0", "/proc/lock_stat"),
  row("acquisitions, waittime, holdtime, `-R`, `-W`", "as in lock_stat", "/proc/lock_stat"),
  row(
    "grant_delay",
    "a queued reader owns the lock (`granted`) before it runs: the time from one to the other",
    "`__rwsem_do_wake()`",
  ),
  row(
    "hold_io",
    "the holder's own sleeps for IO while it has the lock, one sample a hold and IO class with time above 0. Classes: swap, file, fuse, userfault, writeback; throttle (a full queue, dirty throttling) and reclaim (direct reclaim) stand on their own and are not in the total",
    "ours",
  ),
  row(
    "site",
    "the kernel function on whose behalf the lock is taken. One name a site in all versions: `proc_pid_cmdline_read` was `proc_pid_cmdline` in v3.17",
    "ours",
  ),
  row("func", "the function that took the lock, the kernel's `_RET_IP_`", "lock_stat's contention points"),
  row("retry", "the fault handler answered VM_FAULT_RETRY", "include/linux/mm.h"),
  row("drop", "the release inside the fault handler that goes with it", "`__lock_page_or_retry()`"),
  row("plain", "a `get_user_pages` that may not drop: `locked` is NULL", "mm/gup.c"),
  row(
    "polite pass, insistent pass",
    "with a locked pointer; the pass after a drop, with FOLL_TRIED and without one",
    "v4.0 mm/gup.c",
  ),
  row(
    "locked, mmap_sem_hold, nonblocking",
    "three names for one pointer: may the lock be dropped, and was it",
    "the 2014 mail, mm/gup.c",
  ),
  row("prefault", "a call without a pages array", "mm/gup.c"),
  row("replication", "one run with one seed", "statistics"),
  row("variant, preset, axis", "a kernel to simulate; a named one; a dimension along which kernels differ", "ours"),
  row(
    "role",
    "what a task does in a scenario: kvm_vcpu, user_thread, madvise_populate, proc_reader, mm_writer, process_vm_readv, proc_mem, gup_caller (a call site of the patch), mm_call (a system call or kernel thread by name: `sites --matrix`), page_migration, writeback; kworker comes with a VM, userfaultfd and fuse_server with their devices",
    "ours",
  ),
  row(
    "hand-off",
    "the lock goes to the head of the queue, nobody may steal it: asked for by a waiter that finds it taken when more than one tick (4 ms) has passed",
    "kernel/locking/rwsem.c",
  ),
  row(
    "steal",
    "a reader or a spinning writer takes a free lock past the queue (v5.3 and later); a writer that does so in v3.17 barges",
    "kernel/locking/rwsem.c",
  ),
  row("VMA lock", "the lock of one mapping, which user faults take in place of mmap_lock since v6.4", "mm/mmap_lock.c"),
  row(
    "vma_lock.fallback",
    "a fault that had to take mmap_lock after all, by reason: uncovered, write-locked, miss",
    "vmstat's vma_lock_abort and vma_lock_miss",
  ),
  row("sched.delay", "a task that could run waited for a CPU", "sched_stat_wait"),
  row(
    "grant_after_hold",
    "from the end of a hold of 1 ms or more to the acquisition of those who waited behind it (`agree`)",
    "ours",
  ),
  row("compute, think, every", "pauses between operations: on the CPU, off it, by a schedule", "ours"),
  row(
    "keep",
    "the share of a mapping that memory has room for: above it, a page that comes in pushes another out",
    "ours",
  ),
  row(
    "converted",
    "the sites that call the new functions; the others keep down_read, get_user_pages, up_read",
    "the 2014 mail",
  ),
  row(
    "conversion order",
    "the order to convert sites in: of all orders the one with the least of the objective added up over its states, by dynamic programming over the sets of up to 8 sites; greedy above",
    "ours",
  ),
  row(
    "objective",
    "the statistic that `whatif` lowers: how long all readers together wait in a second, unless `--metric` says otherwise",
    "ours",
  ),
  row("interaction", "what two conversions lower the objective by together, less what each does alone", "statistics"),
  row(
    "io_speedup",
    "how many times faster the IO goes that a site waits for, from the moment it waits",
    "virtual speedup, as in causal profiling",
  ),
  row("load", "what the pauses of some tasks are divided by, step by step in one run", "ours"),
  row(
    "metastable",
    "at equal load the queue is longer after a higher load than before it, and stays so",
    'Bronson et al., "Metastable failures in distributed systems" (2021)',
  ),
  row(
    "patience",
    "how often a page is asked for politely before the lock is held over its IO: `gup=retry:N`",
    "the 2014 mail",
  ),
  row(
    "budget, baseline, waiver",
    "what a statistic may be at most; its values of an earlier version, one a seed; an excuse until a day",
    "ours",
  ),
  row(
    "hung server, dead server",
    "hung: it takes requests and answers none; who waits for it with the lock holds that for ever (`orphaned-lock`). Exited: FUSE requests fail, a userfaultfd is closed",
    "ours",
  ),
  row("outcome", "what a scenario is expected to show; a test holds its numbers against it", "ours"),
  row("gup.call", "how often a site called each function of the family", "ours"),
  row("gup.io", "how often one call had to read the same page: n = 2 is the second IO of the mail", "ours"),
  row(
    "blame, ledger",
    "the waited time of each wait, charged to a task that had the lock, its site and what it was doing then; the sums equal the waits",
    "ours",
  ),
  row("carrier", "the queued writer behind which a reader waits for a reader", "ours"),
  row("victim time", "what others waited because of a site", "ours"),
  row(
    "cause",
    "what a holder was doing: IO by class, `cpu`, `run-queue`, `wake-up`, `mmap_sem` of another mm, `vma_lock`",
    "ours",
  ),
  row(
    "critical path",
    "what the task that an operation waited for was doing, moment by moment; sums to its latency",
    "scheduling",
  ),
  row(
    "convoy",
    "four and more tasks that wait at once, at least twice as long together as the hold they piled up behind; trigger: that hold; drain: from its end until nobody waits; amplification: waiting for each second of the hold",
    'Blasgen et al., "The convoy phenomenon" (1979)',
  ),
  row("window", "the events of a stretch of one seed, with what lasts into it", "ours"),
  row(
    "timeline, track, slice, lane",
    "a window drawn by a trace viewer; a row of it, a thread of Chrome's JSON; something that lasted, on one row; one of several rows for what overlaps: readers of a lock, requests of a device",
    "Chrome's trace event format",
  ),
  row(
    "losses",
    "places where a tracer says that it lost events: `[LOST n EVENTS]`, `[n EVENTS DROPPED]`, PERF_RECORD_LOST",
    "ftrace, trace-cmd, perf",
  ),
  row(
    "unmatched edges",
    "an acquisition without a start, a release without a hold, a start without an answer, and what is open at the end of a trace",
    "ours",
  ),
  row(
    "recording, recorded",
    "the lock events of a real kernel, as `trace import` reads them; what stands where a variant does in its result",
    "ours",
  ),
  row(
    "stretch",
    "one of ten to twenty pieces of equal length that a recording is cut into, so that an interval can be given; in a simulation, the part of a run whose events are kept",
    "ours",
  ),
  row(
    "start to return, start-to-return",
    "the time from `start_locking` to `acquire_returned` of one whom nobody kept waiting: the way to the lock, and what the tracer costs",
    "ours",
  ),
  row(
    "not in this trace, not-in-trace",
    "who is charged with a wait during which nobody in the recording had the lock, but for up to 1 ms after a release, which is a wake-up: a guess",
    "ours",
  ),
  row("having it, holds", "a holder of a recording, which does not say what it did meanwhile", "ours"),
];

function row(words: string, meaning: string, source: string): VocabularyRow {
  return { words, meaning, source };
}
