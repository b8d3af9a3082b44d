/** A sweep on one screen: which cell is least and which most, and a table of all cells with their intervals. */
import type { Statistic } from "../../../sim/study/statistic.ts";
import { columnName } from "../../../sim/study/statistic.ts";
import type { SweepRow } from "../../files/sweep.ts";
import { shortName } from "../../documents/comparison/difference-words.ts";
import { atLeast } from "../../words/bounded.ts";
import { formatDuration, threeSignificant } from "../../words/format-duration.ts";
import { plural, wrap } from "../../words/sentences.ts";
import { type Column, textTable } from "../../words/text-table.ts";
import type { Paint } from "./paint.ts";

/** A sweep: what was asked of it. */
export interface Swept {
  readonly scenario: string;
  readonly question: string;
  readonly columns: readonly Statistic[];
  /** False after an interruption: cells are missing. */
  readonly complete: boolean;
}

/** How it is shown. */
export interface SweepView extends Swept {
  readonly doubts: readonly string[];
  readonly width: number;
  readonly paint: Paint;
  /** All cells, however many lines. */
  readonly full: boolean;
}

/** Lines of the table on a screen, without its head. */
const most = 12;

interface Ranked {
  readonly row: SweepRow;
  /** From the least value of the first column that has one; null for a cell that has none. */
  readonly rank: number | null;
}

/** The sweep for a terminal: ranked by the first column, the least first in rank, in the order of the grid. Ends with a newline. */
export function sweepScreen(rows: readonly SweepRow[], view: SweepView): string {
  const { width, paint, columns } = view;
  const [first] = columns;
  const name = first === undefined ? "" : columnName(first);
  const ranked = rank(rows, name);
  const shown = view.full || ranked.length <= most ? ranked : extremes(ranked);
  const seeds = Math.max(0, ...rows.map((row) => row.seeds));
  const left = ranked.length - shown.length;
  const legend = [
    `rank 1 has the least ${first === undefined ? "" : labelOf(first)}; ${plural(seeds, "seed")} a cell, ${seeds > 1 ? "± half the 95 % interval over them" : "so no interval (--seeds 5)"}`,
    ...(left > 0 ? [`${left} cells in between are not shown (--full)`] : []),
  ].join("; ");
  return [
    ...(view.complete ? [] : [paint("bad", interrupted(rows))]),
    ...wrap(`${view.scenario}: ${view.question}`, width, ""),
    ...wrap(answer(ranked, first), width, "").map((line) => paint("strong", line)),
    "",
    textTable(columnsOf(rows, columns), shown, width),
    "",
    ...wrap(legend, width, "").map((line) => paint("quiet", line)),
    ...(view.doubts.length === 0 ? [] : wrap(`distrust: ${view.doubts.join("; ")}`, width, "")).map((line) =>
      paint("quiet", line),
    ),
    ...wrap("all of it: --full; for other programs: --format csv, ndjson; columns: --metric", width, ""),
    "",
  ].join("\n");
}

/** The sweep as a table of Markdown. Ends with a newline. */
export function sweepMarkdown(rows: readonly SweepRow[], { scenario, columns, complete }: Swept): string {
  const [first] = columns;
  const ranked = rank(rows, first === undefined ? "" : columnName(first));
  const cells = columnsOf(rows, columns);
  const line = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  return [
    `### ${scenario}: ${answer(ranked, first)}`,
    "",
    ...(complete ? [] : [`**${interrupted(rows)}**`, ""]),
    line(cells.map(({ head }) => head)),
    line(cells.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...ranked.map((one) => line(cells.map(({ cell }) => cell(one)))),
    "",
  ].join("\n");
}

function interrupted(rows: readonly SweepRow[]): string {
  return `interrupted: ${plural(rows.length, "row")} so far`;
}

function rank(rows: readonly SweepRow[], name: string): Ranked[] {
  const values = rows.flatMap(({ values: of }) => of[name] ?? []).sort((a, b) => a - b);
  return rows.map((row) => {
    const value = row.values[name] ?? null;
    return { row, rank: value === null ? null : values.indexOf(value) + 1 };
  });
}

/** The least and the most, in the order of the grid. */
function extremes(ranked: readonly Ranked[]): Ranked[] {
  const sorted = ranked.toSorted((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY));
  const chosen = new Set([...sorted.slice(0, most / 2), ...sorted.slice(-most / 2)]);
  return ranked.filter((one) => chosen.has(one));
}

function answer(ranked: readonly Ranked[], first: Statistic | undefined): string {
  if (first === undefined || ranked.length === 0) return "no cell is finished";
  const name = columnName(first);
  const known = ranked
    .filter(({ rank: place }) => place !== null)
    .sort((a, b) => (a.rank as number) - (b.rank as number));
  const [least] = known;
  const largest = known.at(-1);
  if (least === undefined || largest === undefined) return `no cell has a sample of ${labelOf(first)}`;
  const say = ({ row }: Ranked): string => `${valueText(row, first)} at ${cellName(row)}`;
  const [low, high] = [least.row.values[name] as number, largest.row.values[name] as number];
  if (low === high) return `${labelOf(first)} is ${valueText(least.row, first)} in every cell`;
  const factor = low > 0 ? ` (× ${threeSignificant(high / low)})` : "";
  return `${labelOf(first)} from ${say(least)} to ${say(largest)}${factor}`;
}

function cellName({ cell, variant }: SweepRow): string {
  const parts = Object.entries(cell).map(([path, value]) => `${path.split(".").slice(-2).join(".")}=${value}`);
  return `${parts.join(" ")} in ${variant}`;
}

function columnsOf(rows: readonly SweepRow[], columns: readonly Statistic[]): Column<Ranked>[] {
  const paths = Object.keys(rows[0]?.cell ?? {});
  const stopped = rows.some(({ ending }) => ending !== "duration" && ending !== "work-done");
  return [
    ...paths.map((path): Column<Ranked> => {
      return {
        head: path.split(".").slice(-2).join("."),
        rank: 0,
        align: "left",
        cell: ({ row }) => row.cell[path] ?? "",
      };
    }),
    { head: "variant", rank: 0, align: "left", cell: ({ row }) => row.variant },
    { head: "rank", rank: 0, align: "right", cell: ({ rank: place }) => (place === null ? "-" : String(place)) },
    ...columns.map((column, i): Column<Ranked> => {
      return { head: labelOf(column), rank: i, align: "right", cell: ({ row }) => valueText(row, column) };
    }),
    ...(stopped ? [{ head: "ended by", rank: 0, align: "left", cell: ({ row }: Ranked) => row.ending } as const] : []),
  ];
}

/** `17.7 ms ±1.20 ms`, with `≥` where it may only be larger. */
function valueText(row: SweepRow, column: Statistic): string {
  const name = columnName(column);
  const value = row.values[name] ?? null;
  if (value === null) return "-";
  const show = formatOf(column);
  const half = row.half_widths[name] ?? null;
  const text = row.at_least.includes(name) ? atLeast(show(value)) : show(value);
  return half === null ? text : `${text} ±${half === 0 ? "0" : show(half)}`;
}

function formatOf({ aggregate }: Statistic): (value: number) => string {
  switch (aggregate.kind) {
    case "count":
      return threeSignificant;
    case "rate":
      return (value) => `${threeSignificant(value)}/s`;
    case "sum_rate":
      return (value) => `${formatDuration(value)}/s`;
    default:
      return formatDuration;
  }
}

function labelOf(column: Statistic): string {
  return `${shortName(column.metric)} ${columnName(column).slice(column.metric.length + 1)}`;
}
