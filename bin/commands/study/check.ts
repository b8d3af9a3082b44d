import { documentText } from "../../../reports/documents/document-text.ts";
import { isStopped } from "../../../sim/study/outcome/ending.ts";
import { type CheckOptions, checkOptions, checkPositionals } from "../../cli/arguments/check-options.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { resultFolder } from "../../files/result-files.ts";
import { isResult } from "../../saved/saved-study.ts";
import { refuseUpdate, updateBudgets } from "../../files/update-budgets.ts";
import { saveBaseline } from "../../study/baseline.ts";
import { codeOf, printCheck } from "../../study/check-output.ts";
import { checkStudy, checkWanted } from "../../study/documents/check-study.ts";
import { meansOf } from "../../study/simulate.ts";
import { withWorkers } from "../../study/workers.ts";
import { checkResult } from "./check-result.ts";
import { command } from "../../cli/command.ts";

export default command({ positionals: checkPositionals, options: checkOptions, run: check });

/**
 * Holds one variant of a scenario, or a saved result, against its budgets, and against a baseline. Returns exit code 0 when all are met, 1 when one is
 * exceeded, 3 when none is and one is inconclusive, 4 when the simulation stopped, 130 or 143 after a signal.
 *
 * @throws UsageError for budgets, a baseline or options that are wrong, before anything is simulated; EnvironmentError.
 */
async function check(options: CheckOptions, streams: Streams): Promise<number> {
  const began = new Date();
  if (isResult(options.scenario)) return checkResult(options, streams);
  const jobs = parseJobs(options.jobs);
  if (options.update) refuseUpdate(options.budget);
  const asked = checkWanted(options);
  const { scenario, budgets } = asked.wanted;
  const folder = resultFolder(options.out, scenario);

  return withWorkers(jobs, async (workers) => {
    const warn = (): void => {
      if (asked.baseline?.warning) streams.err(`${asked.baseline.warning}\n`);
    };
    const study = await checkStudy(asked, folder, meansOf(options, workers, streams), warn);
    if (study === null) return interruption.code ?? exitCodes.ok;
    const { document, outcome, done } = study;
    printCheck(document, scenario, options, began, streams);
    const wrote = (path: string): void => {
      if (!streams.quiet) streams.err(`wrote ${path}\n`);
    };
    if (folder !== null) wrote(folder.write("check.json", documentText(document)));
    if (document.complete) {
      done.journal?.remove();
      const { sample, sampling } = done;
      if (options.saveBaseline !== undefined) {
        const replications = sample.replications[0] ?? [];
        wrote(
          saveBaseline(options.saveBaseline, asked.identity, document.variant, replications, budgets, sampling.from_ns),
        );
      }
      if (options.update) {
        streams.err(updateBudgets(options.budget as string, document.rows));
        return isStopped(outcome) ? exitCodes.stopped : exitCodes.ok;
      }
    }
    return codeOf(document, outcome, options.onInconclusive);
  });
}
