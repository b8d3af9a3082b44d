import { parseDuration, UnitError } from "../../../scenarios/units.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { UsageError } from "../exit-codes.ts";

/** Reads `--warmup`: a time, ns, or `null` for `auto`. @throws UsageError for anything else, and what is not shorter than the run. */
export function parseWarmUp(text: string, scenario: Scenario): number | null {
  if (text === "auto") return null;
  const ns = duration(text);
  if (ns >= scenario.duration_ns) throw new UsageError(`--warmup: ${text} is not shorter than the run`);
  return ns;
}

/** `--warmup` as it must be given to have this cut again. @param text as it was given. */
export function warmUpArguments(text: string, scenario: Scenario, from_ns: number): string[] {
  if (text === "auto" && scenario.kind === "terminating") return [];
  return ["--warmup", from_ns === 0 ? "0" : `${from_ns}ns`];
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
