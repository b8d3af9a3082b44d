/** A history on disk: lines of JSON, one a check. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { CheckDocument } from "../../../reports/documents/check.ts";
import { HistoryError, type HistoryEntry, historyEntry, parseHistory } from "../../../reports/history/entry.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Budget } from "../../../sim/study/budget.ts";
import { scenarioHash } from "../../../sim/study/plan/cell.ts";
import type { CheckOptions } from "../../cli/arguments/check-options.ts";
import { EnvironmentError, UsageError } from "../../cli/exit-codes.ts";
import type { Streams } from "../../cli/streams.ts";
import { versionStamp } from "../../cli/version-stamp.ts";

/** Reads a history; null where there is none. @throws UsageError for a line that is none: `file:line: rule`. */
export function readHistory(file: string): HistoryEntry[] | null {
  if (!existsSync(file)) return null;
  try {
    return parseHistory(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (error instanceof HistoryError) throw new UsageError(error.message);
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Known before anything is simulated. @throws UsageError for a damaged history, and `--commit` without one. */
export function refuseHistory({ history, commit }: Pick<CheckOptions, "history" | "commit">): void {
  if (history !== undefined) readHistory(history);
  else if (commit !== undefined) throw new UsageError("--commit is the commit of a line of --history FILE");
}

/**
 * Appends what a check measured, if that is asked for. A check that was interrupted or whose simulation stopped measured something else,
 * and is told to be left out.
 *
 * @throws EnvironmentError when it cannot be written.
 */
export function appendHistory(
  { history, commit }: Pick<CheckOptions, "history" | "commit">,
  document: CheckDocument,
  scenario: Scenario,
  budgets: readonly Budget[],
  streams: Pick<Streams, "err" | "quiet">,
): void {
  if (history === undefined) return;
  if (!document.complete || (document.ending !== "duration" && document.ending !== "work-done")) {
    streams.err(`not added to ${history}: the check is not complete\n`);
    return;
  }
  const entry = historyEntry(document, {
    commit: commit ?? commitHere(),
    version: versionStamp().version,
    scenario_hash: scenarioHash(scenario),
    budgets,
  });
  try {
    const isOpen = existsSync(history) && !/(^|\n)$/.test(readFileSync(history, "utf8"));
    appendFileSync(history, `${isOpen ? "\n" : ""}${JSON.stringify(entry)}\n`);
  } catch (cause) {
    throw new EnvironmentError(`cannot write ${history}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!streams.quiet) streams.err(`added to ${history}\n`);
}

/** The commit that is checked out in the working directory; null where there is none, or no git. */
function commitHere(): string | null {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" });
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : null;
}
