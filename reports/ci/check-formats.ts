import type { CheckDocument } from "../documents/check.ts";
import { documentText } from "../documents/document-text.ts";
import { csvLine } from "../files/csv-line.ts";
import { checkText } from "../text/check-text.ts";
import { checkScreen, type CheckView } from "../text/screen/check-screen.ts";
import { checkMarkdown } from "./check-markdown.ts";

/** How a check is shown where a person reads it. */
export interface CheckTextView extends CheckView {
  /** The whole report instead of one screen. */
  readonly full: boolean;
}

/** What `check` prints its verdicts as, by the word after `--format`; the first is the default. */
export const checkFormats = {
  text: (document: CheckDocument, view: CheckTextView): string =>
    view.full ? checkText(document, view.width) : checkScreen(document, view),
  json: (document: CheckDocument): string => documentText(document),
  md: checkMarkdown,
  csv: checkCsv,
  ndjson: (document: CheckDocument): string => document.rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
};

/** The words. */
export const checkFormatNames = Object.keys(checkFormats) as [keyof typeof checkFormats];

/** A line a budget (RFC 4180, lines ended by a newline alone); times in ns, ratios where it is held against a baseline. */
function checkCsv({ scenario, variant, rows }: CheckDocument): string {
  const head = [
    "scenario",
    "variant",
    "metric",
    "budget",
    "level",
    "status",
    "observed",
    "low",
    "high",
    "at_least",
    "limit",
  ];
  const lines = rows.map(({ metric, assert, level, status, interval, at_least, limit }) => {
    const values = [interval?.point, interval?.low, interval?.high].map((value) => value?.toString() ?? "");
    return csvLine([scenario, variant, metric, assert, level, status, ...values, String(at_least), String(limit)]);
  });
  return `${[csvLine(head), ...lines].join("\n")}\n`;
}
