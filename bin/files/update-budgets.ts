import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parseDocument } from "yaml";
import { isStandardInput } from "../../scenarios/standard-input.ts";
import { type CheckRow, valueText } from "../../reports/documents/check.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { OutputFolder } from "./files.ts";

/** How far above what was observed a new limit is. */
const headRoom = 0.1;

/**
 * Rewrites the upper limits of a file of budgets: what the interval reaches up to, and a tenth more, in two digits. Returns what
 * changed, as a diff. Budgets against a baseline, lower limits and those without an interval stay as they are.
 *
 * @throws EnvironmentError when the file cannot be written.
 */
export function updateBudgets(file: string, rows: readonly CheckRow[]): string {
  const document = parseDocument(readFileSync(file, "utf8"));
  const lines: string[] = [];
  for (const [i, row] of rows.entries()) {
    const [, head] = /^(.*?<=?)\s*[^<>=]+$/.exec(row.assert) ?? [];
    if (head === undefined || row.assert.includes("baseline") || row.interval === null) continue;
    const wanted = roundedUp(row.interval.high * (1 + headRoom));
    const text = `${head} ${valueText(row, wanted).replace(/\s|,/g, "").replace("µ", "u")}`;
    if (text === row.assert || !Number.isFinite(wanted)) continue;
    document.setIn(["budgets", i, "assert"], text);
    lines.push(`  ${row.metric}`, `- ${row.assert}`, `+ ${text}`);
  }
  if (lines.length > 0) new OutputFolder(dirname(file)).write(basename(file), document.toString());
  return lines.length === 0 ? "no limit changed\n" : `${file}\n${lines.join("\n")}\n`;
}

/** Limits are moved by people, in a file of their own. @throws UsageError without a file of budgets, and in CI. */
export function refuseUpdate(file: string | undefined): void {
  if (file === undefined || isStandardInput(file))
    throw new UsageError("--update rewrites a file of budgets: give --budget FILE");
  if (process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false") {
    throw new UsageError("--update is refused in CI: a gate that moves its own limits is none");
  }
}

/** Up, to two digits. */
function roundedUp(value: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
