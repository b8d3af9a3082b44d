import { losesTheLongest, type WarmUpPilot } from "../warm-up.ts";
import type { Scenario } from "../../scenario.ts";
import type { Variant } from "./cell.ts";
import { each, isWhole, type Plan, seedsOf } from "./plan.ts";

/**
 * Seeds whose warm-up is looked at. Each costs a run of its own, for what is left out must be known before anything is measured; all of
 * them would double the time of a study and move the cut little.
 */
const pilots = 3;

/** What is left out at the beginning of every replication, ns; and why nothing is where MSER-5 would cut. */
export interface WarmUp {
  readonly from_ns: number;
  readonly refused: string | null;
}

/**
 * The warm-up of a study: what was asked for; else nothing of a terminating scenario, and of a steady one the longest cut of MSER-5 over
 * all variants and the first seeds. That cut is refused where it is more than half of the run, and where it loses a hold that is longer
 * than any that stays: such a beginning is of another kind than the rest, and perhaps the answer. Null after an interruption.
 *
 * @param asked ns, or null to find it out.
 */
export function* warmUp(
  asked: number | null,
  scenario: Scenario,
  variants: readonly Variant[],
  seeds: readonly string[],
): Plan<WarmUp | null> {
  if (asked !== null) return { from_ns: asked, refused: null };
  if (scenario.kind === "terminating") return { from_ns: 0, refused: null };
  const first = seeds.slice(0, pilots);
  const found = yield* each(
    variants.map((variant) => seedsOf("warm-up", { scenario, variant }, first, (all: readonly WarmUpPilot[]) => all)),
  );
  if (!isWhole(found)) return null;
  const all = found.flat();
  const from_ns = Math.max(0, ...all.map(({ cut_ns }) => cut_ns));
  const no = "no warm-up is left out: the one found";
  if (from_ns > scenario.duration_ns / 2) return { from_ns: 0, refused: `${no} is more than half of the run` };
  if (all.some((pilot) => losesTheLongest(pilot, from_ns))) {
    return { from_ns: 0, refused: `${no} would lose a hold longer than any that stays` };
  }
  return { from_ns, refused: null };
}
