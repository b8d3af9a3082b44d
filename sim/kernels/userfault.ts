import * as queuedFirst from "../linux/fs/userfaultfd.queued-first.ts";
import * as releasedFirst from "../linux/fs/userfaultfd.released-first.ts";
import * as wakeFirst from "../linux/fs/userfaultfd.wake-first.ts";
import type { Form } from "./form.ts";

/** The order of the steps of a fault on a userfaultfd. */
export const userfault = {
  "released-first": {
    says: "as queued-first, but a page of a closed descriptor is answered with nothing, lock held: get_user_pages looks for ever",
    what: "As queued-first, but whether the descriptor is closed is looked at before anything else, and the answer keeps the lock.",
    why: "A user fault lets go and comes again. get_user_pages takes the answer for success, finds no page and asks again with the lock held, which the close waits for: a livelock.",
    said: null,
    later: "What v4.15 to v6.12 do. v6.18 drops the lock and says RETRY.",
    source: "v5.4 and v6.12 fs/userfaultfd.c, mm/gup.c",
    ops: releasedFirst,
  },
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
