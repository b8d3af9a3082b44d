import type { Histogram } from "../../../sim/measure/metrics/histogram.ts";
import { countWhere, type Metrics, samplesWhere, type Tags, tagValues } from "../../../sim/measure/metrics/metrics.ts";
import type { Bounds } from "../../../sim/study/bounds.ts";
import { ofSamples, type Samples, samplesOf, sumOf } from "../../../sim/study/statistic.ts";
import { bounded } from "../../words/bounded.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { contendedMean, hasPercentile } from "../../words/percentile.ts";
import { type Html, html } from "../escape.ts";
import { type LogAxis, logAxis } from "./log-axis.ts";
import { sparkline } from "./sparkline.ts";
import { swatch } from "../swatch.ts";
import { variantColour } from "../theme.ts";

interface LockClass {
  readonly name: string;
  readonly kind: "mode" | "role" | "site";
  readonly tags: Tags;
}

const spark = { width: 72, height: 16 };
const waitHeads = ["avg", "p50", "p99", "max", "total"];
const holdHeads = ["avg", "p50", "p99", "p99.9", "max", "total", "in IO"];

/** /proc/lock_stat of the simulated locks: modes, then their roles and sites, a line for each variant under one another. */
export function lockStat(outcomes: readonly VariantOutcome[]): Html {
  const classes = lockClasses(outcomes);
  const times = outcomes.flatMap(({ metrics }) =>
    (["mmap_sem.hold", "mmap_sem.wait"] as const).flatMap((name) =>
      ["R", "W"].flatMap((mode) => {
        const { count, min, max } = samplesWhere(metrics, name, { mode });
        return count === 0 ? [] : [min, max];
      }),
    ),
  );
  const axis = logAxis(times, 6, spark.width);
  const [first, last] = [axis.decades.at(0)?.label, axis.decades.at(-1)?.label];
  return html`<section id="lock-stat" aria-labelledby="lock-stat-title">
<h2 id="lock-stat-title">lock_stat</h2>
<div class="scroll" tabindex="0" role="region" aria-label="lock_stat"><table class="lock-stat">
<caption>/proc/lock_stat of the simulated mmap_sem, all seeds together, with percentiles, - where the samples are too few; ≥ where what had not ended may make it longer; the average wait is of those who waited, - while one has not ended; below each mode its roles and its sites. Acquisitions are those that were released and those that were not; in IO is the holders' sleep for IO under the lock, in all. The small pictures are on one log axis from ${first ?? "-"} to ${last ?? "-"}, 0 apart at the left, heights by the square root of the share</caption>
<thead><tr><th scope="col" rowspan="2">class</th><th scope="col" rowspan="2">variant</th><th scope="col" class="n" rowspan="2">contentions</th><th scope="colgroup" colspan="6" class="over">waittime</th><th scope="col" class="n" rowspan="2">acquisitions</th><th scope="colgroup" colspan="8" class="over">holdtime</th></tr>
<tr>${waitHeads.map(head)}<th scope="col"><span class="hidden">picture</span></th>${holdHeads.map(head)}<th scope="col"><span class="hidden">picture</span></th></tr></thead>
${classes.map((one) => group(one, outcomes, axis))}
</table></div></section>`;
}

function head(text: string): Html {
  return html`<th scope="col" class="n">${text}</th>`;
}

function lockClasses(outcomes: readonly VariantOutcome[]): LockClass[] {
  return ["W", "R"].flatMap((mode) => [
    { name: `&mm->mmap_sem-${mode}`, kind: "mode" as const, tags: { mode } },
    ...(["role", "site"] as const).flatMap((kind) => {
      const values = outcomes.flatMap(({ metrics }) => tagValues(metrics, "mmap_sem.hold", kind, { mode }));
      return [...new Set(values)].sort().map((value) => ({
        name: value === "" ? "-" : value,
        kind,
        tags: { mode, [kind]: value },
      }));
    }),
  ]);
}

function group({ name, kind, tags }: LockClass, outcomes: readonly VariantOutcome[], axis: LogAxis): Html {
  const rows = outcomes.map(({ variant, metrics }, i) => {
    const label = kind === "mode" ? html`<code>${name}</code>` : html`<small>${kind}</small> <code>${name}</code>`;
    const first = i === 0 ? html`<th scope="rowgroup" rowspan="${outcomes.length}">${label}</th>` : null;
    return html`<tr>${first}<th scope="row">${swatch(i)}${variant}</th>${cells(metrics, tags, i, axis)}</tr>`;
  });
  return html`<tbody class="${kind}">${rows}</tbody>`;
}

function cells(metrics: Metrics, tags: Tags, variant: number, axis: LogAxis): Html[] {
  const [waits, holds, ios] = ["wait", "hold", "hold_io"].map((name) =>
    samplesOf(metrics, `mmap_sem.${name}`, tags),
  ) as [Samples, Samples, Samples];
  const [wait, hold] = [waits.ended, holds.ended];
  const contentions = countWhere(metrics, "mmap_sem.contentions", tags);
  const picture = (of: Histogram): Html =>
    html`<td class="spark">${sparkline(of, axis, spark.width, spark.height, variantColour(variant))}</td>`;
  return [
    number(formatCount(contentions)),
    duration(waits.open.count === 0 ? contendedMean(wait) : null),
    ...[percentile(waits, 50), percentile(waits, 99), ofSamples(waits, { kind: "max" }), sumOf(waits)].map(known),
    picture(wait),
    number(formatCount(countOf(holds))),
    ...[
      ofSamples(holds, { kind: "mean" }),
      percentile(holds, 50),
      percentile(holds, 99),
      percentile(holds, 99.9),
      ofSamples(holds, { kind: "max" }),
      sumOf(holds),
      countOf(ios) === 0 ? null : sumOf(ios),
    ].map(known),
    picture(hold),
  ];
}

/** Null where the samples are too few for it. */
function percentile(samples: Samples, p: number): Bounds | null {
  return hasPercentile(countOf(samples), p) ? ofSamples(samples, { kind: "percentile", p }) : null;
}

function countOf({ ended, open }: Samples): number {
  return ended.count + open.count;
}

function known(value: Bounds | null): Html {
  return number(bounded(value, formatDuration));
}

function duration(ns: number | null): Html {
  return number(formatDuration(ns));
}

function number(text: string): Html {
  return html`<td class="n">${text}</td>`;
}
