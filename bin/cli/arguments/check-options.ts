import type { SimulationOptions } from "./simulation-options.ts";

/** What `check` was asked, beside what all simulations have in common. */
export interface CheckOptions extends SimulationOptions {
  readonly budget: string | undefined;
  /** Rewrite the limits of the file of budgets by what is observed. */
  readonly update: boolean;
  readonly baseline: string | undefined;
  readonly saveBaseline: string | undefined;
  readonly onInconclusive: string;
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  readonly github: string;
}
