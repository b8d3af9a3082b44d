import type { MatrixCell } from "../../../sim/experiments/matrix.ts";
import type { PageKind } from "../../../sim/experiments/matrix-pages.ts";
import { formatDuration } from "../../words/format-duration.ts";
import { wrap } from "../../words/sentences.ts";
import { type Column, textTable } from "../../words/text-table.ts";

/** A caller on each kind of missing page. */
export interface MatrixRow {
  readonly name: string;
  readonly says: string;
  /** The release in which the call came, null for what all kernels here have. */
  readonly since: string | null;
  /** Null for a kind of page that the row is not about. */
  readonly cells: Readonly<Record<PageKind, MatrixCell | "not in this kernel" | null>>;
}

/** `gupsim/matrix/v1`: which call holds the lock over which IO, in one kernel. */
export interface MatrixDocument {
  readonly schema: "gupsim/matrix/v1";
  readonly variant: string;
  /** How long each IO takes. */
  readonly io_ns: number;
  readonly rows: readonly MatrixRow[];
  /** What the model has no row for, and why. */
  readonly not_covered: Readonly<Record<string, string>>;
}

/** The matrix as a table, and what it does not cover. @param strong how the kernel's name is set off. */
export function matrixText(
  { variant, io_ns, rows, not_covered }: MatrixDocument,
  kinds: readonly PageKind[],
  width: number,
  strong: (text: string) => string,
): string {
  const columns: readonly Column<MatrixRow>[] = [
    { head: "call", rank: 0, align: "left", cell: callText },
    ...kinds.map(
      (kind): Column<MatrixRow> => ({
        head: kind,
        rank: 0,
        align: "right",
        cell: ({ cells }) => cellText(cells[kind]),
      }),
    ),
  ];
  return [
    ...wrap(`${variant}: the longest hold of mmap_sem by each call; an IO takes ${io_ns / 1e6} ms`, width, "").map(
      (line, i) => (i === 0 ? line.replace(variant, strong(variant)) : line),
    ),
    textTable(columns, rows, width),
    ...legend.flatMap((text) => wrap(text, width, "")),
    "",
    "not covered:",
    ...Object.entries(not_covered).flatMap(([name, why]) => wrap(`${name}: ${why}`, width)),
    "",
  ].join("\n");
}

const legend: readonly string[] = [
  "R, W: how it is held. HELD: over the IO. failed: the call returns an error at once.",
  "never ends (limit): it goes round, or waits, until it is killed.",
  "not in this kernel: the call, or the kind of page, came later than the kernel of the preset.",
];

function callText({ says, name, since }: MatrixRow): string {
  return `${says} (${name}${since === null ? "" : `, since ${since}`})`;
}

function cellText(cell: MatrixRow["cells"][PageKind]): string {
  if (cell === null) return "";
  if (cell === "not in this kernel") return cell;
  if (cell.endless) return "never ends (limit)";
  if (cell.failed) return "failed";
  if (cell.mode === null) return "-";
  return `${formatDuration(cell.longestHold_ns)} ${cell.mode}${cell.heldOverIo ? " HELD" : ""}`;
}
