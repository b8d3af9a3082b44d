/** All variants of a study as columns: the values of each, and what each later one changes against the first. */
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { type Difference, differences } from "../../documents/compare.ts";
import { differenceInterval, effectSigns, factorText, shortName } from "../../documents/comparison/difference-words.ts";
import { countOfKey, overSeeds, samplesOfKey } from "../../documents/over-seeds.ts";
import { sideOf } from "../../documents/side.ts";
import { bounded } from "../../words/bounded.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import { octavesOf, sparkline } from "../../words/sparkline.ts";
import { type Column, tableWidth, textTable } from "../../words/text-table.ts";

const stats = ["n", "log2", "p50", "p99", "max"] as const;
type Stat = (typeof stats)[number];

/** One line: a statistic of a metric, or its name above those. */
interface Row {
  readonly metric: string;
  readonly stat: Stat | "name";
}

/** Which statistics matter most, where not all have room; each metric further down matters less by the step. */
const weight: Readonly<Record<Stat, number>> = { p99: 0, max: 1, n: 4, log2: 5, p50: 9 };
const weightStep = 1.7;

/** One variant of the table. */
interface Side {
  readonly outcome: VariantOutcome;
  /** Against the first; null for the first, and where nothing may be compared. */
  readonly differences: readonly Difference[] | null;
}

/** The room for a table, and whether ratios are told: not of a study that is not whole. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly compares: boolean;
}

/**
 * The table. Where the verdicts have no room beside their values they stand below, a variant a line; where the variants have none beside each
 * other they stand in several blocks. Of the statistics it has those that matter most, so that it is at most `height` lines, but one a
 * block at least. No newline at the end.
 */
export function variantTable(
  outcomes: readonly VariantOutcome[],
  metrics: readonly string[],
  { width, height, compares }: Room,
): string {
  const [reference, ...others] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  const first: Side = { outcome: reference, differences: null };
  const sides = others.map((outcome): Side => {
    return { outcome, differences: compares ? differences(sideOf(reference), sideOf(outcome)) : null };
  });
  const isGrouped = height === Number.POSITIVE_INFINITY;
  const all = rowsOf(outcomes, metrics, isGrouped);
  const fits = (rows: readonly Row[]): boolean =>
    tableWidth(columnsOf([first, ...sides], outcomes, isGrouped), rows) <= width;
  const plain = all.filter(({ stat }) => stat !== "log2");
  const rows = fits(all) ? all : plain;
  if (sides.length === 1 || fits(rows)) {
    return textTable(
      columnsOf([first, ...sides], outcomes, isGrouped),
      mostImportant(rows, outcomes, height - 1),
      width,
    );
  }
  const blocks = blocksOf(
    [first, ...sides].map(({ outcome }) => ({ outcome, differences: null })),
    rows,
    outcomes,
    width,
  );
  const verdicts = verdictTable(reference, sides, rows, width);
  const room = verdicts === "" ? height : height - verdicts.split("\n").length - 1;
  const shown = mostImportant(rows, outcomes, Math.floor((room + 1) / blocks.length) - 2);
  const tables = blocks.map((block) => textTable(columnsOf(block, outcomes, isGrouped), shown, width));
  return [...tables, ...(verdicts === "" ? [] : [verdicts])].join("\n\n");
}

/** What each later variant changes of the statistics that matter most, as many as have room; "" where nothing is compared. */
function verdictTable(reference: VariantOutcome, sides: readonly Side[], rows: readonly Row[], width: number): string {
  if (sides.every(({ differences: found }) => found === null || found.every(({ effect }) => effect === "not-compared")))
    return "";
  const [one, two] = byImportance(rows, [reference, ...sides.map(({ outcome }) => outcome)]).filter(
    ({ stat }) => stat !== "n" && stat !== "name",
  );
  const columns = (of: readonly Row[]): Column<Side>[] => [
    { head: `against ${reference.variant}`, rank: 0, align: "left", cell: ({ outcome }) => outcome.variant },
    ...of.map((row): Column<Side> => {
      return {
        head: nameOf(row),
        rank: 0,
        align: "left",
        cell: ({ differences: found }) => verdictText(found ?? [], row),
      };
    }),
  ];
  const pairs = [one, two].filter((row) => row !== undefined);
  const both = columns(pairs);
  return textTable(tableWidth(both, sides) <= width ? both : columns(pairs.slice(0, 1)), sides, width);
}

