/** What a comparison says, in words and signs. The same in the text, in Markdown and on the page. */
import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import type { Interval } from "../../../sim/study/statistics.ts";
import type { Difference } from "../compare.ts";
import type { Effect } from "./paired.ts";
import { atLeast } from "../../words/bounded.ts";
import { formatDuration, formatDurations, threeSignificant } from "../../words/format-duration.ts";

/** The sign of an effect. Meaning is never told by colour alone. */
export const effectSigns: Readonly<Record<Effect, string>> = {
  longer: "▲",
  shorter: "▼",
  unclear: "~",
  equal: "=",
  gone: "▼",
  new: "▲",
  unknown: "?",
  "not-compared": "!",
};

/** What the signs mean. */
export const signLegend = "▲ longer, ▼ shorter, ~ no effect is claimed, = the same in every seed, ? no interval";

/** Both values as text, `≥` before one that may still grow. */
export function valueTexts({ reference, candidate, at_least = [] }: Difference): [string, string] {
  const [before, after] = formatDurations(reference, candidate);
  const grown = (side: "reference" | "candidate", text: string): string =>
    at_least.includes(side) ? atLeast(text) : text;
  return [grown("reference", before), grown("candidate", after)];
}

/** `÷ 756`, `× 1.71`, `≥ ÷ 756`, `to 0`, `to none`: what became of the reference; `-` where nothing can be said. */
export function factorText({ effect, ratio, reference, candidate, at_least = [] }: Difference): string {
  if (effect === "gone") return "to none";
  if (effect === "new") return "from none";
  if (ratio !== null) return at_least.length === 0 ? factor(ratio) : factorBound(ratio, at_least.includes("candidate"));
  if (effect === "not-compared" || reference === null || candidate === null) return "-";
  if (candidate === 0 && !at_least.includes("candidate") && (reference > 0 || at_least.length > 0)) return "to 0";
  return reference === 0 && candidate > 0 && !at_least.includes("reference") ? "from 0" : "-";
}

/**
 * `[÷ 801, ÷ 700]` of the factor; of the difference, `[-8.20, -7.80 ms]`, where a seed has 0; with one end, `[≥ ÷ 541]`, where nothing limits
 * what had not ended; `-` without one.
 */
export function differenceInterval({ interval, diff_interval, effect }: Difference): string {
  if (effect === "equal") return "-";
  if (interval !== null) return factorInterval(interval);
  if (diff_interval === null) return "-";
  const { low: least, high: most } = diff_interval;
  if (!Number.isFinite(least)) return Number.isFinite(most) ? `[≤ ${signed(most)}]` : "-";
  if (!Number.isFinite(most)) return `[${atLeast(signed(least))}]`;
  const [low, high] = [signed(least), signed(most)];
  const unit = / .*$/.exec(high)?.[0] ?? "";
  return `[${low.endsWith(unit) ? low.slice(0, -unit.length) : low}, ${high}]`;
}

function factorInterval({ low, high }: Interval): string {
  if (low === 0) return Number.isFinite(high) ? `[${factorBound(high, false)}]` : "-";
  return Number.isFinite(high) ? `[${factor(low)}, ${factor(high)}]` : `[${factorBound(low, true)}]`;
}

/** `≥ × 4.00`, `≤ ÷ 756`. The more a ratio grows, the smaller is a divisor. @param mayGrow or may only become smaller. */
function factorBound(ratio: number, mayGrow: boolean): string {
  return `${mayGrow === ratio >= 1 ? "≥" : "≤"} ${factor(ratio)}`;
}

/** `÷ 756`, `× 1.71`; close to 1 with as many digits as it takes to differ from it. */
function factor(ratio: number): string {
  const [sign, value] = ratio < 1 ? ["÷", 1 / ratio] : ["×", ratio];
  if (value === 1) return "× 1";
  if (value >= 1.005) return `${sign} ${threeSignificant(value)}`;
  const digits = Math.min(7, Math.ceil(-Math.log10(value - 1)));
  return `${sign} ${value.toFixed(digits)}`;
}

function signed(ns: number): string {
  return ns > 0 ? `+${formatDuration(ns)}` : formatDuration(ns);
}

/** `8.01 ms -> 10.0 µs, ▼ ÷ 801 [÷ 822, ÷ 780]`: what a statistic was, what it became, and how sure that is. */
export function differenceSentence(row: Difference): string {
  const { reference, candidate, effect, why, metric } = row;
  if (effect === "equal") return `${formatDuration(reference)}, the same in every seed`;
  const none = metric.startsWith("op.") ? "none ended" : "none";
  const [a, b] = valueTexts(row);
  const change = `${reference === null ? none : a} -> ${candidate === null ? none : b}`;
  if (effect === "gone" || effect === "new") return change;
  if (effect === "not-compared") return change;
  const evidence = [effectSigns[effect], factorText(row), differenceInterval(row)].filter((text) => text !== "-");
  const claim = effect === "unclear" ? ": no effect is claimed" : why === null ? "" : `: ${why}`;
  return `${change}, ${evidence.join(" ")}${claim}`;
}

/**
 * `wait-R` for `mmap_sem.wait{mode=R}`, `hold-R kvm_vcpu` for `mmap_sem.hold{mode=R,role=kvm_vcpu}`: the one name by which a metric goes
 * where its whole key is too long.
 */
export function shortName(metric: string): string {
  const { name, tags } = parseMetricKey(metric);
  const { mode, role, site, ...others } = tags;
  const what = name.replace(/^mmap_sem\./, "");
  const rest = Object.entries(others)
    .map(([tag, value]) => `${tag}=${value}`)
    .join(",");
  return `${what}${mode === undefined ? "" : `-${mode}`}${role === undefined ? "" : ` ${role}`}${site === undefined ? "" : ` ${site}`}${rest === "" ? "" : ` {${rest}}`}`;
}

/** The order of the rows of a comparison: by the name they are shown with, the whole mode before its roles. */
export function byShortName(a: Difference, b: Difference): number {
  const [first, second] = [shortName(a.metric), shortName(b.metric)];
  return first < second ? -1 : first > second ? 1 : 0;
}
