import type { Scenario } from "../../scenario.ts";
import type { Variant } from "./cell.ts";
import { each, isWhole, type Plan, seedsOf } from "./plan.ts";

/**
 * Seeds whose warm-up is looked at. Each costs a run of its own, for what is left out must be known before anything is measured; all of
 * them would double the time of a study and move the cut little.
 */
const pilots = 3;

/**
 * What is left out at the beginning of every replication of a study, ns: what was asked for; else nothing of a terminating scenario, and
 * of a steady one the longest cut of MSER-5 over all variants and the first seeds. Null after an interruption.
 *
 * @param asked ns, or null to find it out.
 */
export function* warmUp(
  asked: number | null,
  scenario: Scenario,
  variants: readonly Variant[],
  seeds: readonly string[],
): Plan<number | null> {
  if (asked !== null) return asked;
  if (scenario.kind === "terminating") return 0;
  const first = seeds.slice(0, pilots);
  const longest = (cuts: readonly number[]): number => Math.max(0, ...cuts);
  const cuts = yield* each(variants.map((variant) => seedsOf("warm-up", { scenario, variant }, first, longest)));
  return isWhole(cuts) ? longest(cuts) : null;
}
