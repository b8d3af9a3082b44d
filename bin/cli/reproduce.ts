import { isStandardInput } from "../../scenarios/standard-input.ts";
import type { AskedScenario } from "../study/model-bug.ts";

/**
 * The one command line that repeats a command with these seeds, without the options that only say where the results go.
 *
 * @param more further options and their values, as they are typed.
 */
export function commandText(
  command: string,
  { scenario, set }: AskedScenario,
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

/** The command line that shows a moment of one run: its events from `from_ns` on, with the model checked after each step. */
export function momentText({ scenario, set }: AskedScenario, variant: string, seed: string, from_ns: number): string {
  const parts = [scenario, "--variants", variant, "--seed", seed, ...set.flatMap((one) => ["--set", one])];
  // Without a warm-up of its own, which would run into the same bug before the events are shown.
  const moment = ["--events", "--from", `${from_ns}ns`, "--invariants", "--warmup", "0", "--no-out"];
  return `gupsim run ${[...parts, ...moment].map(quoted).join(" ")}`;
}

function quoted(text: string): string {
  if (isStandardInput(text)) return "-";
  return /^[\w./:=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
