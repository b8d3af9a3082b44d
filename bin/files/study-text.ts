/** A study as the text of a command: one screen, the whole report, or in the look of another tool. */
import type { ReportData } from "../../reports/documents/report-data.ts";
import type { Completeness } from "../../reports/documents/headline.ts";
import type { StudyView } from "../../reports/text/screen/study-screen.ts";
import type { Streams } from "../cli/streams.ts";
import { rowChoice, type ViewOptions } from "../cli/arguments/view-options.ts";

/** What is shown of a study, and how. */
export interface TextView extends StudyView {
  readonly full: boolean;
  readonly as: ViewOptions["as"];
}

/** What the options of a command ask to see. @param page the page that was written, null without one. */
export function textView(options: ViewOptions, { columns, paint }: Streams, page: string | null): TextView {
  const { full, as } = options;
  return { width: columns, paint, choice: rowChoice(options), page, full, as };
}

/** Does the text stand for the list of the files that were written? Then its last line names the page. */
export function isScreen({ full, as }: Pick<TextView, "full" | "as">): boolean {
  return !full && as === "gupsim";
}

/** The text. What makes it is loaded when it is asked for. Ends with a newline. */
export async function studyText(
  { scenario, variants, rules }: Pick<ReportData, "scenario" | "variants" | "rules">,
  study: Completeness,
  view: TextView,
): Promise<string> {
  const outcomes = variants.map(({ outcome }) => outcome);
  const { width } = view;
  if (view.as === "lock_stat") {
    const { lockStatText } = await import("../../reports/text/tools/lock-stat-text.ts");
    return lockStatText(outcomes);
  }
  if (view.as === "perf") {
    const { perfLockText } = await import("../../reports/text/tools/perf-lock-text.ts");
    return perfLockText(outcomes);
  }
  if (!view.full) {
    const { studyScreen } = await import("../../reports/text/screen/study-screen.ts");
    return studyScreen(scenario, outcomes, study, view);
  }
  const [first, second] = outcomes;
  if (first !== undefined && second === undefined) {
    const { renderRun } = await import("../../reports/text/run-text.ts");
    return renderRun(scenario, first, width, study);
  }
  const { renderCompare } = await import("../../reports/text/compare-text.ts");
  const { ruleStudyText } = await import("../../reports/text/rules.ts");
  return [renderCompare(scenario, outcomes, width, study), ...rules.map((rule) => ruleStudyText(rule, width))].join(
    "\n",
  );
}
