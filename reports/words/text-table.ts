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
 * A table with a head line, at most `width` columns wide: it leaves columns out rather than wrap. Wider only when the
 * columns of rank 0 are. No newline at the end.
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
    if (worst === 0) break;
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
  return lines.join("\n");
}
