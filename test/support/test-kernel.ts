import { Simulation } from "../../sim/engine/simulation.ts";
import { Kernel, type StepCosts } from "../../sim/linux/kernel.ts";
import type { KernelOps } from "../../sim/linux/ops.ts";
import { kernelOps, parseVariant } from "../../sim/kernels/variant.ts";
import { type Cpus, UnlimitedCpus } from "../../sim/machine/cpus.ts";
import { FairCpus } from "../../sim/machine/fair-cpus.ts";
import type { CostName } from "../../sim/costs.ts";
import { type Listener, Trace } from "../../sim/trace/trace.ts";
import { testCosts } from "./small-scenario.ts";

/** A kernel of `variant` with nothing in it. Costs are zero but those named; each change of a lock is checked. */
export function testKernel(options: {
  variant: string;
  listeners?: readonly Listener[];
  costs?: Partial<Record<CostName, number>>;
  cpus?: number | "unlimited";
  /** Functions of the kernel that a test puts in the place of its own. */
  broken?: (own: KernelOps) => Partial<KernelOps>;
  end?: number;
}): Kernel {
  const named = Object.entries(testCosts(options.costs));
  const costs = Object.fromEntries(named.map(([name, cost]) => [name, cost.value_ns])) as StepCosts;
  const sim = new Simulation(options.end ?? 1_000_000_000);
  const count = options.cpus ?? "unlimited";
  const cpus: Cpus = count === "unlimited" ? new UnlimitedCpus(costs, "1") : new FairCpus(sim, count, costs, "1");
  const own = kernelOps(parseVariant(options.variant));
  return new Kernel(
    {
      sim,
      trace: new Trace(options.listeners ?? []),
      cpus,
      costs,
      ops: { ...own, ...options.broken?.(own) },
      seed: "1",
    },
    { ignoreBugs: false, checkInvariants: true },
  );
}
