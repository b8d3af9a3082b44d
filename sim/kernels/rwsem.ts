import { rwsem_modern } from "../linux/kernel/locking/rwsem-modern.ts";
import { rwsem_reader_pref } from "../linux/kernel/locking/rwsem-reader-pref.ts";
import { rwsem_steal } from "../linux/kernel/locking/rwsem-steal.ts";
import { rwsem_strict_fifo } from "../linux/kernel/locking/rwsem-strict-fifo.ts";
import { rwsem_v5_4 } from "../linux/kernel/locking/rwsem-v5.4.ts";
import { rwsem_xadd } from "../linux/kernel/locking/rwsem-xadd.ts";
import type { Form } from "./form.ts";

/** Who gets the lock next. */
export const rwsem = {
  "xadd-v3.17": {
    says: "writers barge and spin on writers, head-contiguous reader grants",
    what: "Readers queue behind a writer in order; a writer takes the lock whenever nobody holds it, past the queue; writers spin on a running writer.",
    why: "The counter word admits readers without the queue only while nobody waits; a writer needs no more than a free lock.",
    said: null,
    later: "Rewritten in v5.2 and v5.3.",
    source: "v3.17 kernel/locking/rwsem-xadd.c",
    ops: { rwsem: rwsem_xadd },
  },
  "v5.4": {
    says: "readers spin too, until a writer has spun in vain: then they queue, even at a free lock; hand-off to the first waiter",
    what: "Readers and writers spin, writers on readers too for up to 25 us. When a writer has done so in vain, readers queue, even at a free lock with a writer on its way; a wake-up lets all queued readers in, and the first waiter, if it is too old, asks for a hand-off.",
    why: "Readers that spin take the lock from queued writers; a writer that spun in vain says that it has gone too far.",
    said: null,
    later: "Since v5.11 readers do not spin, and steal a free lock instead: 'modern'.",
    source: "v5.4 kernel/locking/rwsem.c",
    ops: { rwsem: rwsem_v5_4 },
  },
  modern: {
    says: "readers steal, writers spin on readers too, hand-off by age, whole-queue reader grants",
    what: "Readers may steal a free lock, writers spin on readers too for up to 25 us, a wake-up lets all queued readers in, and who has waited for more than a tick asks for a hand-off.",
    why: "Throughput by stealing, and an end to it for who has waited too long.",
    said: null,
    later: "Readers spun from v5.3 to v5.10, and steal since v5.11.",
    source: "v6.18 kernel/locking/rwsem.c",
    ops: { rwsem: rwsem_modern },
  },
  "reader-pref": {
    says: "readers wait for a writer that owns the lock, for nobody else",
    what: "Readers wait for a writer that owns the lock and for nobody else.",
    why: "A contrast: a queued writer is no barrier, so a nested read lock cannot deadlock, and writers starve.",
    said: null,
    later: null,
    source: "no kernel's",
    ops: { rwsem: rwsem_reader_pref },
  },
  "steal:N": {
    says: "order of arrival, but each waiter puts up with N steals",
    what: "Order of arrival, but each waiter puts up with N steals by writers.",
    why: "One steal a waiter is what the figures of 2010 for the retried page fault need: 55 and 55 before, not 55 and 27.",
    said: null,
    later: null,
    source: "no kernel's",
    withNumber: (n: number) => ({ rwsem: rwsem_steal(n) }),
  },
  "strict-fifo": {
    says: "order of arrival, nobody steals",
    what: "Order of arrival, and nobody steals.",
    why: "A contrast: what a simulator that knows only queues would have.",
    said: null,
    later: null,
    source: "no kernel's",
    ops: { rwsem: rwsem_strict_fifo },
  },
} as const satisfies Record<string, Form<"rwsem">>;
