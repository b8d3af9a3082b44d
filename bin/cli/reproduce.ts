import { isStandardInput } from "../../scenarios/standard-input.ts";
import type { SimulationOptions } from "./arguments/simulation-options.ts";

/**
 * The one command line that repeats a command with these seeds, without the options that only say where the results go.
 *
 * @param more further options and their values, as they are typed.
 */
export function commandText(
  command: string,
  { scenario, set }: Pick<SimulationOptions, "scenario" | "set">,
  variants: readonly string[],
  seeds: readonly string[],
  more: readonly string[] = [],
): string {
  const isCounted = seeds.every((seed, i) => seed === String(i + 1));
  const parts = [
    scenario,
    "--variants",
    variants.join(","),
    ...(isCounted ? ["--seeds", String(seeds.length)] : seeds.flatMap((seed) => ["--seed", seed])),
    ...set.flatMap((one) => ["--set", one]),
    ...more,
  ];
  return `gupsim ${command} ${parts.map(quoted).join(" ")}`;
}

function quoted(text: string): string {
  if (isStandardInput(text)) return "-";
  return /^[\w./:=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
