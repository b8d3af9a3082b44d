import type { Steps, Waitable } from "../../engine/task.ts";
import { explore } from "../../engine/wait-graph.ts";
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_USER,
  PAGE_SIZE,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from "../include/linux/mm.ts";
import { type mm_struct, pte_none, type vm_area_struct } from "../include/linux/mm_types.ts";
import { fatal_signal_pending, type task_struct } from "../include/linux/sched.ts";
import { down_read, down_write, up_read } from "../kernel/locking/rwsem.ts";
import {
  lock_vma_under_rcu,
  mmap_write_unlock,
  release_fault_lock,
  vma_end_read,
  vma_start_write,
} from "../mm/mmap_lock.ts";

/** One missing page that a server is asked for, and the tasks that wait for it. Source: v6.18 struct uffd_msg. */
export interface uffd_msg {
  readonly vma: vm_area_struct;
  readonly index: number;
  readonly waiters: task_struct[];
  /** The server gets the page so many times faster: what the first site that waits for it asks for. */
  readonly speedup: number;
}

/**
 * A userfaultfd: missing pages of the mappings that are registered with it are filled by whoever reads it.
 *
 * Source: v6.18 fs/userfaultfd.c.
 * Left out: minor and write-protect faults, the events of fork and mremap.
 */
export class userfaultfd_ctx implements Waitable {
  readonly what = "a page whose userfaultfd is being closed, looking again and again with the lock held";
  readonly deadHolder = null;
  /** UFFD_FEATURE_SIGBUS: no waiting, a missing page is SIGBUS. */
  readonly sigbus: boolean;
  /** UFFD_USER_MODE_ONLY: faults of the kernel, get_user_pages included, are SIGBUS. */
  readonly userModeOnly: boolean;
  /** The descriptor was closed. */
  released = false;
  /** The one who closes it, until its mappings are ordinary ones. */
  private closer: task_struct | null = null;
  /** Messages that no server has read yet. */
  readonly fault_pending: uffd_msg[] = [];
  /** Messages that were read and not answered. */
  private readonly fault: uffd_msg[] = [];
  private readonly readers: task_struct[] = [];

  constructor(features: { sigbus: boolean; userModeOnly: boolean }) {
    this.sigbus = features.sigbus;
    this.userModeOnly = features.userModeOnly;
  }

  edge(): string {
    return "closed by";
  }

  blockers(): readonly task_struct[] {
    return this.closer === null ? [] : [this.closer];
  }

  /** From now on nobody fills pages: `closer` takes the mappings off. */
  release(closer: task_struct): void {
    this.released = true;
    this.closer = closer;
    closer.obligations++;
  }

  /** Its mappings are ordinary ones. */
  unregistered(): void {
    if (this.closer !== null) this.closer.obligations--;
    this.closer = null;
  }

  /** Adds `waiter` to those who wait for the page. Each page is asked for once. */
  enqueue(vma: vm_area_struct, index: number, waiter: task_struct): uffd_msg {
    const isIt = (msg: uffd_msg): boolean => msg.vma === vma && msg.index === index;
    const known = this.fault_pending.find(isIt) ?? this.fault.find(isIt);
    if (known !== undefined) {
      known.waiters.push(waiter);
      return known;
    }
    const msg: uffd_msg = { vma, index, waiters: [waiter], speedup: waiter.kernel.ioSpeedup(waiter.site) };
    this.fault_pending.push(msg);
    return msg;
  }

  /** Wakes a server that waits for messages. */
  wakeReader(): void {
    const reader = this.readers.shift();
    if (reader !== undefined) reader.kernel.cpus.wake(reader, 0);
  }

  /** The next message; the server sleeps when there is none. Source: v6.18 fs/userfaultfd.c (userfaultfd_ctx_read). */
  *read(server: task_struct): Steps<uffd_msg> {
    if (server.settles()) yield;
    for (;;) {
      const msg = this.fault_pending.shift();
      if (msg !== undefined) {
        this.fault.push(msg);
        return msg;
      }
      this.readers.push(server);
      server.sleepFor("idle-worker");
      yield;
      server.wokeFrom("idle-worker");
    }
  }

  /** Sleeps until there is a message, or the time `until` (ns) has come, where there is one. Source: v6.18 fs/userfaultfd.c (userfaultfd_poll). */
  *poll(server: task_struct, until: number | null): Steps {
    if (server.settles()) yield;
    const { now } = server.sim;
    if (this.fault_pending.length > 0 || (until !== null && until <= now)) return;
    this.readers.push(server);
    if (until !== null) server.setTimer(until - now + server.timerSlack);
    server.sleepFor("idle-worker");
    yield;
    server.clearTimer();
    server.wokeFrom("idle-worker");
    const at = this.readers.indexOf(server);
    if (at >= 0) this.readers.splice(at, 1);
  }

  /** Wakes those who wait for the page of `msg`. Source: v6.18 fs/userfaultfd.c (wake_userfault). */
  wake(msg: uffd_msg): void {
    this.fault.splice(this.fault.indexOf(msg), 1);
    for (const waiter of msg.waiters.splice(0)) waiter.kernel.cpus.wake(waiter, 0);
  }

  /** Everyone who waits goes on without a page. */
  wakeAll(): void {
    for (const msg of [...this.fault_pending.splice(0), ...this.fault.splice(0)]) {
      for (const waiter of msg.waiters) waiter.kernel.cpus.wake(waiter, 0);
    }
  }
}

/**
 * Closes the descriptor: nobody fills pages any more, until the mappings are ordinary ones again, which takes the lock for write. What
 * faults answer meanwhile is the axis `userfault`.
 *
 * Source: v5.4 and v6.18 fs/userfaultfd.c.
 */
