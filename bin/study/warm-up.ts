import { parseDuration, UnitError } from "../../scenarios/units.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { warmUpOf } from "../../sim/study/warm-up.ts";
import { UsageError } from "../cli/exit-codes.ts";
import type { Streams } from "../cli/streams.ts";

/**
 * Seeds whose warm-up is looked at. Each costs a run of its own, for what is left out must be known before anything is measured; all of
 * them would double the time of a study and move the cut little.
 */
const pilots = 3;

/** Reads `--warmup`: a time, ns, or `null` for `auto`. @throws UsageError for anything else, and what is not shorter than the run. */
export function parseWarmUp(text: string, scenario: Scenario): number | null {
  if (text === "auto") return null;
  const ns = duration(text);
  if (ns >= scenario.duration_ns) throw new UsageError(`--warmup: ${text} is not shorter than the run`);
  return ns;
}

/**
 * What is left out at the beginning of every replication of a study, ns: what was asked for; else nothing of a terminating scenario, and
 * of a steady one the longest cut of MSER-5 over all variants and the first seeds.
 */
export async function warmUp(
  asked: number | null,
  scenario: Scenario,
  variants: readonly Variant[],
  seeds: readonly string[],
  streams: Streams,
): Promise<number> {
  if (asked !== null) return asked;
  if (scenario.kind === "terminating") return 0;
  let longest = 0;
  for (const seed of seeds.slice(0, pilots)) {
    for (const variant of variants) {
      streams.progress(`warm-up of ${variant.name}, seed ${seed}`);
      // A signal is heard between two runs, and ends the program: nothing is done yet.
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, warmUpOf(scenario, variant, seed));
    }
  }
  streams.progress("");
  return longest;
}

/** `--warmup` as it must be given to have this cut again. */
export function warmUpArguments(asked: number | null, scenario: Scenario, from_ns: number): string[] {
  return asked === null && scenario.kind === "terminating" ? [] : ["--warmup", from_ns === 0 ? "0" : `${from_ns}ns`];
}

function duration(text: string): number {
  if (text === "0") return 0;
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--warmup: ${error.message}, or auto`);
    throw error;
  }
}
