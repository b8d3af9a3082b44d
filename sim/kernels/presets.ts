/** The kernels that have a name: a table of names and words, none of their functions is loaded with it. */
import type { Explanation } from "../explanation.ts";
import type { AxisValues } from "./axes.ts";

/** A kernel: what is said of it, and one value an axis. */
export interface Preset extends Explanation {
  readonly axes: AxisValues;
}

const v3_17: AxisValues = {
  gup: "plain",
  rwsem: "xadd-v3.17",
  fault: "v3.17",
  userfault: "released-first",
  vma: "none",
  munmap: "write",
  kvm: "v3.17",
  takers: "v3.17",
};

const v5_4: AxisValues = {
  gup: "v5.4",
  rwsem: "v5.4",
  fault: "v5.1",
  userfault: "released-first",
  vma: "none",
  munmap: "downgrade",
  kvm: "v5.2",
  takers: "v5.4",
};

const v6_12: AxisValues = {
  gup: "modern",
  rwsem: "modern",
  fault: "modern",
  userfault: "released-first",
  vma: "v6.18",
  munmap: "downgrade",
  kvm: "v5.2",
  takers: "v6.12",
};

const v6_18: AxisValues = {
  gup: "modern",
  rwsem: "modern",
  fault: "modern",
  userfault: "queued-first",
  vma: "v6.18",
  munmap: "downgrade",
  kvm: "modern",
  takers: "v6.18",
};

/** The presets, oldest first. Source: kernel versions by name; `rfc` and `reviewed` are the patch of September 2014. */
export const presets: Readonly<Record<string, Preset>> = {
  "v3.17": {
    what: "The kernel before the patch.",
    why: "It is the base of the posted diff.",
    said: "What the mail changes.",
    later: null,
    source: "v3.17",
    axes: v3_17,
  },
  rfc: {
    what: "v3.17 with both patches of the mail as posted.",
    why: "To see what the review would have met.",
    said: 'Andrea Arcangeli: "it\'s untested anyway".',
    later: "Replaced by v4.0.",
    source: "the patches of 26 Sep 2014",
    axes: { ...v3_17, gup: "rfc", kvm: "rfc" },
  },
  reviewed: {
    what: "v3.17 with the posted patches and every comment of their review.",
    why: "To see which comments must be read with care.",
    said: "Andres Lagar-Cavilla's review.",
    later: "Never existed.",
    source: "the review of 26 Sep 2014",
    axes: { ...v3_17, gup: "reviewed", kvm: "rfc" },
  },
  "v3.19": {
    what: "v3.17 with KVM's own polite look-up.",
    why: "KVM's fix went in first.",
    said: 'Andres Lagar-Cavilla: "Likely my patch will go in"; Andrea Arcangeli: "If your patches goes in first it\'s fine".',
    later: "Its helper was removed by v4.0.",
    source: "v3.19 virt/kvm",
    axes: { ...v3_17, kvm: "v3.19" },
  },
  "v4.0": {
    what: "What was merged of the mail.",
    why: "The loop of the mail, one page on its second pass.",
    said: "Andrea Arcangeli's loop, with Andres Lagar-Cavilla's one page.",
    later: "See gup=v5.4 and gup=modern.",
    source: "v4.0 mm/gup.c, virt/kvm",
    axes: { ...v3_17, gup: "v4.0", kvm: "v4.0" },
  },
  "v5.4": {
    what: "File faults drop before they block, munmap is downgraded, prefaults insist, the new rwsem.",
    why: "Between the merge and per-VMA locks.",
    said: null,
    later: null,
    source: "v5.4",
    axes: v5_4,
  },
  "v6.12": {
    what: "Per-VMA locks for every user fault and for UFFDIO_COPY; /proc/PID/maps takes mmap_lock.",
    why: "The last long-term kernel in which /proc/PID/maps waits behind a queued writer.",
    said: null,
    later:
      "One of its rules has no value here: KVM's page-ready interrupt with its poison probe is kvm=v5.2 without the interrupt.",
    source: "v6.12",
    axes: v6_12,
  },
  "v6.18": {
    what: "Per-VMA locks, unbounded retries, readers that steal.",
    why: "The kernel that was measured.",
    said: null,
    later: null,
    source: "v6.18",
    axes: v6_18,
  },
};

/** Other names of presets. */
export const aliases: Readonly<Record<string, string>> = { plain: "v3.17", unlocked: "v4.0" };

/** The kernels that a single call of get_user_pages is tried on: the first with each form of it, v3.17 by its alias, and the newest. */
export const gupPresets: readonly string[] = Object.keys(presets).flatMap((name, i, names) => {
  const gupOf = (one: string): string | undefined => presets[one]?.axes.gup;
  const isFirst = names.findIndex((one) => gupOf(one) === gupOf(name)) === i;
  return i === 0 ? ["plain"] : isFirst || i === names.length - 1 ? [name] : [];
});