/** What has a value in some variant. @param isGrouped the name of each metric in a line of its own. */
function rowsOf(outcomes: readonly VariantOutcome[], metrics: readonly string[], isGrouped: boolean): Row[] {
  return metrics.flatMap((metric) => [
    ...(isGrouped ? [{ metric, stat: "name" } as const] : []),
    ...stats
      .map((stat): Row => ({ metric, stat }))
      .filter(({ stat }) => {
        if (stat === "name" || stat === "n") return true;
        if (stat === "log2") return octaves(outcomes, metric) !== null;
        return outcomes.some((outcome) => overSeeds(outcome, metric, stat) !== null);
      }),
  ]);
}

/** The rows that matter most first; those that some variant has no value of, though it has samples, last. */
function byImportance(rows: readonly Row[], outcomes: readonly VariantOutcome[]): Row[] {
  const gap = ({ metric, stat }: Row): number =>
    (stat === "p50" || stat === "p99") &&
    outcomes.some((one) => countOfKey(one, metric) > 0 && overSeeds(one, metric, stat) === null)
      ? 100
      : 0;
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const place = ({ metric, stat }: Row): number =>
    (stat === "name" ? 0 : weight[stat]) + weightStep * metrics.indexOf(metric);
  return rows.toSorted((a, b) => place(a) + gap(a) - place(b) - gap(b));
}

/** As many of the rows, one at least, in their order. */
function mostImportant(rows: readonly Row[], outcomes: readonly VariantOutcome[], many: number): Row[] {
  const chosen = new Set(byImportance(rows, outcomes).slice(0, Math.max(1, many)));
  return rows.filter((row) => chosen.has(row));
}

/** The variants, as many together as there is room for; alone where there is none. */
function blocksOf(
  sides: readonly Side[],
  rows: readonly Row[],
  outcomes: readonly VariantOutcome[],
  width: number,
): Side[][] {
  const blocks: Side[][] = [];
  for (const side of sides) {
    const last = blocks.at(-1);
    if (last !== undefined && tableWidth(columnsOf([...last, side], outcomes, false), rows) <= width) last.push(side);
    else blocks.push([side]);
  }
  return blocks;
}

function columnsOf(sides: readonly Side[], outcomes: readonly VariantOutcome[], isGrouped: boolean): Column<Row>[] {
  const value = ({ outcome }: Side): Column<Row> => {
    return { head: outcome.variant, rank: 0, align: "right", cell: (row) => valueText(outcome, row, outcomes) };
  };
  const verdict = ({ differences: found }: Side): Column<Row>[] =>
    found === null ? [] : [{ head: "", rank: 0, align: "left", cell: (row) => verdictText(found, row) }];
  return [
    { head: "", rank: 0, align: "left", cell: (row) => (isGrouped ? groupedName(row) : nameOf(row)) },
    ...sides.flatMap((side) => [value(side), ...verdict(side)]),
  ];
}

/** Under the name of its metric a statistic needs none. */
function groupedName({ metric, stat }: Row): string {
  return stat === "name" ? shortName(metric) : `  ${stat}`;
}

function nameOf({ metric, stat }: Row): string {
  return `${shortName(metric)} ${stat}`;
}

function valueText(outcome: VariantOutcome, { metric, stat }: Row, outcomes: readonly VariantOutcome[]): string {
  if (stat === "name") return "";
  if (stat === "n") return formatCount(countOfKey(outcome, metric));
  if (stat !== "log2") return bounded(overSeeds(outcome, metric, stat), formatDuration);
  const range = octaves(outcomes, metric);
  if (range === null) return "";
  const picture = sparkline(samplesOfKey(outcome, metric).ended, range);
  return picture.padEnd(range.to - range.from + 1);
}

function octaves(outcomes: readonly VariantOutcome[], metric: string) {
  return octavesOf(outcomes.map((outcome) => samplesOfKey(outcome, metric).ended));
}

/** `▼ ÷ 756 [÷ 801, ÷ 700]` */
function verdictText(found: readonly Difference[], { metric, stat }: Row): string {
  const row = found.find((one) => one.metric === metric && one.stat === stat);
  if (row === undefined || row.effect === "not-compared") return "";
  if (row.effect === "equal") return effectSigns.equal;
  const parts = [effectSigns[row.effect], factorText(row), differenceInterval(row)];
  return parts.filter((part) => part !== "-").join(" ");
}
