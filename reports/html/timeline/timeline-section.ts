import type { ChargedWait, EventWindow } from "../../../sim/measure/window/window.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import { causeColour } from "../../page/cause.ts";
import type { ReportedVariant } from "../../documents/report-data.ts";
import { type Html, html } from "../escape.ts";
import { swatch } from "../swatch.ts";

/** Waits that are told one by one where no program runs. */
const most = 8;

/** The kept windows: a place for the page's program to draw in, and the longest waits with their charges for where none runs. */
export function timelineSection(variants: readonly ReportedVariant[]): Html | null {
  const windows = variants.flatMap(({ window }, variant) => (window === null ? [] : [{ window, variant }]));
  if (windows.length === 0) return null;
  return html`<section id="timeline" aria-labelledby="timeline-title">
<h2 id="timeline-title">Timeline</h2>
<div id="timeline-view" hidden></div>
<div class="still">${windows.map(({ window, variant }) => longestWaits(window, variant))}</div>
</section>`;
}

function longestWaits(window: EventWindow, variant: number): Html {
  const waits = [...window.waits].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, most);
  const { from_ns, to_ns, seed } = window;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Longest waits, ${window.variant}"><table class="waits">
<caption>${swatch(variant)}${window.variant}, seed ${seed}: the longest waits that overlap ${formatDuration(to_ns - from_ns)} from ${formatCount(from_ns)} ns on, and who made them. ${waits.length === 0 ? "Nobody waited" : ""}</caption>
<thead><tr><th scope="col" class="n">wait</th><th scope="col">task</th><th scope="col">site</th><th scope="col">of it</th></tr></thead>
<tbody>${waits.map((wait) => waitRow(wait, window))}</tbody></table></div>`;
}

function waitRow({ task, mode, site, from, to, charges }: ChargedWait, { tasks }: EventWindow): Html {
  const { comm = "", role = "" } = tasks[task] ?? {};
  const pieces = charges.map(({ from: a, to: b, cause }) => {
    const width = (300 * (b - a)) / (to - from);
    return html`<i style="width:${width.toFixed(1)}px;background:var(--${causeColour(cause)})"></i>`;
  });
  const longest = [...charges].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 3);
  const texts = longest.map((charge) => {
    const who = tasks[charge.holder]?.comm ?? "";
    const behind = charge.carrier < 0 ? "" : `, behind ${charge.carrierSite}`;
    const how = charge.holderMode === "" ? "is next" : `(-${charge.holderMode})`;
    return `${formatDuration(charge.to - charge.from)} ${who} in ${charge.holderSite} ${how}: ${charge.cause}${behind}`;
  });
  const more = charges.length > longest.length ? `; and ${charges.length - longest.length} shorter` : "";
  return html`<tr><th scope="row" class="n">${formatDuration(to - from)}</th><td>${comm} <small>${role}</small></td><td><code>${site}</code> (-${mode})</td><td><span class="stack">${pieces}</span>${texts.join("; ")}${more}</td></tr>`;
}
