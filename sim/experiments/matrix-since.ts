/** Since when the calls of the matrix exist, and the kinds of pages that came later than v3.17. */
import type { Variant } from "../kernels/variant.ts";
import type { PageKind } from "./matrix-pages.ts";

/** A release of the kernel: 5.4 is [5, 4]. */
type Release = readonly [number, number];

/**
 * The release in which a call came, for those that the oldest kernel here does not have.
 *
 * Source: v5.4 fs/io_uring.c (v5.1), v4.18 net/xdp/xdp_umem.c, v5.15 mm/madvise.c (MADV_POPULATE_READ: v5.14), v4.14 fs/proc/task_mmu.c
 * (smaps_rollup), v5.4 mm/madvise.c (MADV_PAGEOUT), v6.1 mm/khugepaged.c (MADV_COLLAPSE), v4.3 fs/userfaultfd.c.
 */
const since: Readonly<Record<string, Release>> = {
  io_uring_register: [5, 1],
  xdp_umem_reg: [4, 18],
  madv_populate_read: [5, 14],
  madv_populate_read_tried: [5, 14],
  madv_pageout: [5, 4],
  madv_collapse: [6, 1],
  proc_smaps_rollup: [4, 14],
  uffdio_copy_slow_src: [4, 3],
};

/** Kinds of pages that came later. */
const kindSince: Partial<Record<PageKind, Release>> = { uffd: [4, 3] };

/** The kernel of a variant: its preset's. The forms of the patch of 2014 are v3.17's. */
function releaseOf({ preset }: Variant): Release {
  const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(preset) ?? [null, "3", "17"];
  return [Number(major), Number(minor)];
}

/** Has the kernel of `variant` the call of this row, and pages of this kind? */
export function isInKernel(row: string, kind: PageKind, variant: Variant): boolean {
  const release = releaseOf(variant);
  return isSince(release, since[row]) && isSince(release, kindSince[kind]);
}

function isSince(release: Release, first: Release | undefined): boolean {
  if (first === undefined) return true;
  return release[0] > first[0] || (release[0] === first[0] && release[1] >= first[1]);
}

/** When the call of a row came, in words: `v5.1`; null for what all kernels here have. */
export function sinceOf(row: string): string | null {
  const release = since[row];
  return release === undefined ? null : `v${release.join(".")}`;
}
