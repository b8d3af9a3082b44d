import { events } from "./events.ts";
import { explain, type Explanation } from "../../sim/explanation.ts";
import type { MetricKind } from "../../sim/measure/metrics/declaration.ts";
import { metricVocabulary } from "../../sim/measure/metrics/vocabulary.ts";
import { type Caller, callers, sites } from "../../sim/callers/callers.ts";
import { axes, axisNames } from "../../sim/kernels/axes.ts";
import { presets } from "../../sim/kernels/presets.ts";
import { roles } from "../../sim/roles/roles.ts";
import { otherNames, terms, unfinished } from "./terms.ts";

/** A thing that can be explained. */
export interface Explained {
  readonly kind: "rule" | "event" | "role" | "site" | "metric" | "term";
  readonly name: string;
  readonly explanation: Explanation;
}

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
];

function list(kind: Explained["kind"], of: Readonly<Record<string, Explanation>>): Explained[] {
  return Object.entries(of).map(([name, record]) => {
    const { what, why, said, later, source } = record;
    return { kind, name, explanation: { what, why, said, later, source } };
  });
}

/** Everything that can be explained: rules by AXIS=VALUE and presets, events, roles, sites, metrics, terms. */
export function everything(): readonly Explained[] {
  return all;
}

/**
 * What `asked` may mean: a name, another name of it, a caller, the value of an axis without the axis, or a value with a number (`retry:3`). Empty
 * when nothing has that name.
 */
export function meaningsOf(asked: string): Explained[] {
  const caller: Caller | undefined = (callers as Readonly<Record<string, Caller>>)[asked];
  const name = otherNames[asked] ?? caller?.site ?? asked;
  const pattern = name.replace(/:(\d+|forever)$/, ":N");
  return all.filter(({ name: known }) => known === pattern || known.endsWith(`=${pattern}`));
}
