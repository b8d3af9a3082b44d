import { type Difference, differences, locksAgree, unlikeEndings } from "../documents/compare.ts";
import {
  differenceInterval,
  effectSigns,
  factorText,
  shortName,
  signLegend,
  valueTexts,
} from "../documents/comparison/difference-words.ts";
import { sideOf } from "../documents/side.ts";
import { differenceSentences, identical, shownDifferences, uncounted } from "../text/compare-text.ts";
import { formatDuration } from "../words/format-duration.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { round } from "./distributions/log-axis.ts";
import { type Html, html } from "./escape.ts";
import { plural } from "../words/sentences.ts";

/** What each later variant changes against the first; nothing when there is one variant. */
export function differenceTables([reference, ...candidates]: readonly VariantOutcome[]): Html | null {
  if (reference === undefined || candidates.length === 0) return null;
  return html`<section id="differences" aria-labelledby="differences-title">
<h2 id="differences-title">Differences</h2>
${candidates.map((candidate) => comparison(reference, candidate))}
</section>`;
}

function comparison(reference: VariantOutcome, candidate: VariantOutcome): Html {
  const [before, after] = [sideOf(reference), sideOf(candidate)];
  const all = differences(before, after);
  const rows = shownDifferences(all);
  const title = `${reference.variant} → ${candidate.variant}`;
  const unlike = unlikeEndings(before, after);
  const sentences = [
    ...(unlike === null ? [] : [`not compared by ratio: ${unlike}`]),
    ...(locksAgree(reference, candidate) ? [identical] : differenceSentences(all)),
  ];
  const onlyOne = (reference.axes.vma === "none") !== (candidate.axes.vma === "none");
  const equal = all.filter(({ effect }) => effect === "equal").length;
  return html`<h3>${title}</h3>
<ul class="sentences">${sentences.map((text) => html`<li>${text}</li>`)}${onlyOne ? html`<li>${uncounted}</li>` : null}</ul>
${axesTable(reference, candidate)}
${rows.length === 0 ? null : table(title, rows, equal, candidate.seeds.length)}`;
}

function table(title: string, rows: readonly Difference[], equal: number, seeds: number): Html {
  return html`<details open><summary>${plural(rows.length, "statistic")} that changed</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Differences"><table class="differences">
<caption>${title}: geometric means over the same ${plural(seeds, "seed")}, paired, with 95 % intervals of the factor, or of the difference where a seed has 0 (${signLegend}); ${equal} other statistics are the same in every seed. The picture is candidate ÷ reference on a log axis, the middle is 1</caption>
<thead><tr><th scope="col"><span class="hidden">verdict</span></th><th scope="col" class="n">factor</th><th scope="col" class="n">95 %</th><th scope="col">metric</th><th scope="col">stat</th><th scope="col" class="n">reference</th><th scope="col" class="n">candidate</th><th scope="col">÷ 10⁶ … 1 … × 10⁶</th></tr></thead>
<tbody>${rows.map(row)}</tbody></table></div></details>`;
}

function row(difference: Difference): Html {
  const { metric, stat, effect, diff, ratio, interval, why } = difference;
  const [before, after] = valueTexts(difference);
  return html`<tr><td title="${why ?? effect}">${effectSigns[effect]}</td><td class="n" title="${formatDuration(diff)}">${factorText(difference)}</td><td class="n">${differenceInterval(difference)}</td><th scope="row" title="${metric}">${shortName(metric)}</th><td>${stat}</td><td class="n">${before}</td><td class="n">${after}</td><td class="spark">${ratioPicture(ratio, interval)}</td></tr>`;
}

/** Half the width of the axis, and how many powers of ten it is. */
const half = { px: 90, decades: 6 };

function ratioPicture(ratio: number | null, interval: Difference["interval"]): Html | null {
  if (ratio === null) return null;
  const at = (value: number): number => {
    const decades = value <= 0 ? -half.decades : Math.log10(value);
    return round(half.px * (1 + Math.min(1, Math.max(-1, decades / half.decades)) * 0.97));
  };
  const [from, to] = interval === null ? [ratio, ratio] : [interval.low, interval.high];
  const width = 2 * half.px;
  return html`<svg width="${width}" height="12" viewBox="0 0 ${width} 12" aria-hidden="true"><path class="grid" d="M${half.px} 0V12"/><path d="M${half.px} 6H${at(ratio)}" stroke="var(--muted)"/><path d="M${at(from)} 6H${Math.max(at(to), at(from) + 1)}" stroke="var(--ink)" stroke-width="4"/><circle cx="${at(ratio)}" cy="6" r="3" fill="var(--ink)"/></svg>`;
}

/** In which rules the two kernels differ. */
function axesTable(reference: VariantOutcome, candidate: VariantOutcome): Html | null {
  const differ = Object.keys(candidate.axes).filter((axis) => reference.axes[axis] !== candidate.axes[axis]);
  if (differ.length === 0) return null;
  const parts = differ.map((axis) => `${axis}: ${reference.axes[axis] ?? "-"} → ${candidate.axes[axis] ?? "-"}`);
  return html`<p class="note">The kernels differ in ${parts.join("; ")}.</p>`;
}
