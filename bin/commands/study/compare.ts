import { aliases, presets } from "../../../sim/kernels/presets.ts";
import { isResult } from "../../saved/saved-study.ts";
import { documentText } from "../../../reports/documents/document-text.ts";
import { reportData } from "../../../reports/documents/report-data.ts";
import { isUnexpected } from "../../../sim/study/outcome/ending.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { simulationOptions, simulationPositionals, windowOption } from "../../cli/arguments/simulation-options.ts";
import { viewOptions } from "../../cli/arguments/view-options.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { printStudy, studyFormatOption } from "../../files/print-study.ts";
import { resultDocumentOf, resultFolder } from "../../files/result-files.ts";
import { compareStudy, compareWanted, writeCompare } from "../../study/documents/compare-study.ts";
import { meansOf } from "../../study/simulate.ts";
import { parseWindow } from "../../study/windows.ts";
import { withWorkers } from "../../study/workers.ts";
import { type Values, optional } from "../../cli/options.ts";
import { command } from "../../cli/command.ts";
import { compareResults } from "./compare-results.ts";

const positionals = {
  ...simulationPositionals,
  candidate: optional("with a saved result as the first: another"),
};
const declared = { ...simulationOptions, ...viewOptions, format: studyFormatOption, window: windowOption };

type CompareOptions = Values<typeof positionals & typeof declared>;

export default command({
  positionals,
  options: declared,
  run: (given, streams) =>
    given.candidate === undefined
      ? compare(given, streams)
      : compareResults(...bothResults(given.scenario, given.candidate), given, streams),
});

/** The two files, if they are results. @throws UsageError that says what was meant. */
function bothResults(reference: string, candidate: string): [string, string] {
  if (isResult(reference) || isResult(candidate) || reference.endsWith(".json")) return [reference, candidate];
  const isKernel = [candidate]
    .flatMap((name) => name.split(","))
    .every((name) => Object.hasOwn({ ...presets, ...aliases }, name.split("+")[0] ?? ""));
  throw new UsageError(
    isKernel
      ? `compare: "${candidate}" is a kernel: compare ${reference} --variants plain,${candidate}`
      : `compare: two names are two saved results (A.json B.json); of one scenario several kernels are compared: compare ${reference} --variants plain,unlocked`,
  );
}

/**
 * Runs several variants of a scenario on the same seeds and compares them; the first one is the reference. Prints the report
 * or one document; writes the document, each variant's result, and pictures. Returns exit code 0, 4 when a variant stopped
 * in a way that the scenario does not announce, 130 or 143 after a signal.
 *
 * @throws UsageError, EnvironmentError before anything is simulated.
 */
async function compare(options: CompareOptions, streams: Streams): Promise<number> {
  const wanted = compareWanted(options);
  const { scenario } = wanted;
  const jobs = parseJobs(options.jobs);
  const stretch = parseWindow(options.window, scenario);
  const folder = resultFolder(options.out, scenario);

  return withWorkers(jobs, async (workers) => {
    const study = await compareStudy(wanted, folder, meansOf(options, workers, streams));
    if (study === null) return interruption.code ?? exitCodes.ok;
    const { document, outcomes } = study;
    const { complete, seeds_asked, rules } = document;
    const paths = folder === null ? [] : await writeCompare(folder, study, stretch);
    const shown = outcomes.map((outcome) => ({ outcome, window: null }));
    const data = reportData(resultDocumentOf(study.made, outcomes[0]), shown, null, rules, seeds_asked);
    const asked = { complete, seedsAsked: seeds_asked, resumes: folder !== null };
    await printStudy(data, asked, options, paths, () => documentText(document), streams);
    if (interruption.code !== null) return interruption.code;
    return outcomes.some((outcome) => isUnexpected(scenario, outcome)) ? exitCodes.stopped : exitCodes.ok;
  });
}