export function* userfaultfd_release(current: task_struct, mm: mm_struct, ctx: userfaultfd_ctx): Steps {
  const { site } = current;
  current.site = "userfaultfd_release";
  if (current.settles()) yield;
  ctx.release(current);
  yield* down_write(current, mm.mmap_sem, "userfaultfd_release");
  const registered: vm_area_struct[] = [];
  mm.mm_rb.forEach((vma) => {
    if (vma.userfaultfd === ctx) registered.push(vma);
  });
  for (const vma of registered) {
    yield* vma_start_write(current, vma);
    vma.userfaultfd = null;
  }
  ctx.unregistered();
  yield* mmap_write_unlock(current, mm, "userfaultfd_release");
  ctx.wakeAll();
  current.site = site;
}

/**
 * What a fault on a page of userspace answers without asking: SIGBUS to a caller that may not retry, RETRY with the lock held for NOWAIT,
 * and null when it asks.
 *
 * Source: v6.18 fs/userfaultfd.c (handle_userfault).
 */
export function answerAtOnce(ctx: userfaultfd_ctx, flags: number): number | null {
  if (isRefused(ctx, flags)) return VM_FAULT_SIGBUS;
  if (!(flags & FAULT_FLAG_ALLOW_RETRY)) return VM_FAULT_SIGBUS;
  return flags & FAULT_FLAG_RETRY_NOWAIT ? VM_FAULT_RETRY : null;
}

/** Does the descriptor serve no such fault? Source: v6.18 fs/userfaultfd.c (handle_userfault). */
export function isRefused(ctx: userfaultfd_ctx, flags: number): boolean {
  return ctx.sigbus || (ctx.userModeOnly && !(flags & FAULT_FLAG_USER));
}

/** Queues the fault, drops the lock, wakes the server and sleeps; answers RETRY. Settled before. Source: v5.4 and v6.18 fs/userfaultfd.c. */
export function* askServer(
  current: task_struct,
  vma: vm_area_struct,
  ctx: userfaultfd_ctx,
  index: number,
  flags: number,
): Steps<number> {
  // The message can be seen before the drop; its reader is woken after it.
  const msg = ctx.enqueue(vma, index, current);
  yield* release_fault_lock(current, vma, flags, "handle_userfault");
  ctx.wakeReader();
  yield* sleepForPage(current, ctx, msg, flags);
  return VM_FAULT_RETRY;
}

/** Looks that are one step here, ns: nothing that they look at can change meanwhile, but for a SIGKILL. */
const looksNs = 1_000_000;

/**
 * What get_user_pages does where a closed userfaultfd has answered NOPAGE: to it the fault has succeeded, so it looks, finds no page,
 * and faults again, with the lock held that the close waits for. It never ends, but by SIGKILL.
 *
 * Source: v5.4 and v6.12 mm/gup.c (faultin_page, __get_user_pages).
 */
export function* looksForEver(current: task_struct, vma: vm_area_struct, ctx: userfaultfd_ctx): Steps {
  if (current.settles()) yield;
  current.waitsFor = ctx;
  // One who still spins for the lock searches when he goes to sleep.
  const finding = ctx.blockers().some((closer) => closer.isSpinning) ? null : explore(current, ctx);
  if (finding !== null) current.kernel.onFinding(finding);
  while (vma.userfaultfd === ctx && !fatal_signal_pending(current)) {
    current.charge(looksNs);
    if (current.settles()) yield;
  }
  current.waitsFor = null;
}

/** Sleeps until the page is there, the descriptor is closed, or a signal comes that may end it. Source: v6.18 fs/userfaultfd.c. */
export function* sleepForPage(current: task_struct, ctx: userfaultfd_ctx, msg: uffd_msg, flags: number): Steps {
  const killable = (flags & (FAULT_FLAG_KILLABLE | FAULT_FLAG_USER)) !== 0;
  const isWaiting = (): boolean => msg.waiters.includes(current) && !ctx.released;
  while (isWaiting() && msg.vma.pte[msg.index] === pte_none && !(killable && fatal_signal_pending(current))) {
    current.sleepFor("userfault", killable);
    yield;
    current.wokeFrom("userfault");
  }
  const at = msg.waiters.indexOf(current);
  if (at >= 0) msg.waiters.splice(at, 1);
}

/**
 * UFFDIO_COPY: installs a page, under the lock of the mapping where the kernel has them for this, else under mmap_lock for read,
 * which may mean to wait behind a writer. Then wakes those who wait for the page.
 *
 * Source: v6.8 and v6.18 mm/userfaultfd.c.
 * Left out: a source page that faults itself (read under the lock once more).
 */
export function* mfill_atomic_copy(server: task_struct, mm: mm_struct, ctx: userfaultfd_ctx, msg: uffd_msg): Steps {
  const { costs, ops } = server.kernel;
  const { vma, index } = msg;
  server.site = "mfill_atomic_copy";
  if (server.settles()) yield;
  const address = vma.vm_start + index * PAGE_SIZE;
  const locked = ops.vma_lock?.userfaultfdCopy === true ? lock_vma_under_rcu(server, mm, address) : null;
  if (locked === null) yield* down_read(server, mm.mmap_sem, "mfill_atomic_copy");
  server.charge(costs.copy_page + costs.map_page);
  if (server.settles()) yield;
  if (vma.pte[index] === pte_none) vma.map(index);
  if (locked === null) yield* up_read(server, mm.mmap_sem, "mfill_atomic_copy");
  else vma_end_read(server, vma);
  ctx.wake(msg);
}
