import { jobsOption } from "../../cli/arguments/simulation-options.ts";
import { type AgreementDocument, agreement } from "../../../reports/documents/agreement.ts";
import { agreementText, agreementTotal } from "../../../reports/text/agreement-text.ts";
import { bundledScenarios } from "../../../scenarios/library.ts";
import type { Measured } from "../../../sim/measured.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import { each, isWhole, seedsOf } from "../../../sim/study/plan/plan.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import { parseSeeds, seedOptions } from "../../cli/arguments/seeds.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { UsageError, exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { carryOut } from "../../study/carry-out.ts";
import { withWorkers } from "../../study/workers.ts";
import { command } from "../../cli/command.ts";
import { type Values, formatOption, several, value } from "../../cli/options.ts";

const positionals = { scenarios: several("names or files; all measured ones when none", 0) };
const declared = {
  variants: value("kernels instead of the measured one"),
  ...seedOptions("N: seeds 1 to N (default 5)"),
  jobs: jobsOption,
  format: formatOption("text", "json", "ndjson"),
};

type AgreeOptions = Values<typeof positionals & typeof declared>;

export default command({ positionals, options: declared, run: agree });

/** Replications when the user does not say. */
const defaultSeeds = 5;

/**
 * Runs the scenarios that a real kernel was measured on, and prints simulated beside measured, cell by cell. Returns exit code 0,
 * 1 when a cell with a tolerance differs, 130 or 143 after a signal.
 *
 * @throws UsageError for a scenario that was not measured.
 */
async function agree(options: AgreeOptions, streams: Streams): Promise<number> {
  const seeds = parseSeeds(options.seed, options.seeds, defaultSeeds);
  const jobs = parseJobs(options.jobs);
  const asked = new Map<Scenario, string>();
  const groups = chosen(options.scenarios).flatMap(({ name, scenario, measured }) => {
    asked.set(scenario, name);
    return parseVariants([options.variants ?? measured.variant]).map((variant) =>
      seedsOf("hold-ends", { scenario, variant }, seeds, (results): AgreementDocument => {
        const { source } = measured;
        const rows = agreement(measured, results);
        return { schema: "gupsim/agreement/v1", scenario: scenario.name, variant: variant.name, source, seeds, rows };
      }),
    );
  });
  const print = (document: AgreementDocument): void => {
    if (options.format === "text") streams.out(`${agreementText(document, streams.columns)}\n`);
    else if (options.format === "ndjson") streams.out(`${JSON.stringify(document)}\n`);
  };
  const documents = await withWorkers(jobs, (workers) => {
    const nameOf = ({ scenario }: { scenario: Scenario }) => ({
      scenario: asked.get(scenario) ?? scenario.name,
      set: [],
    });
    const means = { workers, journal: null, streams, asked: nameOf };
    return carryOut(each(groups), means, (one) => print(one as AgreementDocument));
  });
  if (!isWhole(documents)) return interruption.code ?? exitCodes.ok;

  if (options.format === "json") streams.out(`${JSON.stringify(documents, null, 2)}\n`);
  if (options.format === "text" && documents.length > 1) {
    streams.out(`in all: ${agreementTotal(documents)} with a tolerance agree\n`);
  }
  const differs = documents.some(({ rows }) => rows.some(({ verdict }) => verdict === "differs"));
  return differs ? exitCodes.failed : exitCodes.ok;
}

function chosen(names: readonly string[]): { name: string; scenario: Scenario; measured: Measured }[] {
  const all = names.length > 0 ? names : bundledScenarios().map(({ name }) => name);
  return all.flatMap((name) => {
    const { scenario } = scenarioArgument(name, []);
    if (scenario.measured !== null) return [{ name, scenario, measured: scenario.measured }];
    if (names.length === 0) return [];
    throw new UsageError(`${scenario.name} has no measured values to agree with`);
  });
}
