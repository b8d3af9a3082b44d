import { wrap } from "./sentences.ts";

/** A column of a table of text. */
export interface Column<Row> {
  readonly head: string;
  /** Columns with the highest rank are left out first; those of rank 0 never. */
  readonly rank: number;
  readonly align: "left" | "right";
  cell(row: Row): string;
}

const gap = "  ";

/**
 * A table with a head line, at most `width` columns wide: it leaves columns out rather than wrap, and says which. Where not even those of
 * rank 0 have room, each row becomes a paragraph of them. No newline at the end.
 */
export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const all = columns.map((column) => {
    const cells = [column.head, ...rows.map((row) => column.cell(row))];
    return { column, cells, size: Math.max(...cells.map((cell) => cell.length)) };
  });
  let shown = all;
  const total = () => shown.reduce((sum, { size }) => sum + size, 0) + gap.length * (shown.length - 1);
  while (total() > width) {
    const worst = Math.max(...shown.map(({ column }) => column.rank));
    if (worst === 0)
      return paragraphs(
        shown.map(({ column }) => column),
        rows,
        width,
      );
    shown = shown.filter(({ column }) => column.rank !== worst);
  }
  const lines = ["", ...rows].map((_, line) =>
    shown
      .map(({ column, cells, size }) => {
        const cell = cells[line] as string;
        return column.align === "left" ? cell.padEnd(size) : cell.padStart(size);
      })
      .join(gap)
      .trimEnd(),
  );
  const missing = all.filter((one) => !shown.includes(one)).map(({ column }) => column.head);
  if (missing.length > 0) lines.push(...wrap(`(no room for ${missing.join(", ")})`, width, ""));
  return lines.join("\n");
}

/** How wide a table with all these columns is. */
export function tableWidth<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number {
  const sizes = columns.map(({ head, cell }) => Math.max(head.length, ...rows.map((row) => cell(row).length)));
  return sizes.reduce((sum, size) => sum + size, 0) + gap.length * (columns.length - 1);
}

/** Each row as the cell of its first column, and after it the others by their heads. A cell is broken only where it has no room in a line. */
function paragraphs<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  return rows
    .flatMap((row) => {
      const cells = columns.flatMap((column) => {
        const cell = column.cell(row).trim();
        return cell === "" ? [] : [column.head.trim() === "" ? cell : `${column.head} ${cell}`];
      });
      return packed(cells, width);
    })
    .join("\n");
}

function packed(cells: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const cell of cells) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap.length + cell.length <= width)
      lines.splice(-1, 1, `${last}${gap}${cell}`);
    else lines.push(...wrap(cell, width, lines.length === 0 ? "" : gap));
  }
  return lines;
}
