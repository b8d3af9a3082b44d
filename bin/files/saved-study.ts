import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CheckDocument } from "../../reports/documents/check.ts";
import type { CompareDocument } from "../../reports/documents/compare.ts";
import { type ReportData, reportData, reportedVariants } from "../../reports/documents/report-data.ts";
import type { ResultDocument } from "../../reports/documents/result.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { outcomeOf } from "../../sim/study/outcome/outcome.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { journalName, ongoingStudy } from "../study/journal.ts";
import { checkName, judgedName, resultDocumentOf } from "./result-files.ts";

/** A saved study and the folder it is in. */
export interface SavedStudy {
  readonly folder: string;
  readonly data: ReportData;
}

/**
 * Reads what `run`, `compare` or `check` left: a result file, or a folder with one, its windows of events and a check. A folder whose study
 * is not finished gives what is done so far; one with a check alone the result that was judged.
 *
 * @throws UsageError for a path without a result, a file that is none, and one of a newer format.
 */
export function savedStudy(path: string): SavedStudy {
  if (!existsSync(path)) throw new UsageError(`report: ${path} does not exist`);
  if (!statSync(path).isDirectory()) return { folder: dirname(path), data: ofFile(path) };
  const file = ["result.json", judgedName].map((name) => join(path, name)).find(existsSync);
  const data = ongoing(path) ?? (file === undefined ? null : ofFile(file));
  if (data === null) throw new UsageError(`report: ${path} has no result.json and no study that goes on${under(path)}`);
  return { folder: path, data };
}

/** Which folders in a folder have results, in words that follow; "" for none. */
function under(path: string): string {
  const folders = readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter((folder) => ["result.json", judgedName, journalName].some((name) => existsSync(join(folder, name))));
  return folders.length === 0 ? "" : `: give ${folders.join(" or ")}`;
}

/** Reads a result file. @throws UsageError when it is none. */
export function readResult(file: string): ResultDocument {
  return expected<ResultDocument>(readDocument(file), "gupsim/result", file);
}

/** Says a file's schema that it is what `run` or `compare` left? Not a scenario, then, though that may be JSON too. */
export function isResult(file: string): boolean {
  if (!file.endsWith(".json") || !existsSync(file)) return false;
  return /"schema": *"gupsim\/(result|compare)\//.test(readFileSync(file, "utf8").slice(0, 200));
}

function ofFile(file: string): ReportData {
  const document = readDocument(file);
  const folder = dirname(file);
  if (!String(document.schema).startsWith("gupsim/compare/")) {
    const result = expected<ResultDocument>(document, "gupsim/result", file);
    const name = basename(file) === "result.json" ? "window.json" : `${result.variant}.window.json`;
    return reportData(result, reportedVariants([result], [windowIn(folder, name)]), checkIn(folder, [result]));
  }
  const { variants, rules } = expected<CompareDocument>(document, "gupsim/compare", file);
  const [first, ...others] = variants.map(({ variant }) => readResult(join(folder, `${variant}.result.json`)));
  if (first === undefined) throw new UsageError(`report: ${file} has no variants`);
  const results = [first, ...others];
  const windows = variants.map(({ variant }) => windowIn(folder, `${variant}.window.json`));
  return reportData(first, reportedVariants(results, windows), checkIn(folder, results), rules);
}

/** What a study that is not finished has so far: of every variant the seeds that all have. */
function ongoing(folder: string): ReportData | null {
  const study = ongoingStudy(folder);
  if (study === null) return null;
  const [fewest = 0] = study.done.map(({ length }) => length).sort((a, b) => a - b);
  if (fewest === 0) return null;
  const made = { ...study, complete: false };
  const [first, ...others] = study.variants.map((name, i) =>
    resultDocumentOf(made, outcomeOf(parseVariant(name), study.done[i]?.slice(0, fewest) ?? [], study.budgets)),
  );
  return first === undefined ? null : reportData(first, reportedVariants([first, ...others], []));
}

function windowIn(folder: string, name: string): EventWindow | null {
  const file = join(folder, name);
  return existsSync(file) ? expected<EventWindow>(readDocument(file), "gupsim/window", file) : null;
}

/** The verdicts in the folder of the results, when they are on one of these: of the same scenario and variant. */
function checkIn(folder: string, results: readonly ResultDocument[]): CheckDocument | null {
  const file = join(folder, checkName);
  if (!existsSync(file)) return null;
  const check = expected<CheckDocument>(readDocument(file), "gupsim/check", file);
  const isOfThese = results.some(
    ({ scenario, variant }) => scenario.name === check.scenario && variant === check.variant,
  );
  return isOfThese ? check : null;
}

function readDocument(file: string): { readonly schema?: unknown } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { readonly schema?: unknown };
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Readers take the version of a format that they know; fields that they do not know do not matter. */
function expected<T extends { readonly schema: string }>(
  document: { readonly schema?: unknown },
  name: string,
  file: string,
): T {
  if (document.schema === `${name}/v1`) return document as T;
  const got = JSON.stringify(document.schema);
  throw new UsageError(`${file}: expected schema ${name}/v1, got ${got ?? "none"}`);
}
