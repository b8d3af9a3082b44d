import { events } from "./events.ts";
import { explain, type Explanation } from "../../sim/explanation.ts";
import type { MetricKind } from "../../sim/measure/metrics/declaration.ts";
import { metricVocabulary } from "../../sim/measure/metrics/vocabulary.ts";
import { type Caller, callers, sites } from "../../sim/callers/callers.ts";
import { costNames } from "../../sim/costs.ts";
import { axes, axisNames } from "../../sim/kernels/axes.ts";
import { presets } from "../../sim/kernels/presets.ts";
import { roles } from "../../sim/roles/roles.ts";
import { headings } from "./headings.ts";
import { endings, otherWords, tags } from "./scenario-words.ts";
import { otherNames, terms, unfinished } from "./terms.ts";
import { vocabulary } from "./vocabulary.ts";

/** A thing that can be explained. */
export interface Explained {
  readonly kind:
    | "rule"
    | "event"
    | "site"
    | "metric"
    | "term"
    | "role"
    | "ending"
    | "cost"
    | "tag"
    | "head"
    | "word"
    | "key";
  readonly name: string;
  readonly explanation: Told;
}

/** An explanation; a word that only has a meaning needs no reason. */
export type Told = Omit<Explanation, "why"> & { readonly why: string | null };

const kindWords: Readonly<Record<MetricKind["kind"], string>> = {
  duration: "A distribution of times in ns",
  total: "Times summed up, with their number and the longest, ns",
  count: "A count",
};

const metricWords: Readonly<Record<string, Explanation>> = Object.fromEntries(
  Object.entries(metricVocabulary).map(([name, { says, source, kind, tags }]) => [
    name,
    explain(says, `${kindWords[kind]}${tags.length === 0 ? "" : `, by ${tags.join(", ")}`}.`, null, null, source),
  ]),
);

const costsAre = "scenarios/costs: gupsim describe SCENARIO shows each value with where it comes from";
const onScreen = "ours: a table of the reports";

const all: readonly Explained[] = [
  ...axisNames.flatMap((axis) =>
    list("rule", Object.fromEntries(Object.entries(axes[axis]).map(([value, form]) => [`${axis}=${value}`, form]))),
  ),
  ...list("rule", presets),
  ...list("event", events),
  ...list("role", roles),
  ...list("site", sites),
  ...list("metric", metricWords),
  ...list("term", terms),
  ...list("term", unfinished),
  ...meanings("ending", endings, "ours: how a run ends"),
  ...meanings("word", otherWords, "docs/STATISTICS.md and docs/VOCABULARY.md"),
  ...meanings("tag", tags, "docs/VOCABULARY.md"),
  ...costNames.map((name) => one("cost", name, `What the step ${name} of the model costs.`, costsAre)),
  ...meanings("head", headings, onScreen),
  ...vocabulary.flatMap(({ words, meaning, source }) =>
    wordsOf(words).map((name) => one("word", name, sentence(meaning), source)),
  ),
];

function list(kind: Explained["kind"], of: Readonly<Record<string, Explanation>>): Explained[] {
  return Object.entries(of).map(([name, record]) => {
    const { what, why, said, later, source } = record;
    return { kind, name, explanation: { what, why, said, later, source } };
  });
}

function meanings(kind: Explained["kind"], of: Readonly<Record<string, string>>, source: string): Explained[] {
  return Object.entries(of).map(([name, what]) => one(kind, name, what, source));
}

function one(kind: Explained["kind"], name: string, what: string, source: string): Explained {
  return { kind, name, explanation: { what, why: null, said: null, later: null, source } };
}

/** The words of a row of docs/VOCABULARY.md, each by itself, but those that a term tells more of. */
function wordsOf(words: string): string[] {
  const names = words.split(", ").map((word) => word.replaceAll("`", ""));
  return names.filter((name) => !Object.hasOwn(terms, otherNames[name] ?? name));
}

function sentence(meaning: string): string {
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
}

/** Everything that can be explained: rules by AXIS=VALUE and presets, events, sites, metrics, terms, and the words of reports and scenarios. */
export function everything(): readonly Explained[] {
  return all;
}

/**
 * What `asked` may mean: a name, another name of it, a caller, the value of an axis without the axis, a value with a number (`retry:3`), a
 * metric with its tags or without what stands before its dot (`wait`), and anything said of mmap_lock, the name since v5.8, that is
 * kept under mmap_sem. Empty when nothing has that name.
 */
export function meaningsOf(asked: string): Explained[] {
  const caller: Caller | undefined = (callers as Readonly<Record<string, Caller>>)[asked];
  const name = otherNames[asked] ?? caller?.site ?? asked;
  const pattern = name
    .replace(/:(\d+|forever)$/, ":N")
    .replace(/\{.*\}$/, "")
    .replace(/^mmap_lock($|\.)/, "mmap_sem$1");
  return all.filter(
    ({ kind, name: known }) =>
      known === pattern || known.endsWith(`=${pattern}`) || (kind === "metric" && known.endsWith(`.${pattern}`)),
  );
}
