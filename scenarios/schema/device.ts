/** Where pages come from. */
import { z } from "zod";
import { law } from "./law.ts";
import { duration, name, pages } from "./quantities.ts";
import { stalls } from "./stalls.ts";

/** One device. */
export const device = z.strictObject({
  kind: z
    .enum(["swap", "file", "fuse", "zram", "userfaultfd"])
    .describe(
      "swap and file are block devices; the server of a fuse file system is a program; zram decompresses, on the CPU of who needs the page; a userfaultfd is a program that fills missing anonymous pages. It decides which way a fault goes, and so whether it can wait without the lock.",
    ),
  latency: law.describe(
    "How long the service of one read takes, without the wait for its turn. Who waits for it with the lock held holds it that much longer.",
  ),
  depth: z
    .union([z.int().min(1).max(65536), z.literal("unlimited")], {
      error: "expected a whole number of at least 1, or unlimited",
    })
    .default(32)
    .describe(
      "Reads served at once; of fuse and userfaultfd the threads of the server, where delay_queue is not set. Further reads wait in order, and so do those who hold the lock for them. zram has no queue.",
    ),
  queue: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      "Reads of a swap or file device that are accepted at once. Who submits one more sleeps until there is room, with the lock that it has. Without it there is no limit.",
    ),
  readahead: pages
    .default(1)
    .describe(
      "The largest window of pages that one read brings in around a missing one; 1 page for none. A window takes longer to submit under the lock, and spares its neighbours a read.",
    ),
  user_mode_only: z
    .boolean()
    .default(false)
    .describe(
      "The userfaultfd serves no faults of the kernel (UFFD_USER_MODE_ONLY): get_user_pages gets an error at once, where it would wait.",
    ),
  delay_queue: z
    .boolean()
    .default(false)
    .describe(
      "One thread of the server reads each request as it comes and answers each when its time has passed, in place of threads that serve one request each. Requests then wait for its CPU, not for a thread.",
    ),
  server: z
    .strictObject({
      mm: name.describe("The mm whose lock the server takes."),
      takes: z
        .enum(["mmap", "proc"])
        .describe("How: mmap maps and unmaps a page, as a writer; proc reads a buffer of smaps, as a reader."),
    })
    .optional()
    .describe(
      "The server takes the lock of an mm for each request before it answers. Where the one who waits for the answer holds that lock, a writer waits for ever.",
    ),
  stalls: stalls
    .optional()
    .describe("Requests that the server answers late. Who waits for one with the lock held holds it that much longer."),
  ends: z
    .strictObject({
      after: duration.describe("When it ends, from the beginning of the run."),
      how: z
        .enum(["hangs", "exits"])
        .describe(
          "hangs: it takes requests and answers none, and who waits with the lock held waits for ever. exits: FUSE requests fail; a userfaultfd is closed, which takes the lock for write.",
        ),
    })
    .optional()
    .describe("The server hangs or exits. Without it the server lives as long as the run."),
});
