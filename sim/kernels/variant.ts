import type { KernelOps } from "../linux/ops.ts";
import { type Axis, type AxisValues, aliases, axes, axisNames, type Form, presets } from "./versions.ts";

/**
 * One kernel to run: `name` as the user wrote it, the preset it starts from, and what each axis is in the end.
 *
 * Source: none, variants are ours.
 */
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
  const preset = Object.hasOwn(aliases, first) ? (aliases[first] as string) : first;
  const base = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
  if (base === undefined) {
    const allowed = Object.keys(presets).concat(Object.keys(aliases)).join(", ");
    throw new UnknownVariantError(`unknown preset "${first}" in variant "${name}": one of ${allowed}`);
  }
  const chosen: Record<Axis, string> = { ...base };
  for (const change of changes) {
    const [axis = "", value = ""] = change.split("=");
    if (!isAxis(axis)) {
      throw new UnknownVariantError(`unknown axis "${axis}" in variant "${name}": one of ${axisNames.join(", ")}`);
    }
    if (opsOf(axis, value) === null) {
      const allowed = Object.keys(axes[axis]).join(", ");
      throw new UnknownVariantError(`unknown value "${value}" of axis ${axis} in variant "${name}": one of ${allowed}`);
    }
    chosen[axis] = value;
  }
  return { name, preset, axes: chosen };
}

/** The functions a variant runs. */
export function kernelOps(variant: Variant): KernelOps {
  const all = Object.assign({}, ...axisNames.map((axis) => opsOf(axis, variant.axes[axis]) ?? {})) as KernelOps;
  // One shape, whatever the modules export beside it, so that every look-up of a function is fast.
  return {
    rwsem: all.rwsem,
    vma_lock: all.vma_lock,
    synchronous_swap_skips_cluster: all.synchronous_swap_skips_cluster,
    fatal_signal_errno: all.fatal_signal_errno,
    apf_ready_acked: all.apf_ready_acked,
    gup_read_lock: all.gup_read_lock,
    __get_user_pages_locked: all.__get_user_pages_locked,
    faultin_page: all.faultin_page,
    populate_pass: all.populate_pass,
    madv_populate_pass: all.madv_populate_pass,
    __lock_page_or_retry: all.__lock_page_or_retry,
    filemap_fault: all.filemap_fault,
    handle_userfault: all.handle_userfault,
    fault_dirty_shared_page: all.fault_dirty_shared_page,
    do_user_addr_fault: all.do_user_addr_fault,
    vm_munmap: all.vm_munmap,
    async_pf_get_user_page: all.async_pf_get_user_page,
    hva_to_pfn: all.hva_to_pfn,
    hva_to_pfn_slow: all.hva_to_pfn_slow,
    khugepaged_swapin: all.khugepaged_swapin,
    move_normal_pmd: all.move_normal_pmd,
    show_maps: all.show_maps,
    show_smaps_rollup: all.show_smaps_rollup,
    clear_refs_write: all.clear_refs_write,
    proc_pid_cmdline_read: all.proc_pid_cmdline_read,
    environ_read: all.environ_read,
    do_get_mempolicy: all.do_get_mempolicy,
    do_madvise: all.do_madvise,
    do_pages_move: all.do_pages_move,
    unuse_mm: all.unuse_mm,
    dump_user_range: all.dump_user_range,
    io_pin_pages: all.io_pin_pages,
    khugepaged_waits: all.khugepaged_waits,
  };
}

/** The functions behind one value of an axis, null when there is no such value. */
function opsOf(axis: Axis, value: string): Partial<KernelOps> | null {
  const forms = axes[axis] as Record<string, Form>;
  if (Object.hasOwn(forms, value)) return value.endsWith(":N") ? null : (forms[value] as Form).ops;
  const [, family, digits] = /^([a-z-]+):(\d{1,4}|forever)$/.exec(value) ?? [];
  const form = forms[`${family}:N`];
  if (form?.withNumber === undefined || (digits === "forever" && form.endless !== true)) return null;
  return form.withNumber(digits === "forever" ? Number.POSITIVE_INFINITY : Number(digits));
}

function isAxis(name: string): name is Axis {
  return Object.hasOwn(axes, name);
}
