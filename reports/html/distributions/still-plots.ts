import { aged, samplesOf } from "../../../sim/study/statistic.ts";
import { formatCount } from "../../words/format-duration.ts";
import { logBins } from "../../words/log-bins.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { binsPerOctave, type PageLine } from "../../page/data.ts";
import { type Html, html } from "../escape.ts";
import { type LogAxis, logAxis, round } from "./log-axis.ts";
import { lineOf } from "./page-distributions.ts";
import { swatch } from "../swatch.ts";
import { dashes, variantColour } from "../theme.ts";

const size = { width: 520, height: 190, left: 52, right: 512, top: 8, bottom: 166 };
/** The lowest share that is drawn, as a power of ten: one in a hundred thousand. */
const lowest = -5;

/** Histograms and tails of waits and holds by mode, variants over one another, for where no program runs and for paper. */
export function stillPlots(outcomes: readonly VariantOutcome[]): Html {
  const kinds = (["mmap_sem.wait", "mmap_sem.hold"] as const).flatMap((metric) =>
    (["R", "W"] as const).map((mode) => ({ metric, mode })),
  );
  return html`<div class="still">${kinds.map(({ metric, mode }) => {
    const samples = outcomes.map(({ metrics }) => samplesOf(metrics, metric, { mode }));
    const all = samples.map(aged);
    if (all.every(({ max }) => max === 0)) return null;
    const lines = samples.map(lineOf);
    const axis = logAxis(
      all.flatMap((one) => logBins(one).flatMap(({ lo, hi }) => [lo, hi])),
      size.left,
      size.right,
    );
    const word = metric === "mmap_sem.wait" ? "waittime" : "holdtime";
    const counts = outcomes.map(({ variant }, i) => {
      const { n = 0, open = 0, zeros = 0 } = lines[i] ?? {};
      return html`<span>${swatch(i)}${variant} n = ${formatCount(n)}${zeros > 0 ? `, ${formatCount(zeros)} at 0` : ""}${open > 0 ? `, ${formatCount(open)} not ended: drawn at their age, they are longer` : ""}</span>`;
    });
    return html`<figure><figcaption>${word} of ${mode === "R" ? "readers" : "writers"} (-${mode}): share of all in bins of a quarter octave, and share of all above a time ${counts}</figcaption>${plot(
      axis,
      `Histogram of ${word}-${mode}`,
      all.map((one) => steps(logBins(one), axis)),
    )}${plot(
      axis,
      `Tail of ${word}-${mode}`,
      lines.map((line) => tail(line, axis)),
    )}</figure>`;
  })}</div>`;
}

function plot(axis: LogAxis, title: string, paths: readonly string[]): Html {
  const { width, height, left, right, top, bottom } = size;
  const shares = ["100 %", "10 %", "1 %", "0.1 %", "0.01 %", "0.001 %"];
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${shares.map((text, i) => html`<path class="grid" d="M${left} ${yOf(10 ** -i)}H${right}"/><text x="${left - 5}" y="${yOf(10 ** -i) + 4}" text-anchor="end">${text}</text>`)}
${axis.decades.map(({ at, label }) => html`<path class="grid" d="M${at} ${top}V${bottom}"/><text x="${at}" y="${bottom + 15}" text-anchor="${at > right - 20 ? "end" : "middle"}">${label}</text>`)}
${paths.map((d, i) => html`<path d="${d}" fill="none" stroke="${variantColour(i)}" stroke-width="1.8" stroke-dasharray="${(dashes[i % dashes.length] ?? []).join(" ")}"/>`)}</svg>`;
}

function yOf(share: number): number {
  const at = share <= 0 ? lowest : Math.max(lowest, Math.log10(share));
  return round(size.top + (size.bottom - size.top) * (at / lowest));
}

function steps(bins: ReturnType<typeof logBins>, axis: LogAxis): string {
  let isOpen = false;
  const parts = bins.map(({ lo, hi, percent }) => {
    if (percent === 0) {
      const end = isOpen ? `V${size.bottom}` : "";
      isOpen = false;
      return end;
    }
    const begin = isOpen ? "" : `M${axis.at(lo)} ${size.bottom}`;
    isOpen = true;
    return `${begin}V${yOf(percent / 100)}H${axis.at(hi)}`;
  });
  return `${parts.join("")}${isOpen ? `V${size.bottom}` : ""}`;
}

/** The share of all values that lie above a time, at the bins' ends. */
function tail({ n, zeros, bins, max }: PageLine, axis: LogAxis): string {
  if (n === 0 || n === zeros) return "";
  let above = n - zeros;
  let bin = 0;
  let path = `M${size.left} ${yOf(above / n)}`;
  for (let i = 0; i < bins.length; i += 2) {
    bin += bins[i] ?? 0;
    above -= bins[i + 1] ?? 0;
    const end = Math.min(max, 2 ** ((bin + 1) / binsPerOctave));
    path += `H${axis.at(end)}V${yOf(above / n)}`;
  }
  return path;
}
