/** Whether the kernel of a variant has a call, and a kind of page: some came later than the oldest kernel here. */
import type { Release } from "../callers/callers.ts";
import type { Variant } from "../kernels/variant.ts";
import type { MatrixRow } from "./matrix.ts";
import type { PageKind } from "./matrix-pages.ts";

/** Kinds of pages that came later. Source: v4.3 fs/userfaultfd.c. */
const kindSince: Partial<Record<PageKind, Release>> = { uffd: "v4.3" };

/** The kernel of a variant: its preset's. The forms of the patch of 2014 are v3.17's. */
function releaseOf({ preset }: Variant): string {
  return /^v\d+\.\d+$/.test(preset) ? preset : "v3.17";
}

/** Whether the kernel of `variant` has the call of this row, and pages of this kind. */
export function isInKernel({ since }: MatrixRow, kind: PageKind, variant: Variant): boolean {
  const release = releaseOf(variant);
  return isSince(release, since ?? null) && isSince(release, kindSince[kind] ?? null);
}

function isSince(release: string, first: Release | null): boolean {
  if (first === null) return true;
  const [major = 0, minor = 0] = numbers(release);
  const [firstMajor = 0, firstMinor = 0] = numbers(first);
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

function numbers(release: string): number[] {
  return release.slice(1).split(".").map(Number);
}
