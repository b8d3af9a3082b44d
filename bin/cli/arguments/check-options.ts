import { checkFormatNames } from "../../../reports/ci/check-formats.ts";
import { choice, flag, formatOption, required, type Values, value } from "../options.ts";
import { fullOption } from "./view-options.ts";
import { simulationOptions } from "./simulation-options.ts";

/** What `check` judges. */
export const checkPositionals = { scenario: required("name of a bundled scenario, a file, or a saved result") };

/** How it judges, and where it says so. */
export const checkOptions = {
  ...simulationOptions,
  full: fullOption,
  format: formatOption(...checkFormatNames),
  budget: value("a file of budgets instead of the scenario's own"),
  update: flag("with --budget: rewrite its upper limits by what is observed, with a tenth of head-room"),
  baseline: value("a saved baseline to hold it against"),
  saveBaseline: value("save this run as a baseline"),
  history: value("add what was measured, by commit, to this file of JSON lines: see gupsim history"),
  commit: value("with --history: the commit (default: what is checked out in the working directory)"),
  onInconclusive: choice(["fail", "warn"], "fail", "exit code 3 for an inconclusive budget, or 0"),
  junit: value("write JUnit XML to this file"),
  markdown: value("write Markdown for a pull request to this file"),
  github: choice(["auto", "on", "off"], "auto", "annotations and step summary of GitHub Actions"),
};

/** What was given of them. */
export type CheckOptions = Values<typeof checkPositionals & typeof checkOptions>;
