import { idleAxes } from "../../sim/kernels/idle-axes.ts";
import type { AxisValues } from "../../sim/kernels/axes.ts";
import { type Metrics, parseMetricKey, samplesWhere, sorted, tagValues } from "../../sim/measure/metrics/metrics.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { type Completeness, firstLine, interruptedWords, whole } from "../documents/headline.ts";
import { blameText } from "./blame-text.ts";
import { convoyText } from "../documents/convoys.ts";
import { bounded } from "../words/bounded.ts";
import { summarize, summaryBounds } from "../words/metric-summary.ts";
import { samplesOf } from "../../sim/study/statistic.ts";
import { formatCount, formatDuration, threeSignificant } from "../words/format-duration.ts";
import { lockStatTable } from "./lock-stat-table.ts";
import { log2Histogram } from "./log2-histogram.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { isRecorded } from "../words/recording.ts";
import { reportHead } from "../words/report-head.ts";
import { samplingNotes } from "../words/sampling.ts";
import { unfinishedLines } from "../words/unfinished.ts";
import { victimText } from "./victims.ts";
import { plural, wrap } from "../words/sentences.ts";

/** The report of one variant for a terminal of `width` columns: whether it is whole, how it ended or why readers waited, the head, then {@link renderVariant}. */
export function renderRun(
  scenario: Scenario,
  outcome: VariantOutcome,
  width: number,
  study: Completeness = whole,
): string {
  const interrupted = interruptedWords(study, outcome.seeds.length, "seed");
  const first = interrupted === null ? [] : wrap(interrupted, width, "");
  if (outcome.seeds.length === 0) return [...first, `${scenario.name}: nothing to report yet`, ""].join("\n");
  const top = [...first, ...topLine(outcome, width)].join("\n");
  return `${top}\n\n${reportHead(scenario, outcome.seeds, width, samplingNotes(outcome))}\n\n${renderVariant(outcome, width)}`;
}

/** How a variant ended if it was stopped, else why readers waited, in one sentence; a warm-up that was refused before it. */
export function topLine(outcome: VariantOutcome, width: number): string[] {
  return wrap(`${outcome.variant}: ${firstLine(outcome)}`, width, "");
}

/**
 * One variant: what it is and how it ended, the lock_stat table, who holds the lock across IO, and the histograms of the
 * readers' hold and wait. Ends with a newline.
 */
export function renderVariant(outcome: VariantOutcome, width: number): string {
  const { metrics } = outcome;
  return [
    ...variantLines(outcome, width),
    "",
    ...(outcome.seeds.length === 1 ? [] : [`all samples of ${plural(outcome.seeds.length, "seed")} together`]),
    lockStatTable(metrics, width),
    "",
    ...(isRecorded(outcome)
      ? wrap("what holders did is not recorded: whether they slept for IO is not known", width, "")
      : [...wrap(holdersAcrossIo(metrics), width, ""), ...wrap(operationsLine(outcome), width, "")]),
    ...unfinishedLines(metrics).flatMap((line) => wrap(line, width, "")),
    ...wrap(convoyText(outcome), width, ""),
    "",
    ...blame(outcome, width),
    "hold-R, &mm->mmap_sem-R",
    log2Histogram(samplesWhere(metrics, "mmap_sem.hold", { mode: "R" })),
    "",
    "wait-R, &mm->mmap_sem-R, of those who waited",
    log2Histogram(samplesWhere(metrics, "mmap_sem.wait", { mode: "R" }), "above-zero"),
    "",
  ].join("\n");
}

/** Who made them wait, if anybody waited. */
function blame({ metrics }: VariantOutcome, width: number): string[] {
  const text = blameText(metrics, width);
  return text === "" ? [] : [text, "", "whom each site made wait", victimText(metrics, width), ""];
}

/** Which sites still sleep for IO with the lock, most time first. */
function holdersAcrossIo(metrics: Metrics): string {
  const name = "mmap_sem.hold_io";
  const holders = ["W", "R"].flatMap((mode) =>
    tagValues(metrics, name, "site", { mode }).map((site) => ({
      who: `${site === "" ? "-" : site} (-${mode})`,
      io: summarize(samplesOf(metrics, name, { mode, site })),
    })),
  );
  const found = holders.filter(({ io }) => io.count > 0).sort((a, b) => b.io.sum - a.io.sum);
  if (found.length === 0) return "nothing holds the lock across IO";
  const parts = found.map(
    ({ who, io }) =>
      `${who} ${io.open === undefined ? "" : "≥ "}${formatDuration(io.sum)} in ${formatCount(io.count)} of its holds, longest ${bounded(summaryBounds(io, "max"), formatDuration)}`,
  );
  return `holds the lock across IO: ${parts.join("; ")}`;
}

/** How many operations a second of simulated time each role got done. */
function operationsLine({ metrics, simulated_ns }: VariantOutcome): string {
  const rates = sorted(metrics.counts).flatMap(([key, n]) => {
    const { name, tags } = parseMetricKey(key);
    if (name !== "op.count" || tags.op === undefined) return [];
    const what = tags.op === tags.role ? tags.op : `${tags.role} ${tags.op}`;
    return [`${what} ${threeSignificant((n * 1e9) / simulated_ns)}/s`];
  });
  return `operations: ${rates.length === 0 ? "none" : rates.join(", ")}`;
}

function variantLines(outcome: VariantOutcome, width: number): string[] {
  if (isRecorded(outcome)) return [`== recorded ${"=".repeat(Math.max(0, width - 12))}`];
  const { variant, preset, axes, ending, simulated_ns, events, seeds, findings } = outcome;
  const meaning = Object.entries(axes).map(([axis, value]) => `${axis}=${value}`);
  const title = variant === preset ? variant : `${variant} (${preset})`;
  return [
    `== ${title} ${"=".repeat(Math.max(0, width - title.length - 4))}`,
    ...wrap(meaning.join(" "), width, ""),
    ...idleAxes(axes as AxisValues).flatMap((line) => wrap(line, width)),
    `ending: ${ending}, ${formatDuration(simulated_ns)} simulated with ${plural(seeds.length, "seed")}, ${formatCount(events)} events`,
    ...findings.flatMap((finding) => wrap(finding, width)),
  ];
}
