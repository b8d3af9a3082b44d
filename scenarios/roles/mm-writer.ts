import { z } from "zod";
import { maxPages, vmaSize } from "../schema/quantities.ts";
import { ownMm, writtenRole } from "./role.ts";

/** Threads that map and unmap memory. */
export const mmWriter = writtenRole(
  "mm_writer",
  {
    mm: ownMm,
    op: z
      .literal("mmap+munmap")
      .describe(
        "What it does: map, touch, unmap. There is no other; each writer of another kind is a call of mm_call.",
      ),
    size: vmaSize.describe("The size of each new mapping."),
    touch: z
      .int()
      .min(0)
      .max(maxPages)
      .default(0)
      .describe(
        "Number of its pages that are written to before it is unmapped. Each is a fault, and each makes munmap hold the lock longer.",
      ),
    merges: z
      .boolean()
      .default(true)
      .describe(
        "The new mapping joins a neighbour and has the anon_vma of that one. Otherwise its first write fault makes one (cost anon_vma_prepare), with mmap_lock held also where faults else do without.",
      ),
  },
  {
    resolve: ({ op, mm, size, touch, merges }) => ({ op, mm, pages: size, touch, merges }),
    check: ({ touch, size }, on) =>
      on !== undefined && touch > size ? [{ key: "touch", message: `touches ${touch} pages, and maps ${size}` }] : [],
  },
);
