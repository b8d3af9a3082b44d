import type { Explanation } from "../explanation.ts";
import type { KernelOps } from "../linux/ops.ts";

/** What is said of a value of an axis: `says` in a line, the rest for `explain`. */
interface Words extends Explanation {
  readonly says: string;
}

/** A value with a name of its own, and the functions it brings. */
export interface NamedForm<K extends keyof KernelOps = never> extends Words {
  readonly ops: Pick<KernelOps, K>;
}

/** A value named `NAME:N`, and the functions it brings for a number; `endless`: the number may be `forever`. */
export interface NumberedForm<K extends keyof KernelOps = never> extends Words {
  readonly withNumber: (n: number) => Pick<KernelOps, K>;
  readonly endless?: true;
}

/** One value of an axis that brings the functions `K`: each value of an axis brings the same. */
export type Form<K extends keyof KernelOps = never> = NamedForm<K> | NumberedForm<K>;
