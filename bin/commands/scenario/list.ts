import { mailRowsText, scenariosText } from "../../../reports/text/reference/list-text.ts";
import { bundledScenarios } from "../../../scenarios/library.ts";
import { mailRows } from "../../../scenarios/mail-rows.ts";
import { command } from "../../cli/command.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { flag, formatOption } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/** Prints the scenarios that come with gupsim, or the numbered statements of the mail with the scenarios and tests that show each. */
export default command({
  options: {
    mailRows: flag("the statements of the 2014 mail (S1-S137), and which scenario and test shows each", {
      formerly: "seed-rows",
    }),
    format: formatOption("text", "json"),
  },
  run(given, { out, columns, strong }) {
    const isJson = given.format === "json";
    if (given.mailRows) {
      const rows = mailRows();
      out(isJson ? jsonText({ schema: "gupsim/mail-rows/v1", rows }) : mailRowsText(rows, columns, strong));
    } else {
      const scenarios = bundledScenarios().map(({ name, question }) => ({ name, question }));
      out(isJson ? jsonText({ schema: "gupsim/list/v1", scenarios }) : scenariosText(scenarios, columns, strong));
    }
    return exitCodes.ok;
  },
});
