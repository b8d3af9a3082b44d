/**
 * The one place where a run could have gone another way: which of several actors that are due at the same instant goes
 * first. An explorer implements this to walk all orders.
 */
export interface Choices {
  /** Index into `due`, which has at least two actor numbers in order of their sequence numbers. */
  pick(due: readonly number[]): number;
}

/** The default: whoever was scheduled first goes first. */
export const scheduledFirst: Choices = { pick: () => 0 };
