import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../../sim/scenario.ts";
import { sha256 } from "../../../sim/study/plan/sha256.ts";
import type { SimulationOptions } from "../../cli/arguments/simulation-options.ts";
import { OutputFolder } from "../files.ts";
import { latestName, pointLatest } from "./latest.ts";

/** Where results go when the user does not say. */
export const resultsRoot = "gupsim-out";

/** The options that an answer depends on, and `--out`. */
export type AskedResults = Pick<
  SimulationOptions,
  "set" | "seed" | "seeds" | "variants" | "precision" | "warmup" | "out"
> & { readonly budget?: string | undefined; readonly baseline?: string | undefined };

/**
 * The folder for the results of a command, tried before anything is simulated; null when no files are wanted. Without `--out` it is
 * {@link resultPath}, and the latest is from now on this one.
 *
 * @throws EnvironmentError when it cannot be written.
 */
export function resultFolder(command: string, asked: AskedResults, scenario: Scenario): OutputFolder | null {
  if (asked.out === null) return null;
  if (asked.out !== undefined) return new OutputFolder(asked.out);
  return latestFolder(resultPath(command, asked, scenario));
}

/** A folder under the root, which is the latest from now on. @param path with slashes. @throws EnvironmentError when it cannot be written. */
export function latestFolder(path: string): OutputFolder {
  const folder = new OutputFolder(join(resultsRoot, path));
  // Results are no source: no repository that they are made in shall show them as new files.
  const ignore = join(resultsRoot, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  pointLatest(resultsRoot, path);
  return folder;
}

/**
 * `SCENARIO/COMMAND`, under the root, for a scenario as it is; `SCENARIO/COMMAND-HASH8` where options change what is asked. The same
 * command always has the same folder, so that it resumes what was interrupted; options that only show results or make them faster do
 * not count.
 */
export function resultPath(command: string, asked: AskedResults, { name }: Pick<Scenario, "name">): string {
  const { set, seed, seeds, variants, precision, warmup, budget, baseline } = asked;
  const options = { set, seed, seeds, variants, precision, warmup, budget, baseline };
  const changes = Object.entries(options).filter(
    ([option, value]) => value !== undefined && value.length > 0 && !(option === "warmup" && value === "auto"),
  );
  const hash = changes.length === 0 ? "" : `-${sha256(JSON.stringify(changes)).slice(0, 8)}`;
  // The link to the latest has this name.
  const scenario = name === latestName ? `${name}-scenario` : name;
  return `${scenario}/${command}${hash}`;
}
