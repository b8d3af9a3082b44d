import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import { ofSamples, type Samples, samplesOf } from "../../../sim/study/statistic.ts";
import { bounded } from "../../words/bounded.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { type Html, html } from "../escape.ts";
import { hasPercentile } from "../../words/percentile.ts";
import { type LogAxis, logAxis } from "./log-axis.ts";
import { swatch } from "../swatch.ts";
import { variantColour } from "../theme.ts";

/** What is told first of all, in the words of the terminal's report. */
const quantities = [
  { what: "wait-R", metric: "mmap_sem.wait", tags: { mode: "R" } },
  { what: "hold-R", metric: "mmap_sem.hold", tags: { mode: "R" } },
  { what: "hold_io-R", metric: "mmap_sem.hold_io", tags: { mode: "R" } },
  { what: "wait-W", metric: "mmap_sem.wait", tags: { mode: "W" } },
  { what: "hold-W", metric: "mmap_sem.hold", tags: { mode: "W" } },
] as const;

const strip = { width: 420, height: 15, left: 44, right: 398 };

/** The table at the top: median, p99 and longest of what matters, in figures and as ranges on one log axis. */
export function rangesTable(outcomes: readonly VariantOutcome[]): Html {
  const rows = [
    ...quantities.map(({ what, metric, tags }) => ({
      what,
      all: outcomes.map(({ metrics }) => samplesOf(metrics, metric, tags)),
    })),
    ...latencies(outcomes),
  ].filter(({ all }) => all.some((one) => countOf(one) > 0));
  const times = rows.flatMap(({ all }) =>
    all.flatMap((one) => [lowest(one, 50), lowest(one, 100)].flatMap((ns) => ns ?? [])),
  );
  const axis = logAxis(times, strip.left, strip.right);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The times that matter">
<table class="ranges">
<caption>The times that matter: median, 99th percentile and longest, all seeds together, on one log axis; ≥ where what had not ended may make it longer</caption>
<thead><tr><th scope="col">time</th><th scope="col">variant</th><th scope="col" class="n">n</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99</th><th scope="col" class="n">max</th><th scope="col" class="strip">${axisLabels(axis)}</th></tr></thead>
${rows.map(({ what, all }) => group(what, all, outcomes, axis))}
</table></div>`;
}

function latencies(outcomes: readonly VariantOutcome[]): { what: string; all: Samples[] }[] {
  const roles = new Set<string>();
  for (const key of outcomes.flatMap(({ metrics }) => [...metrics.histograms.keys()])) {
    const { name, tags } = parseMetricKey(key);
    if (name === "op.latency" && tags.role !== undefined) roles.add(tags.role);
  }
  return [...roles].sort().map((role) => ({
    what: `op.latency ${role}`,
    all: outcomes.map(({ metrics }) => samplesOf(metrics, "op.latency", { role })),
  }));
}

function group(what: string, all: readonly Samples[], outcomes: readonly VariantOutcome[], axis: LogAxis): Html {
  const rows = all.map((samples, i) => {
    const n = countOf(samples);
    const first = i === 0 ? html`<th scope="rowgroup" rowspan="${all.length}">${what}</th>` : null;
    const figures = [50, 99, 100].map(
      (p) =>
        html`<td class="n">${hasPercentile(n, p) || p === 100 ? bounded(ofSamples(samples, statisticOf(p)), formatDuration) : "-"}</td>`,
    );
    return html`<tr>${first}<th scope="row">${swatch(i)}${outcomes[i]?.variant ?? ""}</th><td class="n">${formatCount(n)}</td>${figures}<td class="strip">${range(samples, i, axis)}</td></tr>`;
  });
  return html`<tbody>${rows}</tbody>`;
}

function countOf({ ended, open }: Samples): number {
  return ended.count + open.count;
}

/** The p-th percentile, ns, what has not ended taken for as long as its age; 100 is the longest. */
function lowest(samples: Samples, p: number): number | null {
  return ofSamples(samples, statisticOf(p))?.low ?? null;
}

function statisticOf(p: number): Parameters<typeof ofSamples>[1] {
  return p === 100 ? { kind: "max" } : { kind: "percentile", p };
}

/** Median to longest as a line, with a bar at p99. Zeros have a place of their own at the left. */
function range(samples: Samples, variant: number, axis: LogAxis): Html | null {
  if (countOf(samples) === 0) return null;
  const { width, height } = strip;
  const place = (ns: number): number => (ns === 0 ? 8 : axis.at(ns));
  const [median, p99, max] = [50, 99, 100].map((p) => place(lowest(samples, p) ?? 0)) as [number, number, number];
  const y = height / 2;
  const colour = variantColour(variant);
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true" style="color:${colour}">${axis.decades.map(({ at }) => html`<path class="grid" d="M${at} 0V${height}"/>`)}<path d="M${median} ${y}H${max}" stroke="currentColor" stroke-width="2"/><circle cx="${median}" cy="${y}" r="3.2" fill="currentColor"/><path d="M${p99} ${y - 5}v10" stroke="currentColor" stroke-width="3"/><path d="M${max} ${y - 3}v6" stroke="currentColor" stroke-width="1"/></svg>`;
}

function axisLabels(axis: LogAxis): Html {
  const { width } = strip;
  const labels = axis.decades.map(({ at, label }) => html`<text x="${at}" y="11" text-anchor="middle">${label}</text>`);
  return html`<svg width="${width}" height="15" viewBox="0 0 ${width} 15" role="img" aria-label="median (dot), p99 (bar), longest (end of the line)"><text x="8" y="11" text-anchor="middle">0</text>${labels}</svg>`;
}
