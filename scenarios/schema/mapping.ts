/** Address spaces and their mappings. */
import { z } from "zod";
import { law } from "./law.ts";
import { name, share, vmaSize } from "./quantities.ts";
import { stalls } from "./stalls.ts";

/** One mapping. */
const vma = z.strictObject({
  kind: z
    .enum(["anon", "file", "shmem", "hugetlb"])
    .describe(
      "anon: private memory; file: a file; shmem: shared memory, on swap; hugetlb: huge pages set aside. It decides which fault brings in a missing page.",
    ),
  size: vmaSize.describe(
    "Its size. Who walks all of it under the lock, as smaps, fork or munmap do, holds it the longer the more of it is there.",
  ),
  resident: share
    .default(1)
    .describe(
      "Share of its pages that are there when the run begins. The others are on the backing device, and the first to touch one waits for IO; without a device, or on a userfaultfd, they are untouched.",
    ),
  keep: share
    .optional()
    .describe(
      "Above this share each page that comes in pushes another one out to the device, at random and in no time. Without it none goes, and IO ends when all pages have come.",
    ),
  backing: name
    .optional()
    .describe(
      "The device that missing pages come from. Without one a missing page is untouched memory: its first touch allocates it, under the lock, without IO.",
    ),
  reclaim: law
    .optional()
    .describe(
      "How long a page stays in memory that was read and is not mapped yet. When it is gone by the time of a retry it is read again, which may be under the lock. Without it such pages stay.",
    ),
  random: z
    .boolean()
    .default(false)
    .describe("MADV_RANDOM: a missing page of a file is read alone, without read-ahead. Swap takes no notice of it."),
  thp: z
    .boolean()
    .default(false)
    .describe(
      "Transparent huge pages: the first touch of untouched memory brings 2 MiB, which holds the lock for the time of clearing them (cost thp_fault). What is there at the start is in huge pages, which are walked faster.",
    ),
  cow: share
    .default(0)
    .describe(
      "Share of the pages there at the start that are shared until they are written to. The first write copies the page during its fault (cost cow_page).",
    ),
  poisoned: share
    .default(0)
    .describe("Share of all pages whose memory is broken (HWPOISON). A fault on one fails, without IO."),
  io_errors: share
    .default(0)
    .describe("Share of the pages whose reads fail, each time. The wait is that of any read; the fault then fails."),
  direct_reclaim: stalls
    .optional()
    .describe(
      "Page allocations of this mapping's faults that must free memory first: these stall, with the lock that the fault has.",
    ),
  dirty_throttle: stalls
    .optional()
    .describe(
      "Write faults that bring in a page of a file, by one who has dirtied too many pages: these stall. Whether they have let go of the lock by then depends on the kernel.",
    ),
});

const otherVmas = z.int().min(0).max(65536);

/** One address space. */
export const mm = z.strictObject({
  vmas: z.record(name, vma).describe("Its mappings by name, one behind the other."),
  other_vmas: z
    .union(
      [
        otherVmas,
        z.strictObject({
          count: otherVmas.describe("How many there are."),
          pages: vmaSize.describe("The size of each."),
        }),
      ],
      { error: "expected a whole number from 0 to 65536, or {count, pages}" },
    )
    .default(0)
    .describe(
      "Small mappings beside the listed ones (libraries, stacks, heaps), all of them there; of 16 pages each where it is a number alone. Readers of /proc and fork work on each of them under the lock.",
    ),
  arg_start: name
    .optional()
    .describe(
      "The mapping that holds argv and the environment. /proc/PID/cmdline and environ read it, and hold the lock over the IO of a page that is away.",
    ),
});
