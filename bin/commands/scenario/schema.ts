import { checkJsonSchema } from "../../../reports/ci/check-schema.ts";
import { jsonSchema } from "../../../scenarios/schema/keys/json-schema.ts";
import { command } from "../../cli/command.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { choice } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

const says = "scenario files, or what check --format json prints";

/** Prints the JSON Schema of scenario files, or of the document that `check` prints. */
export default command({
  positionals: { document: choice(["scenario", "check"], "scenario", says) },
  options: {},
  run({ document }, streams) {
    streams.out(jsonText(document === "check" ? checkJsonSchema() : jsonSchema()));
    return exitCodes.ok;
  },
});
