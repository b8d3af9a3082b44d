import { ledgerText, suggested } from "../../../reports/text/experiments/review-ledger.ts";
import { seriesText } from "../../../reports/text/experiments/series-text.ts";
import { partEffects, patchOrders, undefinedNames } from "../../../sim/experiments/patch-series.ts";
import { judge } from "../../../sim/experiments/review.ts";
import type { Streams } from "../../cli/streams.ts";

/** Longest vectors tried: 780 of 1 to 4 pages of five kinds. */
const longestVector = 4;

/**
 * Tries each suggestion of the review of the posted patch, alone, and prints what it does; then whether each prefix of the series can be
 * built, and what each part of it takes out of the holds. Returns exit code 0.
 */
export function review(format: string, streams: Streams): number {
  const rows = suggested.map((one) => {
    streams.progress(one.variant);
    return { ...one, judgement: judge(one.variant, longestVector) };
  });
  streams.progress("");
  const orders = Object.entries(patchOrders).map(([order, series]) => ({ order, lacks: undefinedNames(series) }));
  const parts = partEffects();
  if (format === "json") {
    streams.out(`${JSON.stringify({ schema: "gupsim/review/v1", rows, orders, parts }, null, 2)}\n`);
  } else streams.out(`${ledgerText(rows, streams.columns)}\n${seriesText(orders, parts, streams.columns)}`);
  return 0;
}
