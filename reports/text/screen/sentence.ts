/** The answer of a study in one sentence that has the number and its cause. */
import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import type { Mode } from "../../../sim/trace/kinds.ts";
import { isStopped } from "../../../sim/study/outcome/ending.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { blameBy, blameRows, holderText, ioCauses } from "../../documents/blame.ts";
import { differences, locksAgree, unlikeEndings } from "../../documents/compare.ts";
import { shortName } from "../../documents/comparison/difference-words.ts";
import { heldMostly } from "../../documents/culprit.ts";
import { countOfKey, overSeeds } from "../../documents/over-seeds.ts";
import { sideOf } from "../../documents/side.ts";
import { bounded } from "../../words/bounded.ts";
import { formatDuration } from "../../words/format-duration.ts";
import { list } from "../../words/sentences.ts";
import { percent } from "../../words/shares.ts";

/** What a sentence is about. */
interface Headline {
  readonly metric: string;
  readonly stat: "p99" | "max";
}

/** Of these the first that is not 0 everywhere is what a sentence is about. */
const candidates = [
  "mmap_sem.wait{mode=R}",
  "mmap_sem.wait{mode=W}",
  "mmap_sem.hold_io{mode=R}",
  "mmap_sem.hold{mode=R}",
  "mmap_sem.hold{mode=W}",
];

/**
 * `readers wait p99 17.7 ms → 0 ns: plain holds the lock across swap IO in async_pf_execute (73.1 %) and hva_to_pfn_slow (26.2 %)`: the
 * number in each variant, and why it is what it is where it is largest. Of runs that were stopped no number is the answer.
 *
 * @param asked metrics to be about, in the order of preference; those that matter when there are none.
 */
export function answerSentence(outcomes: readonly VariantOutcome[], asked: readonly string[] = []): string {
  const whole = outcomes.filter((outcome) => !isStopped(outcome));
  if (whole.length < outcomes.length && outcomes.length > 1) return notComparedWords(outcomes);
  const found = headlineOf(outcomes, asked.length > 0 ? asked : candidates);
  if (found === null) return "nobody waited, and nobody held the lock";
  const what = `${words(found.metric)} ${found.stat}`;
  return `${what} ${numbers(outcomes, found)}${causeOf(outcomes, found)}`;
}

function notComparedWords(outcomes: readonly VariantOutcome[]): string {
  const [reference, ...others] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  const reasons = others.flatMap((other) => unlikeEndings(reference, other) ?? []);
  return `not compared by ratio: ${[...new Set(reasons)].join("; ")}`;
}

function headlineOf(outcomes: readonly VariantOutcome[], metrics: readonly string[]): Headline | null {
  for (const metric of metrics) {
    const known = outcomes.filter((outcome) => countOfKey(outcome, metric) > 0);
    if (known.length === 0) continue;
    const p99s = known.map((outcome) => overSeeds(outcome, metric, "p99"));
    if (p99s.every((one) => one !== null) && p99s.some((one) => one.low > 0)) return { metric, stat: "p99" };
    if (known.some((outcome) => (overSeeds(outcome, metric, "max")?.low ?? 0) > 0)) return { metric, stat: "max" };
  }
  return null;
}

/** `17.7 ms`, `17.7 ms → 0 ns`, `17.7 ms in v3.17, 0 ns in v4.0 and v5.4`. */
function numbers(outcomes: readonly VariantOutcome[], { metric, stat }: Headline): string {
  const text = (outcome: VariantOutcome): string => {
    const value = overSeeds(outcome, metric, stat);
    return value === null ? "none" : bounded(value, formatDuration);
  };
  const [first, second, third] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  if (second === undefined) return text(first);
  if (third === undefined) return `${text(first)} → ${text(second)}${claim(first, second, { metric, stat })}`;
  const groups = new Map<string, string[]>();
  for (const outcome of outcomes) groups.set(text(outcome), [...(groups.get(text(outcome)) ?? []), outcome.variant]);
  return [...groups].map(([value, variants]) => `${value} in ${list(variants)}`).join(", ");
}

/** Nothing where the interval shows an effect. */
function claim(reference: VariantOutcome, candidate: VariantOutcome, { metric, stat }: Headline): string {
  if (locksAgree(reference, candidate)) return ", identical to the ns";
  const all = differences(sideOf(reference), sideOf(candidate));
  const row = all.find((one) => one.metric === metric && one.stat === stat);
  if (row?.effect === "equal") return ", the same in every seed";
  return row?.effect === "unclear" ? " (~ no effect is claimed)" : "";
}

/** Why it is so long where it is longest; nothing where it is 0. */
function causeOf(outcomes: readonly VariantOutcome[], { metric, stat }: Headline): string {
  const value = (outcome: VariantOutcome): number => overSeeds(outcome, metric, stat)?.low ?? 0;
  const [worst] = outcomes.toSorted((a, b) => value(b) - value(a));
  if (worst === undefined || value(worst) === 0) return "";
  const { name, tags } = parseMetricKey(metric);
  if (name === "mmap_sem.wait") {
    const cause = waitCause(worst, tags);
    return cause === null ? "" : `: ${worst.variant} ${cause}`;
  }
  const held = name.startsWith("mmap_sem.hold") ? heldMostly(tags, worst.metrics) : null;
  return held === null ? "" : `: in ${worst.variant} mostly ${held}`;
}

/** `holds the lock across swap IO in async_pf_execute (73.1 %)`, of the waiters with these tags; null where nothing is charged. */
function waitCause({ metrics }: VariantOutcome, tags: Readonly<Record<string, string>>): string | null {
  const rows = blameRows(metrics.totals).filter(({ waiter }) => {
    const own: Readonly<Record<string, string>> = waiter;
    return Object.entries(tags).every(([tag, value]) => own[tag] === value);
  });
  const all = rows.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
  if (all === 0) return null;
  const overIo = rows.filter(({ cause, holder }) => ioCauses.has(cause) && holder.mode !== "none");
  const io = overIo.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
  if (io < all / 2) {
    const [first, second] = blameBy(rows, holderText);
    const parts = [first, second].flatMap((one) => (one === undefined ? [] : [`${one.what} (${percent(one.share)})`]));
    return `waits mostly for ${list(parts)}`;
  }
  const classes = blameBy(overIo, ({ cause }) => cause).slice(0, 2);
  const sites = blameBy(overIo, ({ holder }) => (holder.site === "" ? holder.role : holder.site)).slice(0, 2);
  const where = list(sites.map(({ what, sum_ns }) => `${what} (${percent(sum_ns / all)})`));
  return `holds the lock across ${list(classes.map(({ what }) => what))} IO in ${where}`;
}

/** What a metric is in a sentence. */
function words(metric: string): string {
  const { name, tags } = parseMetricKey(metric);
  const who: Partial<Record<string, string>> = { R: "readers", W: "writers" } satisfies Record<Mode, string>;
  const does: Partial<Record<string, string>> = {
    "mmap_sem.wait": "wait",
    "mmap_sem.hold": "hold",
    "mmap_sem.hold_io": "hold across IO",
  };
  const [subject, verb] = [who[tags.mode ?? ""], does[name]];
  if (subject === undefined || verb === undefined || Object.keys(tags).length > 1) return shortName(metric);
  return `${subject} ${verb}`;
}
