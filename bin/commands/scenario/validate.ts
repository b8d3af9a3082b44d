import { loadScenario, ScenarioError } from "../../../scenarios/load.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { several } from "../../cli/options.ts";

/** Checks scenario files and prints all problems of all of them. Returns exit code 0 or 2. */
export default command({
  positionals: { files: several("scenario files", 1) },
  options: {},
  run({ files }, streams) {
    let bad = false;
    for (const file of files) {
      try {
        const { scenario } = loadScenario(file, []);
        parseVariants(scenario.variants);
        if (!streams.quiet) streams.out(`${file}: ok\n`);
      } catch (error) {
        if (!(error instanceof ScenarioError) && !(error instanceof UsageError)) throw error;
        bad = true;
        streams.err(`${error.message}\n`);
      }
    }
    return bad ? exitCodes.usage : exitCodes.ok;
  },
});
