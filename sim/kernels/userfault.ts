import * as queuedFirst from "../linux/fs/userfaultfd.queued-first.ts";
import * as wakeFirst from "../linux/fs/userfaultfd.wake-first.ts";
import type { Form } from "./form.ts";

/** The order of the steps of a fault on a userfaultfd. */
export const userfault = {
  "queued-first": {
    says: "a missing page is queued for its server before the server is woken",
    what: "A fault on a missing page queues its message, drops the lock, wakes the server, and sleeps.",
    why: "A server that is woken must find the message, and one that answers at once must find the sleeper.",
    said: 'Andres Lagar-Cavilla asks: "otherwise drop the mmap semaphore and signal and sleep on the userfaultfd?" The order is left open.',
    later: "Merged in about v4.3.",
    source: "v6.18 fs/userfaultfd.c",
    ops: queuedFirst,
  },
  "wake-first": {
    says: "the server is woken before the message is queued: a wake-up may be lost",
    what: "The server is woken before the message is queued.",
    why: "A contrast: a quick server looks, finds nothing and sleeps again; the wake-up is lost.",
    said: null,
    later: null,
    source: "no kernel's",
    ops: wakeFirst,
  },
} as const satisfies Record<string, Form<"handle_userfault">>;
