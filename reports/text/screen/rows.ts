/** Which rows a screen has: who waits, who holds, and across IO; or what was asked for. */
import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { countOfKey, overSeeds } from "../../documents/over-seeds.ts";

/** What the user chose to see. */
export interface RowChoice {
  /** Keys of metrics. */
  readonly metrics: readonly string[];
  readonly roles: readonly string[];
  readonly sites: readonly string[];
  readonly sort: RowOrder;
}

/** The orders of rows: by what matters, by name, by the longest, by how many there are. */
export const rowOrders = ["matters", "name", "max", "n"] as const;
export type RowOrder = (typeof rowOrders)[number];

/** The quantities in the order in which they matter to those who wait. */
const quantities: readonly { readonly name: string; readonly mode: string }[] = [
  { name: "mmap_sem.wait", mode: "R" },
  { name: "mmap_sem.wait", mode: "W" },
  { name: "mmap_sem.hold", mode: "R" },
  { name: "mmap_sem.hold_io", mode: "R" },
  { name: "mmap_sem.hold", mode: "W" },
  { name: "mmap_sem.hold_io", mode: "W" },
];

/** Was anything chosen? Then all of it is shown, however long. */
export function isChosen({ metrics, roles, sites }: RowChoice): boolean {
  return metrics.length + roles.length + sites.length > 0;
}

/** The keys of the metrics that are shown, in the order of their rows: those that some variant has a sample of. */
export function metricsShown(outcomes: readonly VariantOutcome[], choice: RowChoice): string[] {
  const asked = [
    ...choice.metrics,
    ...choice.roles.flatMap((role) => [...withTag("role", role), `op.latency{role=${role}}`]),
    ...choice.sites.flatMap((site) => withTag("site", site)),
  ];
  const keys = isChosen(choice) ? asked : quantities.map(({ name, mode }) => `${name}{mode=${mode}}`);
  const found = keys.filter((key) => outcomes.some((outcome) => countOfKey(outcome, key) > 0));
  return sorted(found, outcomes, choice.sort);
}

function withTag(tag: string, value: string): string[] {
  return quantities.map(({ name, mode }) => `${name}{mode=${mode},${tag}=${value}}`);
}

function sorted(keys: readonly string[], outcomes: readonly VariantOutcome[], order: RowOrder): string[] {
  const most = (of: (outcome: VariantOutcome) => number) => Math.max(...outcomes.map(of));
  switch (order) {
    case "matters":
      return [...keys];
    case "name":
      return keys.toSorted();
    case "max":
      return by(keys, (key) => most((outcome) => overSeeds(outcome, key, "max")?.low ?? 0));
    case "n":
      return by(keys, (key) => most((outcome) => countOfKey(outcome, key)));
  }
}

function by(keys: readonly string[], value: (key: string) => number): string[] {
  return keys.toSorted((a, b) => value(b) - value(a));
}

/** What was chosen and is nowhere, in a sentence; null where all of it is there. */
export function missingWords(outcomes: readonly VariantOutcome[], choice: RowChoice): string | null {
  const known = (tag: string): string[] =>
    [
      ...new Set(
        outcomes.flatMap(({ metrics }) =>
          [...metrics.histograms.keys()].flatMap((key) => parseMetricKey(key).tags[tag] ?? []),
        ),
      ),
    ]
      .filter((value) => value !== "")
      .sort();
  const [roles, sites] = [known("role"), known("site")];
  const parts = [
    ...choice.roles
      .filter((role) => !roles.includes(role))
      .map((role) => `no role ${role}: there are ${roles.join(", ")}`),
    ...choice.sites
      .filter((site) => !sites.includes(site))
      .map((site) => `no site ${site}: there are ${sites.join(", ")}`),
    ...choice.metrics
      .filter((key) => outcomes.every((outcome) => countOfKey(outcome, key) === 0))
      .map((key) => `no sample of ${key}`),
  ];
  return parts.length === 0 ? null : parts.join("; ");
}
