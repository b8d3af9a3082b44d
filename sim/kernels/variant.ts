import { InvariantError } from "../engine/invariant-error.ts";
import type { KernelOps } from "../linux/ops.ts";
import { type Axis, type AxisValues, axes, axisNames, formOf, opsOf } from "./axes.ts";
import { aliases, presets } from "./presets.ts";

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
  const chosen: Record<Axis, string> = { ...base.axes };
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

/** What the axes bring together; a function of KernelOps that none of them brings does not compile in {@link kernelOps}. */
type Brought = { [A in Axis]: keyof Extract<(typeof axes)[A][keyof (typeof axes)[A]], { ops: unknown }>["ops"] }[Axis];

/** What a kernel has one of each, in the order of the first one's axes: every kernel has one shape, so that each look-up is fast. */
const opNames: readonly string[] = Object.keys(together(Object.values(presets)[0]?.axes as AxisValues));
for (const axis of axisNames) checkForms(axis);

/** The functions a variant runs. The object cannot be changed. */
export function kernelOps(variant: Variant): KernelOps {
  const all: Partial<Record<string, unknown>> = together(variant.axes);
  return Object.freeze(Object.fromEntries(opNames.map((name) => [name, all[name]]))) as unknown as Pick<
    KernelOps,
    Brought
  >;
}

function together(values: AxisValues): Partial<KernelOps> {
  return Object.assign({}, ...axisNames.map((axis) => opsOf(axis, values[axis]))) as Partial<KernelOps>;
}

/** A value that brought less than the others of its axis would leave a kernel without a function, one that brought more would lose it. */
function checkForms(axis: Axis): void {
  const brought = Object.keys(axes[axis]).map((value) => [
    value,
    Object.keys(opsOf(axis, value.replace(/N$/, "1"))).sort(),
  ]);
  for (const [value, names] of brought) {
    if (String(names) === String(brought[0]?.[1])) continue;
    throw new InvariantError(
      `${axis}=${value} brings ${names}, other values of the axis bring ${brought[0]?.[1]}`,
      0,
      "",
    );
  }
}

function isAxis(name: string): name is Axis {
  return Object.hasOwn(axes, name);
}
