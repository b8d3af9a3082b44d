import { countWhere, totalWhere } from "../../../sim/measure/metrics/metrics.ts";
import { blameBy, type BlameRow, blameRows } from "../../documents/blame.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { type Html, html } from "../escape.ts";
import { type Flow, flowLayout, partiesOf } from "./flow-layout.ts";
import { flowPicture } from "./flow-picture.ts";
import { swatch } from "../swatch.ts";
import { percent } from "../../words/shares.ts";
import { plural } from "../../words/sentences.ts";

/** The share of all waiting that the table's rows make up together; the others are one line. */
const shown = 0.999;

/** Who made whom wait, for each variant: the flow, the ledger's entries, and the time each holder cost its victims. */
export function blameSection(outcomes: readonly VariantOutcome[]): Html {
  return html`<section id="blame" aria-labelledby="blame-title">
<h2 id="blame-title">Who made whom wait</h2>
<p class="note">Every waited nanosecond of every lock wait is charged to one holder and to what that holder was doing then. A reader that queues behind a writer because a reader has the lock is charged to that reader, and the writer is the carrier. The sums equal the waits exactly.</p>
${outcomes.map((outcome, i) => ofVariant(outcome, i))}
</section>`;
}

function ofVariant(outcome: VariantOutcome, i: number): Html {
  const { variant, metrics } = outcome;
  const rows = blameRows(metrics.totals);
  const open = countWhere(metrics, "mmap_sem.wait_open", {});
  const title = html`<h3>${swatch(i)}${variant}</h3>`;
  if (rows.length === 0)
    return html`${title}<p>${open > 0 ? `No wait was over: ${plural(open, "wait")} went on when the run ended.` : "Nobody waited."}</p>`;
  const total = totalWhere(metrics, "mmap_sem.blame", {});
  const flow = flowLayout(rows);
  return html`<div class="blame" data-variant="${variant}">${title}
<p>${formatDuration(total.sum)} of waiting together.${open > 0 ? ` ${plural(open, "wait")} that were not over when the run ended are not in it.` : ""} <span class="filter" hidden></span></p>
<div class="scroll" tabindex="0" role="region" aria-label="Flow of blame, ${variant}">${flowPicture(flow, variant)}</div>
${ledger(rows, flow, variant)}
${victims(rows, variant)}</div>`;
}

function ledger(rows: readonly BlameRow[], flow: Flow, variant: string): Html {
  const all = rows.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
  let sum = 0;
  const most = rows.filter((row, i) => {
    const isShown = i < 12 || sum < shown * all;
    sum += row.sum_ns;
    return isShown;
  });
  const rest = rows.slice(most.length);
  const restSum = rest.reduce((total, { sum_ns }) => total + sum_ns, 0);
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Blame, ${variant}"><table class="ledger">
<caption>The ledger of ${variant}: who waited, behind which queued writer, who had the lock and what it was doing</caption>
<thead><tr><th scope="col" data-sort="text">waiter</th><th scope="col" data-sort="text">its role</th><th scope="col" data-sort="text">carrier</th><th scope="col" data-sort="text">holder</th><th scope="col" data-sort="text">its role</th><th scope="col" data-sort="text">was doing</th><th scope="col" class="n" data-sort="number">waits</th><th scope="col" class="n" data-sort="number" aria-sort="descending">waittime</th><th scope="col" class="n">share</th><th scope="col" class="n" data-sort="number">longest</th></tr></thead>
<tbody>${most.map((row) => entry(row, flow, all))}</tbody>
<tfoot>${rest.length > 0 ? html`<tr><th scope="row" colspan="7">${plural(rest.length, "smaller entry").replace("entrys", "entries")}</th><td class="n">${formatDuration(restSum)}</td><td class="n">${percent(restSum / all)}</td><td></td></tr>` : null}<tr><th scope="row" colspan="7">all</th><td class="n">${formatDuration(all)}</td><td class="n">100 %</td><td></td></tr></tfoot>
</table></div>`;
}

function entry(row: BlameRow, flow: Flow, all: number): Html {
  const { waiter, carrier, holder, cause, waits, sum_ns, max_ns } = row;
  const [who, , by] = partiesOf(row);
  return html`<tr data-nodes="${flow.nodesOf(row).join(" ")}"><td><code>${who}</code></td><td>${waiter.role}</td><td>${carrier === "none" ? "-" : html`<code>${carrier}</code>`}</td><td><code>${by}</code></td><td>${holder.role}</td><td>${cause}</td><td class="n" data-value="${waits}">${formatCount(waits)}</td><td class="n" data-value="${sum_ns}">${formatDuration(sum_ns)}</td><td class="n">${percent(sum_ns / all)}</td><td class="n" data-value="${max_ns}">${formatDuration(max_ns)}</td></tr>`;
}

/** The same ledger read the other way: what each holder cost whom. */
function victims(rows: readonly BlameRow[], variant: string): Html {
  const victim = ({ waiter }: BlameRow): string => `${waiter.role} (-${waiter.mode})`;
  const holder = (row: BlameRow): string => partiesOf(row)[2];
  const columns = blameBy(rows, victim);
  const holders = blameBy(rows, holder);
  const line = ({ what, sum_ns, share, max_ns }: (typeof holders)[number]): Html => {
    const own = rows.filter((row) => holder(row) === what);
    const cells = columns.map((column) => {
      const sum = own.reduce((total, row) => (victim(row) === column.what ? total + row.sum_ns : total), 0);
      const tint = sum === 0 ? 0 : Math.max(3, Math.round((45 * sum) / column.sum_ns));
      return html`<td class="n" style="--tint:${tint}%">${sum === 0 ? "" : formatDuration(sum)}</td>`;
    });
    return html`<tr><th scope="row"><code>${what}</code></th>${cells}<td class="n">${formatDuration(sum_ns)}</td><td class="n">${percent(share)}</td><td class="n">${formatDuration(max_ns)}</td></tr>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Victims, ${variant}"><table class="victims">
<caption>The victims' view of ${variant}: the time that each holder cost those who waited for it. The stronger the tint, the more of the column</caption>
<thead><tr><th scope="col">holder</th>${columns.map(({ what }) => html`<th scope="col" class="n">${what}</th>`)}<th scope="col" class="n">all</th><th scope="col" class="n">share</th><th scope="col" class="n">longest</th></tr></thead>
<tbody>${holders.map(line)}</tbody>
<tfoot><tr><th scope="row">all</th>${columns.map(({ sum_ns }) => html`<td class="n">${formatDuration(sum_ns)}</td>`)}<td class="n">${formatDuration(columns.reduce((sum, { sum_ns }) => sum + sum_ns, 0))}</td><td class="n">100 %</td><td></td></tr></tfoot>
</table></div>`;
}
