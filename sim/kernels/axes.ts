import type { KernelOps } from "../linux/ops.ts";
import { fault } from "./fault.ts";
import type { Form } from "./form.ts";
import { gup } from "./gup.ts";
import { kvm } from "./kvm.ts";
import { munmap } from "./munmap.ts";
import { rwsem } from "./rwsem.ts";
import { takers } from "./takers.ts";
import { userfault } from "./userfault.ts";
import { vma } from "./vma.ts";

/** What can be chosen, axis by axis; the values of one in its file, oldest first. */
export const axes = { gup, rwsem, fault, userfault, vma, munmap, kvm, takers } as const;

/** What differs between kernels, by the names of {@link axes}. */
export type Axis = keyof typeof axes;
/** One value for every axis. */
export type AxisValues = Readonly<Record<Axis, string>>;
/** The axes in the order in which they are shown. */
export const axisNames = Object.keys(axes) as Axis[];

/** The value of `axis` that is called `value`, a number stands for the N of `NAME:N`; null when there is none. */
export function formOf(axis: Axis, value: string): Form | null {
  const forms: Readonly<Record<string, Form>> = axes[axis];
  if (Object.hasOwn(forms, value)) return value.endsWith(":N") ? null : (forms[value] as Form);
  const [, family, digits] = /^([a-z-]+):(\d{1,4}|forever)$/.exec(value) ?? [];
  const form = forms[`${family}:N`];
  if (form === undefined || !("withNumber" in form)) return null;
  return digits === "forever" && form.endless !== true ? null : form;
}

/** The functions behind one value of an axis, none when there is no such value. */
export function opsOf(axis: Axis, value: string): Partial<KernelOps> {
  const form = formOf(axis, value);
  if (form === null) return {};
  if (!("withNumber" in form)) return form.ops;
  const number = value.slice(value.indexOf(":") + 1);
  return form.withNumber(number === "forever" ? Number.POSITIVE_INFINITY : Number(number));
}
