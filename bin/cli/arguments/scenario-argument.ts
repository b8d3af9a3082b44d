import { type LoadedScenario, loadScenario, ScenarioError } from "../../../scenarios/load.ts";
import { UsageError } from "../exit-codes.ts";

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
