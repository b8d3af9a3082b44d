import type { RuleFigures, RuleSummary } from "../../sim/study/plan/rules.ts";
import { formatDuration } from "../words/format-duration.ts";
import { type Html, html } from "./escape.ts";

/** For variants that differ in several rules: what each rule does alone. Null where none does. */
export function ruleTables(rules: readonly RuleSummary[]): Html | null {
  if (rules.length === 0) return null;
  return html`<section id="rules" aria-labelledby="rules-title">
<h2 id="rules-title">Rule by rule</h2>
${rules.map(ruleTable)}
</section>`;
}

function ruleTable({ candidate, seed, figures }: RuleSummary): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Rules of ${candidate}"><table>
<caption>Which rules of ${candidate} make the difference: each alone on ${figures[0]?.rule ?? ""}, seed ${seed} only, p99 of its samples</caption>
<thead><tr><th scope="col">rule, alone</th><th scope="col" class="n">wait-R</th><th scope="col" class="n">wait-W</th><th scope="col" class="n">hold-R</th><th scope="col" class="n">hold_io</th><th scope="col">ended by</th></tr></thead>
<tbody>${figures.map(ruleRow)}</tbody></table></div>`;
}

function ruleRow(row: RuleFigures): Html {
  const times = [row.reader_wait_p99_ns, row.writer_wait_p99_ns, row.reader_hold_p99_ns, row.hold_io_p99_ns];
  return html`<tr><th scope="row"><code>${row.rule}</code></th>${times.map((ns) => html`<td class="n">${formatDuration(ns)}</td>`)}<td>${row.ending}</td></tr>`;
}
