import type { Steps } from "../engine/task.ts";
import type { mm_struct } from "./include/linux/mm_types.ts";
import type { task_struct } from "./include/linux/sched.ts";
import type { rwsem_policy } from "./kernel/locking/rwsem.ts";
import { rwsem_modern } from "./kernel/locking/rwsem-modern.ts";
import { rwsem_reader_pref } from "./kernel/locking/rwsem-reader-pref.ts";
import { rwsem_steal } from "./kernel/locking/rwsem-steal.ts";
import { rwsem_strict_fifo } from "./kernel/locking/rwsem-strict-fifo.ts";
import { rwsem_xadd } from "./kernel/locking/rwsem-xadd.ts";
import * as gupRfc from "./mm/gup.rfc.ts";
import * as gupReviewed from "./mm/gup.reviewed.ts";
import type { LockedPointer, PageVector } from "./mm/gup.ts";
import * as gupV3_17 from "./mm/gup.v3.17.ts";
import * as gupV4_0 from "./mm/gup.v4.0.ts";
import * as kvmRfc from "./virt/kvm/kvm_main.rfc.ts";
import * as kvmV3_17 from "./virt/kvm/kvm_main.v3.17.ts";
import * as kvmV4_0 from "./virt/kvm/kvm_main.v4.0.ts";

/** The functions that exist in several forms; a kernel has one of each. */
export interface KernelText {
  readonly rwsem: rwsem_policy;
  __get_user_pages_locked(
    current: task_struct,
    mm: mm_struct,
    start: number,
    nr_pages: number,
    flags: number,
    pages: PageVector | null,
    locked: LockedPointer,
    notify_drop: boolean,
  ): Steps<number>;
  hva_to_pfn_slow_sync(current: task_struct, mm: mm_struct, addr: number, write_fault: boolean): Steps<number>;
}

interface Form {
  /** One line for `describe --presets`. */
  readonly says: string;
  readonly text: Partial<KernelText>;
  /** For a value named `NAME:N`: the functions for a number. */
  readonly withNumber?: (n: number) => Partial<KernelText>;
}

/** What can be chosen, axis by axis. Axes with one value are there because results name them. */
export const axes = {
  gup: {
    plain: { says: "one pass, the lock held over every IO", text: gupV3_17 },
    rfc: { says: "drop on RETRY, then all remaining pages with the lock held", text: gupRfc },
    reviewed: { says: "the posted patch with each review comment applied literally", text: gupReviewed },
    "v4.0": { says: "drop on RETRY, then one page with the lock held; prefault bails out", text: gupV4_0 },
  },
  rwsem: {
    "xadd-v3.17": { says: "writers barge and spin, head-contiguous reader grants", text: { rwsem: rwsem_xadd } },
    modern: {
      says: "readers steal, writers spin on readers, hand-off by age, whole-queue reader grants",
      text: { rwsem: rwsem_modern },
    },
    "reader-pref": {
      says: "no kernel's: readers wait for a writer that owns it, for nobody else",
      text: { rwsem: rwsem_reader_pref },
    },
    "steal:N": {
      says: "no kernel's: order of arrival, each waiter puts up with N steals",
      text: {},
      withNumber: (n: number) => ({ rwsem: rwsem_steal(n) }),
    },
    "strict-fifo": { says: "no kernel's: order of arrival, nobody steals", text: { rwsem: rwsem_strict_fifo } },
  },
  fault: { "v3.17": { says: "reads submitted under the lock, one polite wait", text: {} } },
  vma: { none: { says: "no per-VMA locks", text: {} } },
  munmap: { write: { says: "held for write during the whole zap", text: {} } },
  kvm: {
    "v3.17": { says: "synchronous look-up: gup_fast, then its slow part", text: kvmV3_17 },
    rfc: { says: "synchronous look-up: get_user_pages_unlocked", text: kvmRfc },
    "v4.0": { says: "synchronous look-up: __get_user_pages_unlocked with FOLL_HWPOISON", text: kvmV4_0 },
  },
  takers: { "v3.17": { says: "maps, smaps and cmdline take the lock for read", text: {} } },
} as const satisfies Record<string, Record<string, Form>>;

