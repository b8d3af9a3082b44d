import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import { countOfKey, overSeeds } from "../../documents/over-seeds.ts";
import { shortName } from "../../documents/comparison/difference-words.ts";
import { bounded } from "../../words/bounded.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { type Html, html } from "../escape.ts";
import { type LogAxis, logAxis } from "./log-axis.ts";
import { swatch } from "../swatch.ts";
import { variantColour } from "../theme.ts";

/** What is told first of all. */
const quantities = [
  "mmap_sem.wait{mode=R}",
  "mmap_sem.hold{mode=R}",
  "mmap_sem.hold_io{mode=R}",
  "mmap_sem.wait{mode=W}",
  "mmap_sem.hold{mode=W}",
];

const stats = ["p50", "p99", "max"] as const;

const strip = { width: 420, height: 15, left: 44, right: 398 };

/** The table at the top: median, p99 and longest of what matters, over the seeds as the screen has them, and as ranges on one log axis. */
export function rangesTable(outcomes: readonly VariantOutcome[]): Html {
  const metrics = [...quantities, ...latencies(outcomes)].filter((metric) =>
    outcomes.some((outcome) => countOfKey(outcome, metric) > 0),
  );
  const times = metrics.flatMap((metric) =>
    outcomes.flatMap((outcome) =>
      (["p50", "max"] as const).flatMap((stat) => overSeeds(outcome, metric, stat)?.low ?? []),
    ),
  );
  const axis = logAxis(times, strip.left, strip.right);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The times that matter">
<table class="ranges">
<caption>The times that matter: median, 99th percentile and longest of each seed, geometric means over the seeds, on one log axis; - for none, and too few; ≥ where what had not ended may make it longer</caption>
<thead><tr><th scope="col">time</th><th scope="col">variant</th><th scope="col" class="n">n</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99</th><th scope="col" class="n">max</th><th scope="col" class="strip">${axisLabels(axis)}</th></tr></thead>
${metrics.map((metric) => group(metric, outcomes, axis))}
</table></div>`;
}

function latencies(outcomes: readonly VariantOutcome[]): string[] {
  const keys = new Set(outcomes.flatMap(({ metrics }) => [...metrics.histograms.keys()]));
  return [...keys]
    .filter((key) => {
      const { name, tags } = parseMetricKey(key);
      return name === "op.latency" && Object.keys(tags).join() === "role";
    })
    .sort();
}

function group(metric: string, outcomes: readonly VariantOutcome[], axis: LogAxis): Html {
  const rows = outcomes.map((outcome, i) => {
    const first = i === 0 ? html`<th scope="rowgroup" rowspan="${outcomes.length}">${shortName(metric)}</th>` : null;
    const figures = stats.map(
      (stat) => html`<td class="n">${bounded(overSeeds(outcome, metric, stat), formatDuration)}</td>`,
    );
    return html`<tr>${first}<th scope="row">${swatch(i)}${outcome.variant}</th><td class="n">${formatCount(countOfKey(outcome, metric))}</td>${figures}<td class="strip">${range(outcome, metric, i, axis)}</td></tr>`;
  });
  return html`<tbody>${rows}</tbody>`;
}

/** Median to longest as a line, with a bar at p99, of what has a value. Zeros have a place of their own at the left. */
function range(outcome: VariantOutcome, metric: string, variant: number, axis: LogAxis): Html | null {
  const { width, height } = strip;
  const place = (stat: (typeof stats)[number]): number | null => {
    const ns = overSeeds(outcome, metric, stat)?.low ?? null;
    if (ns === null) return null;
    return ns === 0 ? 8 : axis.at(ns);
  };
  const [median, p99, max] = [place("p50"), place("p99"), place("max")];
  if (max === null) return null;
  const y = height / 2;
  const colour = variantColour(variant);
  const line =
    median === null
      ? null
      : html`<path d="M${median} ${y}H${max}" stroke="currentColor" stroke-width="2"/><circle cx="${median}" cy="${y}" r="3.2" fill="currentColor"/>`;
  const bar = p99 === null ? null : html`<path d="M${p99} ${y - 5}v10" stroke="currentColor" stroke-width="3"/>`;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true" style="color:${colour}">${axis.decades.map(({ at }) => html`<path class="grid" d="M${at} 0V${height}"/>`)}${line}${bar}<path d="M${max} ${y - 3}v6" stroke="currentColor" stroke-width="1"/></svg>`;
}

function axisLabels(axis: LogAxis): Html {
  const { width } = strip;
  const labels = axis.decades.map(({ at, label }) => html`<text x="${at}" y="11" text-anchor="middle">${label}</text>`);
  return html`<svg width="${width}" height="15" viewBox="0 0 ${width} 15" role="img" aria-label="median (dot), p99 (bar), longest (end of the line)"><text x="8" y="11" text-anchor="middle">0</text>${labels}</svg>`;
}
