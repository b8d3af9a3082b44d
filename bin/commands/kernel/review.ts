import { ledgerText, suggested } from "../../../reports/text/experiments/review-ledger.ts";
import { judge } from "../../../sim/experiments/review.ts";
import { command } from "../../cli/command.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { formatOption } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/** Longest vectors tried: 780 of 1 to 4 pages of five kinds. */
const longestVector = 4;

/** Tries each suggestion of the review of the posted patch, alone, and prints what it does. */
export default command({
  options: { format: formatOption("text", "json") },
  run(given, streams) {
    const rows = suggested.map((one) => {
      streams.progress(one.variant);
      return { ...one, judgement: judge(one.variant, longestVector) };
    });
    streams.progress("");
    streams.out(
      given.format === "json" ? jsonText({ schema: "gupsim/review/v1", rows }) : ledgerText(rows, streams.columns),
    );
    return exitCodes.ok;
  },
});
