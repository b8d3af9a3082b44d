import { ledgerText, suggested } from "../../../reports/text/experiments/review-ledger.ts";
import { judge } from "../../../sim/experiments/review.ts";
import type { Streams } from "../../cli/streams.ts";

/** Longest vectors tried: 780 of 1 to 4 pages of five kinds. */
const longestVector = 4;

/** Tries each suggestion of the review of the posted patch, alone, and prints what it does. Returns exit code 0. */
export function review(format: string, streams: Streams): number {
  const rows = suggested.map((one) => {
    streams.progress(one.variant);
    return { ...one, judgement: judge(one.variant, longestVector) };
  });
  streams.progress("");
  if (format === "json") streams.out(`${JSON.stringify({ schema: "gupsim/review/v1", rows }, null, 2)}\n`);
  else streams.out(ledgerText(rows, streams.columns));
  return 0;
}
