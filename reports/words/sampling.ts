import { formatDuration, threeSignificant } from "./format-duration.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { plural } from "./sentences.ts";

/** How a study was measured, for the head of a report: what was left out at the beginning, and why there are so many seeds. */
export function samplingNotes({
  seeds,
  warm_up_ns,
  precision,
}: Pick<VariantOutcome, "seeds" | "warm_up_ns" | "precision">): string[] {
  const warmUp =
    warm_up_ns === 0 ? "measured from the beginning" : `measured after a warm-up of ${formatDuration(warm_up_ns)}`;
  if (precision === null) return [warmUp];
  const goal = `the 95 % interval of each of ${precision.of.join(", ")} within ${threeSignificant(precision.half_width * 100)} % of its value`;
  const why = precision.reached
    ? `${plural(seeds.length, "seed")}: as many as it takes to have ${goal}`
    : `${plural(seeds.length, "seed")}, and not enough to have ${goal}${precision.reason === null ? "" : `: ${precision.reason}`}`;
  return [warmUp, why];
}
