import type { Scenario } from "../../../sim/scenario.ts";
import { isStopped } from "../../../sim/study/outcome/ending.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { type Completeness, firstLine, interruptedWords } from "../../documents/headline.ts";
import { unlikeEndings } from "../../documents/compare.ts";
import { signLegend } from "../../documents/comparison/difference-words.ts";
import { isBySeed } from "../../documents/over-seeds.ts";
import { isRecorded } from "../../words/recording.ts";
import { plural } from "../../words/sentences.ts";
import { operationLine, stuckLine } from "../../words/unfinished.ts";
import { doubts } from "./distrust.ts";
import { lastLine } from "./last-line.ts";
import type { Paint } from "./paint.ts";
import { isChosen, metricsShown, missingWords, type RowChoice } from "./rows.ts";
import { runTable } from "./run-table.ts";
import { type Screen, screenText } from "./screen.ts";
import { answerSentence } from "./sentence.ts";
import { variantTable } from "./variant-table.ts";

/** How a study is shown. */
export interface StudyView {
  readonly width: number;
  readonly paint: Paint;
  readonly choice: RowChoice;
  /** The page that was written of it, if one was. */
  readonly page: string | null;
}

/** The study of one variant or of several with the same seeds, the reference first, on one screen. Ends with a newline. */
export function studyScreen(
  scenario: Scenario,
  outcomes: readonly VariantOutcome[],
  study: Completeness,
  { width, paint, choice, page }: StudyView,
): string {
  const [reference] = outcomes;
  if (reference === undefined) return "";
  const seeds = reference.seeds.length;
  const isOne = outcomes.length === 1;
  const interrupted = interruptedWords(study, seeds, isOne ? "seed" : "pair");
  const question = `${scenario.name}: ${scenario.question}`;
  const rest = { page, options: ["--role", "--site", "--metric", "--sort"] };
  if (seeds === 0) {
    const what = isOne ? "report" : "compare";
    return screenText(
      {
        ...nothing,
        alarms: interrupted === null ? [] : [interrupted],
        question,
        answer: `nothing to ${what} yet`,
        last: lastLine(rest),
      },
      width,
      paint,
    );
  }
  const metrics = metricsShown(outcomes, choice);
  const compares = study.complete && outcomes.slice(1).some((one) => unlikeEndings(reference, one) === null);
  const isFree = isChosen(choice);
  const missing = missingWords(outcomes, choice);
  return screenText(
    {
      alarms: [
        ...(interrupted === null ? [] : [interrupted]),
        ...outcomes.flatMap(alarm),
        ...(missing === null ? [] : [missing]),
      ],
      question,
      answer: answerSentence(outcomes, choice.metrics),
      table: (height) => {
        if (metrics.length === 0) return "";
        const room = { width, height: isFree ? Number.POSITIVE_INFINITY : height };
        return isOne ? runTable(reference, metrics, room) : variantTable(outcomes, metrics, { ...room, compares });
      },
      legend: [
        legendOf(outcomes, metrics, compares),
        ...(study.complete || isOne ? [] : ["no ratio: the study is not whole"]),
      ].join("; "),
      distrust: doubts(scenario, outcomes),
      last: lastLine(rest),
    },
    width,
    paint,
  );
}

const nothing: Screen = { alarms: [], question: "", answer: "", table: () => "", legend: "", distrust: [], last: "" };

/** How a variant ended, if it was stopped, and what was found; that its warm-up was refused; operations that failed; roles of which none ended. */
function alarm(outcome: VariantOutcome): string[] {
  const { variant, warm_up_refused, metrics } = outcome;
  const bad = [operationLine(metrics, "op.failed"), stuckLine(metrics)].filter((line) => line !== null);
  return [
    ...(isStopped(outcome) ? [`${variant} ${firstLine(outcome)}`] : []),
    ...(warm_up_refused === undefined ? [] : [`${variant}: ${warm_up_refused}`]),
    ...bad.map((line) => `${variant}: ${line}`),
  ];
}

/** How the numbers are made: of each seed, or of all samples; and what the signs mean. */
function legendOf(outcomes: readonly VariantOutcome[], metrics: readonly string[], compares: boolean): string {
  if (metrics.length === 0) return "";
  const [{ seeds }] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  if (outcomes.every(isRecorded)) return "all samples together; - for none, and too few";
  const isPooled = (metric: string): boolean => outcomes.every((outcome) => !isBySeed(outcome, metric));
  const but = metrics.some(isPooled) ? " (of a site, all samples together)" : "";
  const how =
    seeds.length === 1 ? "1 seed" : `n of ${plural(seeds.length, "seed")}, times of each seed, geometric means${but}`;
  if (outcomes.length === 1) return `${how}; - for none, and too few`;
  if (!compares) return how;
  return seeds.length === 1 ? `${how}: no interval; ${signLegend}` : `${how}, paired; [ ] 95 %; ${signLegend}`;
}
