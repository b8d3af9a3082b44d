import { type LoadedScenario, loadScenario, ScenarioError } from "../../../scenarios/load.ts";
import { UsageError } from "../exit-codes.ts";
import { required, values } from "../options.ts";

/** A scenario by name or file. */
export const scenarioPositional = required("name of a bundled scenario, or a file");

/** `--set`. */
export const setOption = values("PATH=VALUE: change a value of the scenario, for example tasks.vcpus.count=16");

/**
 * Loads the scenario that a command was given, with its `--set` changes.
 *
 * @throws UsageError with all problems of the file.
 */
export function scenarioArgument(nameOrFile: string, sets: readonly string[]): LoadedScenario {
  try {
    return loadScenario(nameOrFile, sets);
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(error.message);
    throw error;
  }
}
