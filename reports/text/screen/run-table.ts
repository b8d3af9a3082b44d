/** One variant: a row a quantity, and of those that were waited for or held a row a role. */
import { parseMetricKey } from "../../../sim/measure/metrics/metrics.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { shortName } from "../../documents/comparison/difference-words.ts";
import { countOfKey, overSeeds, samplesOfKey } from "../../documents/over-seeds.ts";
import { bounded } from "../../words/bounded.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import { type Octaves, octavesOf, sparkline } from "../../words/sparkline.ts";
import { type Column, textTable } from "../../words/text-table.ts";

interface Row {
  readonly metric: string;
  readonly name: string;
}

/** The table of one variant, in at most `height` lines where the metrics themselves are no more. No newline at the end. */
export function runTable(
  outcome: VariantOutcome,
  metrics: readonly string[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const whole = metrics.map((metric): Row => ({ metric, name: shortName(metric) }));
  const roles = metrics.map((metric) => rolesOf(outcome, metric));
  let room = height - 1 - whole.length;
  const rows = whole.flatMap((row, i) => {
    const own = (roles[i] ?? []).slice(0, Math.max(0, room));
    room -= own.length;
    return [row, ...own];
  });
  const range = octavesOf(rows.map(({ metric }) => samplesOfKey(outcome, metric).ended));
  return textTable(columnsOf(outcome, range), rows, width);
}

/** The roles that a metric is told of, the longest first; of those of one role alone none. */
function rolesOf(outcome: VariantOutcome, metric: string): Row[] {
  const { name, tags } = parseMetricKey(metric);
  if (Object.keys(tags).join() !== "mode") return [];
  const found = [...outcome.metrics.histograms.keys()].flatMap((key): Row[] => {
    const own = parseMetricKey(key);
    const { role } = own.tags;
    const isOf =
      own.name === name && Object.keys(own.tags).sort().join() === "mode,role" && own.tags.mode === tags.mode;
    return isOf && role !== undefined && countOfKey(outcome, key) > 0 ? [{ metric: key, name: `  ${role}` }] : [];
  });
  const longest = ({ metric: key }: Row): number => overSeeds(outcome, key, "max")?.low ?? 0;
  return found.length < 2 ? [] : found.sort((a, b) => longest(b) - longest(a));
}

function columnsOf(outcome: VariantOutcome, range: Octaves | null): Column<Row>[] {
  const time = (stat: "p50" | "p99" | "max", rank: number): Column<Row> => {
    const cell = ({ metric }: Row): string => bounded(overSeeds(outcome, metric, stat), formatDuration);
    return { head: stat, rank, align: "right", cell };
  };
  const picture: Column<Row>[] =
    range === null
      ? []
      : [
          {
            head: `${octaveText(range.from)} … ${octaveText(range.to + 1)}, log2`,
            rank: 3,
            align: "left",
            cell: ({ metric }) => sparkline(samplesOfKey(outcome, metric).ended, range),
          },
        ];
  return [
    { head: "", rank: 0, align: "left", cell: ({ name }) => name },
    { head: "n", rank: 1, align: "right", cell: ({ metric }) => formatCount(countOfKey(outcome, metric)) },
    time("p50", 2),
    time("p99", 0),
    time("max", 0),
    ...picture,
  ];
}

function octaveText(octave: number): string {
  return formatDuration(2 ** octave);
}
