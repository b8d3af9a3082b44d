/** Who gets at the memory of a process: system calls, files of /proc, kernel threads. One record each, in the file of its kind. */
import type { Steps } from "../engine/task.ts";
import type { Explanation } from "../explanation.ts";
import type { mm_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import { type Site, siteNames } from "../linux/sites.ts";
import { faultCallers, faultSites, futexCallers, userfaultCallers } from "./faults.ts";
import { futexKeyCallers, gupSites, pinningCallers, xdpCallers } from "./gup.ts";
import { kvmCallers, kvmSites } from "./kvm.ts";
import { adviceCallers, adviceSites, populateCallers } from "./madvise.ts";
import { lockedMemoryCallers, mappingCallers, mappingSites, placementCallers, rangeCallers } from "./mappings.ts";
import { mappingFiles, memoryFiles, procSites } from "./proc.ts";
import { processCallers, processSites, wholeCallers } from "./process.ts";
import { remoteCallers, remoteSites } from "./remote.ts";

/** Works on `pages` pages from `start`. Negative for an errno. */
export type CallerSteps = (current: task_struct, mm: mm_struct, start: number, pages: number) => Steps<number>;

/** A release of Linux. */
export type Release = `v${number}.${number}`;

/** What people call it, the pages it usually works on, the function on whose behalf it takes the lock, and what it does. */
export interface Caller {
  readonly says: string;
  readonly pages: number;
  /** In v6.18; older kernels may name another. */
  readonly site: Site;
  readonly steps: CallerSteps;
  /** The release in which it came; left out for what all kernels here have. */
  readonly since?: Release;
}

/**
 * The callers by the names of the measurement on 6.18, where they have one. Source: each function's own.
 * Left out: what they do with the pages.
 */
export const callers = {
  ...faultCallers,
  ...remoteCallers,
  ...memoryFiles,
  ...populateCallers,
  ...lockedMemoryCallers,
  ...adviceCallers,
  ...pinningCallers,
  ...placementCallers,
  ...futexCallers,
  ...futexKeyCallers,
  ...xdpCallers,
  ...userfaultCallers,
  ...wholeCallers,
  ...rangeCallers,
  ...mappingFiles,
  ...kvmCallers,
  ...mappingCallers,
  ...processCallers,
} as const satisfies Record<string, Caller>;

/** The name of one caller. */
export type CallerName = keyof typeof callers;
/** All names, in the order of the table. */
export const callerNames = Object.keys(callers) as CallerName[];

const words: Readonly<Record<Site, Explanation>> = {
  ...gupSites,
  ...remoteSites,
  ...kvmSites,
  ...procSites,
  ...mappingSites,
  ...adviceSites,
  ...processSites,
  ...faultSites,
};

/** What `explain` says of each site: the call sites of the patch, then who else takes the lock. */
export const sites = Object.fromEntries(siteNames.map((name) => [name, words[name]])) as Readonly<
  Record<Site, Explanation>
>;