export type Axis = keyof typeof axes;
export type AxisValues = Readonly<Record<Axis, string>>;
export const axisNames = Object.keys(axes) as Axis[];

const v3_17: AxisValues = {
  gup: "plain",
  rwsem: "xadd-v3.17",
  fault: "v3.17",
  vma: "none",
  munmap: "write",
  kvm: "v3.17",
  takers: "v3.17",
};

/** Kernels, as one value an axis. Source: kernel versions by name; `rfc` and `reviewed` are the patch of September 2014. */
export const presets: Readonly<Record<string, AxisValues>> = {
  "v3.17": v3_17,
  rfc: { ...v3_17, gup: "rfc", kvm: "rfc" },
  reviewed: { ...v3_17, gup: "reviewed", kvm: "rfc" },
  "v4.0": { ...v3_17, gup: "v4.0", kvm: "v4.0" },
};

/** Other names of presets. */
export const aliases: Readonly<Record<string, string>> = { plain: "v3.17", unlocked: "v4.0" };

/** One kernel to run: `name` as the user wrote it, the preset it starts from, and what each axis is in the end. */
export interface Variant {
  readonly name: string;
  readonly preset: string;
  readonly axes: AxisValues;
}

/** A variant that does not exist. The message names the part that is wrong and what is allowed. */
export class UnknownVariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnknownVariantError";
  }
}

/**
 * Reads `PRESET(+AXIS=VALUE)*`.
 *
 * @throws UnknownVariantError for a preset, axis or value that is not built.
 */
export function parseVariant(name: string): Variant {
  const [first = "", ...changes] = name.split("+");
  const preset = aliases[first] ?? first;
  const base = presets[preset];
  if (base === undefined || !Object.hasOwn(presets, preset)) {
    throw new UnknownVariantError(`unknown preset "${first}" in variant "${name}": one of ${presetNames().join(", ")}`);
  }
  const chosen: Record<Axis, string> = { ...base };
  for (const change of changes) {
    const [axis = "", value = ""] = change.split("=");
    if (!isAxis(axis)) {
      throw new UnknownVariantError(`unknown axis "${axis}" in variant "${name}": one of ${axisNames.join(", ")}`);
    }
    if (formOf(axis, value) === null) {
      const allowed = Object.keys(axes[axis]).join(", ");
      throw new UnknownVariantError(`unknown value "${value}" of axis ${axis} in variant "${name}": one of ${allowed}`);
    }
    chosen[axis] = value;
  }
  return { name, preset, axes: chosen };
}

/** Presets and their aliases, for messages. */
function presetNames(): string[] {
  return Object.keys(presets).concat(Object.keys(aliases));
}

/** The functions a variant runs. */
export function kernelText(variant: Variant): KernelText {
  const forms = axisNames.map((axis) => formOf(axis, variant.axes[axis]) ?? {});
  const { rwsem, __get_user_pages_locked, hva_to_pfn_slow_sync } = Object.assign({}, ...forms) as KernelText;
  return { rwsem, __get_user_pages_locked, hva_to_pfn_slow_sync };
}

/** The functions behind one value of an axis, null when there is no such value. */
function formOf(axis: Axis, value: string): Partial<KernelText> | null {
  const forms = axes[axis] as Record<string, Form>;
  if (Object.hasOwn(forms, value)) return value.endsWith(":N") ? null : (forms[value] as Form).text;
  const [, family, digits] = /^([a-z-]+):(\d{1,4})$/.exec(value) ?? [];
  return forms[`${family}:N`]?.withNumber?.(Number(digits)) ?? null;
}

function isAxis(name: string): name is Axis {
  return Object.hasOwn(axes, name);
}
