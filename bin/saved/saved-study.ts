import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CheckDocument } from "../../reports/documents/check.ts";
import { type ReportData, reportData, reportedVariants } from "../../reports/documents/report-data.ts";
import type { ResultDocument } from "../../reports/documents/result.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { scenarioHash } from "../../sim/study/plan/cell.ts";
import { outcomeOf } from "../../sim/study/outcome/outcome.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { checkForm, checkOf } from "./forms/check-form.ts";
import { compareForm } from "./forms/compare-form.ts";
import { resultForm } from "./forms/result-form.ts";
import { windowForm } from "./forms/window-form.ts";
import { expected, problemAt, readJson, type SavedJson, schemaOf } from "./read-document.ts";
import { plural } from "../../reports/words/sentences.ts";
import { journalName, ongoingStudy } from "../study/journal.ts";
import { resultDocumentOf } from "../files/result-files.ts";

/** A saved study and the folder it is in. */
export interface SavedStudy {
  readonly folder: string;
  readonly data: ReportData;
}

/**
 * Reads what `run` or `compare` left: a result file, or a folder with one, its windows of events and a check. A folder whose study is
 * not finished gives what is done so far.
 *
 * @throws UsageError for a path without a result, a file that is none, that is damaged, and one of another version.
 */
export function savedStudy(path: string): SavedStudy {
  if (!existsSync(path)) throw new UsageError(`report: ${path} does not exist`);
  if (!statSync(path).isDirectory()) return { folder: dirname(path), data: ofFile(path) };
  const data = ongoing(path) ?? (existsSync(join(path, "result.json")) ? ofFile(join(path, "result.json")) : null);
  if (data === null) throw new UsageError(`report: ${path} has no result.json and no study that goes on`);
  return { folder: path, data };
}

/** Reads a result file. @throws UsageError when it is none, or damaged. */
export function readResult(file: string): ResultDocument {
  return resultIn(readJson(file));
}

function resultIn(json: SavedJson): ResultDocument {
  const result = expected(json, "gupsim/result", resultForm);
  if (scenarioHash(result.scenario) === result.scenario_hash) return result;
  throw problemAt(json, ["scenario"], "is not the one that scenario_hash is of: it was changed after the run");
}

/** Says a file's schema that it is what `run` or `compare` left? Not a scenario, then, though that may be JSON too. */
export function isResult(file: string): boolean {
  if (!file.endsWith(".json") || !existsSync(file)) return false;
  return /"schema": *"gupsim\/(result|compare)\//.test(readFileSync(file, "utf8").slice(0, 200));
}

function ofFile(file: string): ReportData {
  const json = readJson(file);
  const folder = dirname(file);
  if (!String(schemaOf(json)).startsWith("gupsim/compare/")) {
    const result = resultIn(json);
    const name = basename(file) === "result.json" ? "window.json" : `${result.variant}.window.json`;
    return reportData(result, reportedVariants([result], [windowIn(folder, name)]), checkIn(folder, [result]));
  }
  const { variants, rules, seeds_asked } = expected(json, "gupsim/compare", compareForm);
  const [first, ...others] = variants.map(({ variant }) => readResult(join(folder, `${variant}.result.json`)));
  if (first === undefined) throw new UsageError(`report: ${file} has no variants`);
  const results = [first, ...others];
  const windows = variants.map(({ variant }) => windowIn(folder, `${variant}.window.json`));
  return reportData(first, reportedVariants(results, windows), checkIn(folder, results), rules, seeds_asked);
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
  if (first === undefined) return null;
  const left =
    study.damaged === 0 ? [] : [`${plural(study.damaged, "line")} of ${journalName} cannot be read: left out`];
  return reportData(
    { ...first, warnings: left },
    reportedVariants([first, ...others], []),
    null,
    [],
    study.seeds.length,
  );
}

function windowIn(folder: string, name: string): EventWindow | null {
  const file = join(folder, name);
  return existsSync(file) ? expected(readJson(file), "gupsim/window", windowForm) : null;
}

/** The verdicts in a folder, when they are on one of these results. */
function checkIn(folder: string, results: readonly ResultDocument[]): CheckDocument | null {
  const file = join(folder, "check.json");
  if (!existsSync(file)) return null;
  const check = checkOf(expected(readJson(file), "gupsim/check", checkForm));
  const isOfThese = results.some(
    ({ scenario, variant }) => scenario.name === check.scenario && variant === check.variant,
  );
  return isOfThese ? check : null;
}
