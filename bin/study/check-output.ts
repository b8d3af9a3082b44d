import { appendFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import type { CheckDocument } from "../../reports/documents/check.ts";
import { checkFormats } from "../../reports/ci/check-formats.ts";
import { checkAnnotations } from "../../reports/ci/check-github.ts";
import { checkJunit, type JunitRun } from "../../reports/ci/check-junit.ts";
import { checkMarkdown } from "../../reports/ci/check-markdown.ts";
import { scenarioDoubts } from "../../reports/text/screen/distrust.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { isStopped } from "../../sim/study/outcome/ending.ts";
import type { CheckOptions } from "../cli/arguments/check-options.ts";
import { EnvironmentError, exitCodes, firstOf } from "../cli/exit-codes.ts";
import { interruption } from "../cli/interruption.ts";
import type { Streams } from "../cli/streams.ts";

/** The exit code of a check: 0 when all is met, 1 when a budget is exceeded, 3 when one is inconclusive, 4 when the simulation stopped. */
export function codeOf(document: CheckDocument, outcome: VariantOutcome, onInconclusive: string): number {
  const gate = document.rows.filter(({ level }) => level === "error").map(({ status }) => status);
  return firstOf([
    ...(interruption.code === null ? [] : [interruption.code]),
    ...(isStopped(outcome) ? [exitCodes.stopped] : []),
    ...(gate.includes("fail") ? [exitCodes.failed] : []),
    ...(gate.includes("inconclusive") && onInconclusive !== "warn" ? [exitCodes.inconclusive] : []),
  ]);
}

/** Prints the verdicts, and leaves the files that CI reads. @throws EnvironmentError for a file that cannot be written. */
export function printCheck(
  document: CheckDocument,
  scenario: Scenario,
  options: CheckOptions,
  began: Date,
  streams: Streams,
): void {
  const { columns: width, paint } = streams;
  const view = { width, paint, doubts: scenarioDoubts(scenario), full: options.full };
  streams.out(checkFormats[options.format](document, view));
  const { env } = process;
  const onGithub = options.github === "on" || (options.github === "auto" && env.GITHUB_ACTIONS === "true");
  attempt(() => {
    if (options.junit !== undefined)
      writeFileSync(options.junit, checkJunit(document, options.onInconclusive !== "warn", junitRun(began)));
    if (options.markdown !== undefined) writeFileSync(options.markdown, checkMarkdown(document));
    if (onGithub && env.GITHUB_STEP_SUMMARY !== undefined)
      appendFileSync(env.GITHUB_STEP_SUMMARY, checkMarkdown(document));
  });
  // Annotations are read from stdout; with --format json that is the document's alone.
  if (!onGithub) return;
  if (options.format === "text") streams.out(checkAnnotations(document));
  else streams.err(checkAnnotations(document));
}

/** Of this run: what the XML has of the wall clock and the machine. */
function junitRun(began: Date): JunitRun {
  return {
    timestamp: began.toISOString().slice(0, 19),
    seconds: (Date.now() - began.getTime()) / 1000,
    hostname: hostname(),
  };
}

function attempt(write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new EnvironmentError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
