/** The kinds of missing pages of the matrix. */
import { fuse_conn } from "../linux/fs/fuse/dev.ts";
import { ServerProcess } from "../linux/fs/server.ts";
import { userfaultfd_ctx } from "../linux/fs/userfaultfd.ts";
import {
  type Backing,
  type mm_struct,
  pte_file,
  pte_none,
  pte_swap,
  vm_area_struct,
} from "../linux/include/linux/mm_types.ts";
import { task_struct } from "../linux/include/linux/sched.ts";
import type { Kernel } from "../linux/kernel.ts";
import { BlockDevice } from "../machine/block-device.ts";
import { userfaultServer } from "../roles/servers/userfault-server.ts";

/** Kinds of missing pages: behind a userfaultfd, swapped out, of a FUSE file without read-ahead, of a swapped memfd. */
export const pageKinds = ["uffd", "anon swap", "file", "shmem swap"] as const;
export type PageKind = (typeof pageKinds)[number];

/** The time of an IO, ns. */
export const matrixIoNs = 20_000_000;

/** Largest window of read-ahead, where there is one: 128 KiB. */
const readaheadPages = 32;

/** A mapping of `pages` missing pages. `evictedOnce`: the first content that is read is gone before anybody looks. */
export function mapKind(
  kernel: Kernel,
  mm: mm_struct,
  kind: PageKind,
  pages: number,
  options: { readonly evictedOnce: boolean; readonly readahead: boolean },
): vm_area_struct {
  const law = { kind: "constant", value_ns: matrixIoNs } as const;
  const isFile = kind === "file";
  const backing: Backing = {
    device: isFile
      ? new fuse_conn(kernel, "fuse", law, null)
      : new BlockDevice(kernel.sim, kernel.trace, kind, law, null, "matrix"),
    synchronous: false,
    synchronousReadpage: isFile,
    ioClass: kind === "uffd" ? "userfault" : isFile ? "fuse" : "swap",
    maxReadahead: options.readahead ? readaheadPages : 1,
  };
  const vma = new vm_area_struct({
    mm,
    name: kind,
    start: mm.unmappedArea(pages),
    pages,
    kind: isFile ? "file" : kind === "shmem swap" ? "shmem" : "anon",
    random: isFile && !options.readahead,
    backing,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: (_index, nth) => (options.evictedOnce && nth === 0 ? 0 : Number.POSITIVE_INFINITY),
  });
  vma.pte.fill(kind === "uffd" ? pte_none : isFile ? pte_file : pte_swap);
  mm.mm_rb.insert(vma);
  if (kind === "uffd") {
    const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
    vma.userfaultfd = ctx;
    const server = new task_struct(kernel, "server", "userfaultfd", null);
    kernel.start(server, userfaultServer(server, mm, ctx, backing.device, new ServerProcess(kernel, "server")));
  }
  return vma;
}
