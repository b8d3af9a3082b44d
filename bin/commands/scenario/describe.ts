import { formatDuration } from "../../../reports/words/format-duration.ts";
import { lawSummary } from "../../../reports/words/law-summary.ts";
import type { LoadedScenario } from "../../../scenarios/load.ts";
import type { Law } from "../../../sim/engine/law.ts";
import { metricVocabulary } from "../../../sim/measure/metrics/vocabulary.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import { aliases, axes, axisNames, type Form, presets } from "../../../sim/kernels/versions.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { scenarioArgument } from "../../cli/arguments/scenario-argument.ts";
import type { Streams } from "../../cli/streams.ts";

/** Prints a scenario as the simulator sees it: each value with its origin, each cost with its source. Returns exit code 0. */
export function describe(nameOrFile: string, sets: readonly string[], format: string, streams: Streams): number {
  const loaded = scenarioArgument(nameOrFile, sets);
  const { scenario } = loaded;
  if (format === "json") {
    streams.out(`${JSON.stringify(scenario, null, 2)}\n`);
    return 0;
  }
  const lines = [
    `${streams.strong(scenario.name)}  ${scenario.question}`,
    `${loaded.file}; ns and pages of 4 KiB; (file), (--set) or (default) says where a value comes from`,
    ...(scenario.outcome === null ? [] : [`expected: ${scenario.outcome}`]),
    "",
    ...leaves(
      { kind: scenario.kind, duration: scenario.duration_ns, cpus: scenario.cpus, costs: scenario.costs_name },
      [],
      loaded,
    ),
    ...leaves(
      { devices: scenario.devices, mms: scenario.mms, tasks: scenario.tasks, variants: scenario.variants },
      [],
      loaded,
    ),
    "",
    "costs",
    ...Object.entries(scenario.costs).map(
      ([step, cost]) =>
        `  ${step.padEnd(15)} ${formatDuration(cost.value_ns).padStart(8)}  ${cost.provenance}: ${cost.origin}`,
    ),
    "",
    "metrics",
    ...Object.entries(metricVocabulary).map(
      ([name, { kind, tags }]) => `  ${tags.length === 0 ? name : `${name}{${[...tags].sort().join(",")}}`}  ${kind}`,
    ),
    "",
  ];
  streams.out(lines.join("\n"));
  return 0;
}

/** Keys that are named otherwise in the file. */
const fileKeys: Readonly<Record<string, string>> = { readahead_pages: "readahead", pages: "size" };

function leaves(value: unknown, path: readonly string[], loaded: LoadedScenario): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`  ${path.join(".")} = ${JSON.stringify(value)} (${origin(path, loaded)})`];
  }
  const entries = Object.entries(value).filter(([key]) => !["lo_ns", "hi_ns", "counts"].includes(key));
  const lines = entries.flatMap(([key, child]) => leaves(child, [...path, key], loaded));
  // Of a constant its value says all.
  return isLaw(value) && value.kind !== "constant" ? [...lines, `  ${path.join(".")}: ${lawSummary(value)}`] : lines;
}

const lawKinds: readonly string[] = [
  "constant",
  "uniform",
  "exponential",
  "lognormal",
  "pareto",
  "empirical",
] satisfies Law["kind"][];

function isLaw(value: object): value is Law {
  return "kind" in value && lawKinds.includes(String(value.kind));
}

/** The nearest written key at or above the value says where it comes from. */
function origin(path: readonly string[], loaded: LoadedScenario): string {
  const inFile = path.map((key) => fileKeys[key] ?? key);
  for (let depth = inFile.length; depth > 0; depth--) {
    const dotted = inFile.slice(0, depth).join(".");
    if (loaded.set.has(dotted)) return "--set";
    if (loaded.written.has(dotted)) return "file";
  }
  return pathOfLaw(inFile, loaded) ?? "default";
}

/** A law stands in the file as `latency: {…}`, `every: …` or `think: …`, which has other keys than the resolved one. */
function pathOfLaw(path: readonly string[], loaded: LoadedScenario): string | null {
  const at = path.findIndex((key) => key === "latency" || key === "schedule" || key === "reclaim");
  if (at < 0) return null;
  const above = path.slice(0, at).join(".");
  const keys = path[at] === "schedule" ? ["every", "think"] : [path[at] as string];
  const isThere = (known: string): boolean =>
    keys.some((key) => known === `${above}.${key}` || known.startsWith(`${above}.${key}.`));
  if ([...loaded.set].some(isThere)) return "--set";
  return [...loaded.written].some(isThere) ? "file" : null;
}

/** Prints what each preset is made of. Returns exit code 0. */
export function describePresets(format: string, streams: Streams): number {
  if (format === "json") {
    streams.out(`${JSON.stringify({ schema: "gupsim/presets/v1", presets, aliases }, null, 2)}\n`);
    return 0;
  }
  const names = Object.keys(presets);
  const width = Math.max(...names.map((name) => name.length), 10);
  const lines = [
    ["axis", ...names],
    ...axisNames.map((axis) => [axis, ...names.map((name) => presets[name]?.[axis] ?? "")]),
  ];
  for (const [i, cells] of lines.entries()) {
    const row = cells
      .map((cell) => cell.padEnd(width + 2))
      .join("")
      .trimEnd();
    streams.out(`${i === 0 ? streams.strong(row) : row}\n`);
  }
  streams.out("\n");
  for (const [alias, preset] of Object.entries(aliases)) streams.out(`${alias} is ${preset}\n`);
  streams.out("\n");
  for (const axis of axisNames) {
    for (const [value, form] of Object.entries(axes[axis])) streams.out(`${axis}=${value}: ${form.says}\n`);
  }
  return 0;
}

/**
 * Prints one kernel as a table of rules, with what each says and where it can be read. Returns exit code 0.
 *
 * @throws UsageError for a variant that does not exist.
 */
export function describePreset(name: string, format: string, streams: Streams): number {
  const [variant] = parseVariants([name]) as [Variant];
  const rules = axisNames.map((axis) => {
    const value = variant.axes[axis];
    const forms = axes[axis] as Record<string, Form>;
    const form = forms[value] ?? forms[value.replace(/:\d+$/, ":N")];
    return { axis, value, says: form?.says ?? "", source: form?.source ?? "" };
  });
  if (format === "json") {
    const document = { schema: "gupsim/preset/v1", variant: variant.name, preset: variant.preset, rules };
    streams.out(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  streams.out(`${streams.strong(variant.name)}\n`);
  for (const { axis, value, says, source } of rules) {
    streams.out(`  ${axis.padEnd(7)} ${value.padEnd(11)} ${says}\n${" ".repeat(22)}Source: ${source}\n`);
  }
  return 0;
}
