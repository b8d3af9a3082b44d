import { ledgerText, suggested } from "../../../reports/text/experiments/review-ledger.ts";
import { seriesText } from "../../../reports/text/experiments/series-text.ts";
import { partEffects, patchOrders, undefinedNames } from "../../../sim/experiments/patch-series.ts";
import { judge } from "../../../sim/experiments/review.ts";
import { command } from "../../cli/command.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { formatOption } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/** Longest vectors tried: 780 of 1 to 4 pages of five kinds. */
const longestVector = 4;

/**
 * Tries each suggestion of the review of the posted patch, alone, and prints what it does; then whether each prefix of the series can be
 * built, and what each part of it takes out of the holds.
 */
export default command({
  options: { format: formatOption("text", "json") },
  run(given, streams) {
    const rows = suggested.map((one) => {
      streams.progress(one.variant);
      return { ...one, judgement: judge(one.variant, longestVector) };
    });
    streams.progress("");
    const orders = Object.entries(patchOrders).map(([order, series]) => ({ order, lacks: undefinedNames(series) }));
    const parts = partEffects();
    if (given.format === "json") streams.out(jsonText({ schema: "gupsim/review/v1", rows, orders, parts }));
    else streams.out(`${ledgerText(rows, streams.columns)}\n${seriesText(orders, parts, streams.columns)}`);
    return exitCodes.ok;
  },
});
