import { waitSentence } from "../documents/blame.ts";
import { answerSentence } from "../text/screen/sentence.ts";
import { endingWords } from "../documents/headline.ts";
import { formatDuration } from "../words/format-duration.ts";
import type { ReportData } from "../documents/report-data.ts";
import { type Html, html } from "./escape.ts";
import { rangesTable } from "./distributions/ranges.ts";
import { swatch } from "./swatch.ts";
import { recordingNotes } from "../words/recording.ts";
import { plural } from "../words/sentences.ts";
import { unfinishedLines } from "../words/unfinished.ts";

/** The head of the page: the answer, as the screen has it, the question, for each variant who made its tasks wait, the times that matter, and what made them. */
export function summary(data: ReportData): Html {
  const { scenario, variants } = data;
  const outcomes = variants.map(({ outcome }) => outcome);
  return html`<section id="summary" aria-labelledby="title">
<h1 id="title">${scenario.name}</h1>
<p class="answer">${capital(answerSentence(outcomes))}.</p>
<p class="question">${scenario.question}</p>
${incomplete(data)}
${data.warnings.map((warning) => html`<p class="warning"><strong>warning:</strong> ${warning}</p>`)}
<dl class="answers">${outcomes.map((outcome, i) => {
    const { variant, metrics, findings, warm_up_refused } = outcome;
    const ending = endingWords(outcome);
    return html`<div><dt>${swatch(i)}${variant}</dt>${warm_up_refused === undefined ? null : html`<dd class="warning">${capital(warm_up_refused)}.</dd>`}${ending === null ? null : html`<dd class="warning"><strong>${ending}</strong></dd>`}${findings.map((finding) => html`<dd class="warning">${finding}</dd>`)}<dd>${capital(waitSentence(metrics, "R"))}.</dd><dd class="second">${capital(waitSentence(metrics, "W"))}.</dd>${unfinishedLines(metrics).map((line) => html`<dd class="second">${capital(line)}.</dd>`)}</div>`;
  })}</dl>
${rangesTable(outcomes)}
${origin(data)}
</section>`;
}

function incomplete({ complete }: ReportData): Html | null {
  if (complete) return null;
  return html`<p class="loud" role="note"><strong>Incomplete.</strong> The study was interrupted or is still going on: seeds are missing, and every number on this page may change.</p>`;
}

/** What made these numbers, and the command that makes them again. */
function origin({ scenario, scenario_hash, version, variants, reproduce }: ReportData): Html {
  const seeds = variants[0]?.outcome.seeds ?? [];
  const { version: release = "", ...others } = version;
  const stamp = Object.entries(others).map(([name, value]) => `${name} ${value}`);
  return html`<dl class="facts">
<div><dt>reproduce</dt><dd><code class="command">${reproduce}</code></dd></div>
${
  scenario.recording === undefined
    ? html`<div><dt>simulated</dt><dd>${formatDuration(scenario.duration_ns)} for each of ${plural(seeds.length, "seed")}: ${seeds.join(", ")}</dd></div>`
    : recordingNotes(scenario, scenario.recording).map(
        (note, i) => html`<div><dt>${i === 0 ? "recorded" : "doubt"}</dt><dd>${note}</dd></div>`,
      )
}
<div><dt>scenario</dt><dd><code title="SHA-256 of the resolved scenario">${scenario_hash}</code></dd></div>
<div><dt>made by</dt><dd>gupsim ${release}; ${stamp.join(", ")}</dd></div>
</dl>`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
