import type { Provenance } from "../../sim/costs.ts";
import { formatCount, formatDuration } from "../words/format-duration.ts";
import type { ReportData } from "../documents/report-data.ts";
import { type Html, html } from "./escape.ts";

const classes: Readonly<Record<Provenance, string>> = { measured: "pass", published: "link", guessed: "unsure" };

/** Where every number comes from: what is not modelled, how figures are computed, and each cost with its source. */
export function provenance({ scenario, variants }: ReportData): Html {
  const { cpus, converted, assumptions, costs, costs_name } = scenario;
  const kinds = Object.values(costs).map(({ provenance: kind }) => kind);
  const of = (kind: Provenance): number => kinds.filter((one) => one === kind).length;
  return html`<section id="provenance" aria-labelledby="provenance-title">
<h2 id="provenance-title">Where the numbers come from</h2>
<ul>
<li>${
    cpus === "unlimited"
      ? html`<strong>Not modelled:</strong> CPUs are unlimited, so nobody waits in a run queue and no holder is preempted.`
      : html`${cpus} CPUs: holds include the time a holder waits in the run queue.`
  }</li>
${assumptions.map((assumption) => html`<li><strong>Assumed:</strong> ${assumption}</li>`)}
${converted === null ? null : html`<li>Only these sites are converted: ${converted.length === 0 ? "none" : converted.join(", ")}.</li>`}
<li>Counts, sums, least and longest are exact. Percentiles are nearest rank, within 0.1 %. A wait is from the first <code>mmap_lock_start_locking</code> to <code>mmap_lock_acquire_returned</code>, a hold from there to <code>mmap_lock_released</code>; acquisitions without a wait count as waits of 0 ns.</li>
<li>Blame sums equal the waits to the nanosecond. All figures are of simulated time; variants drew the same random numbers.</li>
</ul>
${kernels(variants.map(({ outcome }) => outcome))}
<details><summary>Costs ${costs_name}: ${of("measured")} measured, ${of("published")} published, <strong class="unsure">${of("guessed")} guessed</strong></summary>
<div class="scroll" tabindex="0" role="region" aria-label="Costs"><table class="costs">
<caption>What each step of the model takes, and the source of the number</caption>
<thead><tr><th scope="col">step</th><th scope="col" class="n">time</th><th scope="col">kind</th><th scope="col">source</th></tr></thead>
<tbody>${Object.entries(costs).map(
    ([step, { value_ns, provenance: kind, origin }]) =>
      html`<tr><th scope="row"><code>${step}</code></th><td class="n">${formatDuration(value_ns)}</td><td class="${classes[kind]}">${kind}</td><td class="prose">${origin}</td></tr>`,
  )}</tbody></table></div></details>
</section>`;
}

/** What each variant is, axis by axis. */
function kernels(outcomes: readonly ReportData["variants"][number]["outcome"][]): Html {
  const axes = Object.keys(outcomes[0]?.axes ?? {});
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Kernels"><table>
<caption>The kernels, by the axes along which they can differ. <code>gupsim describe --preset NAME</code> says what each value means and where it can be read</caption>
<thead><tr><th scope="col">variant</th><th scope="col">preset</th>${axes.map((axis) => html`<th scope="col">${axis}</th>`)}<th scope="col" class="n">events</th></tr></thead>
<tbody>${outcomes.map(({ variant, preset, axes: own, events }) => html`<tr><th scope="row">${variant}</th><td>${preset}</td>${axes.map((axis) => html`<td>${own[axis] ?? "-"}</td>`)}<td class="n">${formatCount(events)}</td></tr>`)}</tbody></table></div>`;
}
