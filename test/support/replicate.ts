import type { Scenario } from "../../sim/scenario.ts";
import { outcomeOf, type VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import { replicateOnce } from "../../sim/study/replication.ts";
import type { SpanListener } from "../../sim/spans/paired.ts";

/** Runs one variant with each seed and merges what was measured. @param extra listeners beside the measuring ones. */
export function replicate(
  scenario: Scenario,
  variant: Variant,
  seeds: readonly string[],
  extra: readonly SpanListener[],
  options: { checkInvariants: boolean },
): VariantOutcome {
  return outcomeOf(
    variant,
    seeds.map((seed) => replicateOnce(scenario, variant, seed, extra, options)),
  );
}
