import { metricVocabulary } from "../../../sim/measure/metrics/vocabulary.ts";
import type { Scenario } from "../../../sim/scenario.ts";
import type { Law } from "../../../sim/engine/law.ts";
import { lawSummary } from "../../words/law-summary.ts";
import { wrap } from "../../words/sentences.ts";
import { formatDuration } from "../../words/format-duration.ts";

/**
 * A scenario as the simulator sees it: each value with its origin, each cost with its source, the metrics that it can give.
 *
 * @param originOf where the value at a path comes from. @param strong how the scenario's name is set off.
 */
export function describedText(
  scenario: Scenario,
  file: string,
  originOf: (path: readonly string[]) => string,
  width: number,
  strong: (text: string) => string,
): string {
  const { kind, duration_ns: duration, cpus, costs_name: costs, devices, mms, tasks, variants } = scenario;
  const lines = [
    `${scenario.name}  ${scenario.question}`,
    `${file}; ns and pages of 4 KiB; (file), (--set) or (default) says where a value comes from`,
    ...(scenario.outcome === null ? [] : [`expected: ${scenario.outcome}`]),
    "",
    ...leaves({ kind, duration, cpus, costs }, [], originOf),
    ...leaves({ devices, mms, tasks, variants }, [], originOf),
    "",
    "costs",
    ...Object.entries(scenario.costs).map(
      ([step, cost]) =>
        `  ${step.padEnd(15)} ${formatDuration(cost.value_ns).padStart(8)}  ${cost.provenance}: ${cost.origin}`,
    ),
    "",
    "metrics",
    ...Object.entries(metricVocabulary).map(
      ([name, { kind: unit, tags }]) =>
        `  ${tags.length === 0 ? name : `${name}{${[...tags].sort().join(",")}}`}  ${unit}`,
    ),
    "",
  ];
  return lines
    .flatMap((line) => wrapped(line, width))
    .join("\n")
    .replace(scenario.name, strong(scenario.name));
}

/** A line, broken behind its indent where it is too long; one that is not keeps its columns. */
/** Stands for a blank that is not broken at: no text has it. */
const filled = "\u0001";

function wrapped(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  // The blanks of a picture of a law are part of it.
  const kept = line.trim().replaceAll(/\|[^|]*\|/g, (picture) => picture.replaceAll(" ", filled));
  const lines = wrap(kept.replaceAll(/ {2,}/g, " "), width, /^ */.exec(line)?.[0] ?? "");
  return lines.map((one) => one.replaceAll(filled, " "));
}

function leaves(value: unknown, path: readonly string[], originOf: (path: readonly string[]) => string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`  ${path.join(".")} = ${JSON.stringify(value)} (${originOf(path)})`];
  }
  const entries = Object.entries(value).filter(([key]) => !["lo_ns", "hi_ns", "counts"].includes(key));
  const lines = entries.flatMap(([key, child]) => leaves(child, [...path, key], originOf));
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
