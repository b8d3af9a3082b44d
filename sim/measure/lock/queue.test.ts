import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { Queue } from "./queue.ts";

test("who joins a queue is counted behind those who sleep in it: not behind one that was granted the lock, was killed or only tries", () => {
  const queue = new Queue();
  feed(
    queue,
    `
      1 a start mm=qemu mode=W
      1 a got mm=qemu mode=W
      2 b start mm=qemu mode=R
      2 b contention_begin mm=qemu mode=R
      3 c start mm=qemu mode=W
      3 c contention_begin mm=qemu mode=W
      4 d start mm=other mode=R
      4 d contention_begin mm=other mode=R
      5 e start mm=qemu mode=R
      5 e failed mm=qemu mode=R
      6 c contention_end mm=qemu mode=W
      6 c failed mm=qemu mode=W
      7 f start mm=qemu mode=R
      7 f contention_begin mm=qemu mode=R
      8 a released mm=qemu mode=W
      8 b granted mm=qemu mode=R
      8 f granted mm=qemu mode=R
      9 g start mm=qemu mode=W
      9 g contention_begin mm=qemu mode=W
    `,
  );
  expect(Object.fromEntries(queue.metrics().counts)).toEqual({
    "mmap_sem.queued_behind{mm=other,n=0}": 1,
    "mmap_sem.queued_behind{mm=qemu,n=0}": 2,
    "mmap_sem.queued_behind{mm=qemu,n=1}": 2,
  });
});
