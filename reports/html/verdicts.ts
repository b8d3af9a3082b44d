import { countWhere, type Metrics } from "../../sim/measure/metrics/metrics.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { holds } from "../../sim/study/evidence.ts";
import { samplesOf, valueIn } from "../../sim/study/statistic.ts";
import { bounded } from "../words/bounded.ts";
import { type CheckDocument, type CheckRow, exceededText, intervalText, observedText } from "../documents/check.ts";
import { formatCount, formatDuration, threeSignificant } from "../words/format-duration.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import type { ReportData } from "../documents/report-data.ts";
import { type Html, html } from "./escape.ts";
import { swatch } from "./swatch.ts";

/** The verdicts of the check, if one was made; otherwise the scenario's budgets and what was observed, which judges nothing. */
export function verdicts(data: ReportData): Html {
  return html`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">${data.check === null ? "Budgets" : "Verdicts"}</h2>
${data.check === null ? observed(data) : checked(data.check)}
</section>`;
}

const signs: Readonly<Record<CheckRow["status"], readonly [string, string]>> = {
  pass: ["pass", "✓ pass"],
  fail: ["fail", "✗ fail"],
  inconclusive: ["unsure", "? inconclusive"],
  waived: ["unsure", "~ waived"],
  off: ["unsure", "- off"],
};

function checked(check: CheckDocument): Html {
  const rows = check.rows.map((row) => {
    const [name, sign] = signs[row.status];
    const why = [exceededText(row), row.culprit ?? "", row.reason ?? ""].filter((text) => text !== "").join("; ");
    const value = observedText(row);
    return html`<tr><td class="${name}">${sign}</td><th scope="row"><code>${row.metric}</code></th><td><code>${row.assert}</code></td><td class="n">${value}</td><td class="n">${intervalText(row)}</td><td>${why}</td><td class="where">${row.where}</td></tr>`;
  });
  return html`<p>${check.passed ? html`<strong class="pass">✓ ${check.variant} keeps its budgets.</strong>` : html`<strong class="fail">✗ ${check.variant} does not keep its budgets.</strong>`}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Verdicts"><table>
<caption>Budgets of ${check.variant}, decided on the interval over the seeds${check.tests > 1 ? `, corrected for ${check.tests} tests` : ""}</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">metric</th><th scope="col">budget</th><th scope="col" class="n">observed</th><th scope="col" class="n">interval</th><th scope="col">why</th><th scope="col">where</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="note">Again: <code>${check.reproduce}</code></p>`;
}

function observed({ budgets, variants, scenario }: ReportData): Html {
  const asked = budgets.filter(({ level }) => level !== "off");
  if (asked.length === 0) return html`<p>The scenario has no budgets, so there is nothing to judge.</p>`;
  const outcomes = variants.map(({ outcome }) => outcome);
  const heads = outcomes.map(({ variant }, i) => html`<th scope="col" class="n">${swatch(i)}${variant}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Budgets"><table>
<caption>The scenario's budgets, and the value of all seeds together. This is no verdict: <code>gupsim check ${scenario.name}</code> judges, on the interval over the seeds</caption>
<thead><tr><th scope="col">metric</th><th scope="col">budget</th>${heads}<th scope="col">where</th></tr></thead>
<tbody>${asked.map(
    (budget) =>
      html`<tr><th scope="row"><code>${budget.metric}</code></th><td><code>${budget.assert}</code></td>${outcomes.map((outcome) => observation(budget, outcome))}<td class="where">${budget.where}</td></tr>`,
  )}</tbody></table></div>`;
}

function observation(budget: Budget, { metrics, simulated_ns }: VariantOutcome): Html {
  const value = valueIn(metrics, simulated_ns, budget);
  if (value === null) return html`<td class="n">no sample</td>`;
  const text = `${bounded(value, (of) => inUnit(budget, of ?? 0))}${ofHowMany(budget, metrics)}`;
  const { op, limit } = budget;
  if (limit.kind === "baseline") return html`<td class="n">${text}</td>`;
  const isWithin = [value.low, value.high].map((one) => holds(one, op, limit.value));
  if (isWithin.every((one) => one)) return html`<td class="n">${text} <span class="pass">within</span></td>`;
  return isWithin.some((one) => one)
    ? html`<td class="n">${text} <span>not known: ${formatCount(samplesOf(metrics, budget.name, budget.tags).open.count)} not ended</span></td>`
    : html`<td class="n">${text} <span class="fail">beyond</span></td>`;
}

function inUnit({ aggregate }: Budget, value: number): string {
  if (aggregate.kind === "count" || aggregate.kind === "rate") return threeSignificant(value);
  return aggregate.kind === "share" ? `${threeSignificant(value * 100)} %` : formatDuration(value);
}

/** How many samples a share is of. */
function ofHowMany({ aggregate, name, tags }: Budget, metrics: Metrics): string {
  if (aggregate.kind !== "share") return "";
  const { ended, open } = samplesOf(metrics, name, tags);
  const n = ended.count + open.count || countWhere(metrics, name, tags);
  return ` of ${formatCount(n)}`;
}
