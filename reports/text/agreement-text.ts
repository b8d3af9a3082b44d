import type { AgreementDocument, AgreementRow } from "../documents/agreement.ts";
import { formatDuration, threeSignificant } from "../words/format-duration.ts";
import { wrap } from "../words/sentences.ts";
import { type Column, textTable } from "../words/text-table.ts";

const columns: readonly Column<AgreementRow>[] = [
  { head: "", rank: 0, align: "left", cell: ({ cell }) => cell },
  { head: "simulated", rank: 0, align: "right", cell: (row) => value(row, row.simulated) },
  { head: "measured", rank: 0, align: "right", cell: (row) => value(row, row.measured) },
  { head: "min..max", rank: 1, align: "right", cell: (row) => range(row, row.measured_range) },
  { head: "tolerance", rank: 0, align: "left", cell: ({ tolerance }) => tolerance },
  { head: "", rank: 0, align: "left", cell: ({ verdict }) => verdict ?? "" },
];

/** How many of the cells with a tolerance agree, of how many, in all documents. */
export function agreementTotal(documents: readonly AgreementDocument[]): string {
  const judged = documents.flatMap(({ rows }) => rows.filter(({ verdict }) => verdict !== null));
  const agreeing = judged.filter(({ verdict }) => verdict === "agrees");
  return `${agreeing.length} of ${judged.length} cells`;
}

/** One scenario and variant as text: a table, and how many cells agree. Ends with a newline. */
export function agreementText(document: AgreementDocument, width: number): string {
  const seeds = document.seeds.length === 1 ? "1 seed" : `the median of ${document.seeds.length} seeds`;
  return [
    ...wrap(`${document.scenario} as ${document.variant}, ${seeds}; measured: ${document.source}`, width, ""),
    textTable(columns, document.rows, width),
    `${agreementTotal([document])} with a tolerance agree`,
    "",
  ].join("\n");
}

function value(row: AgreementRow, number: number | null): string {
  if (number === null) return "none";
  return row.isDuration ? formatDuration(number) : threeSignificant(number);
}

function range(row: AgreementRow, pair: readonly [number, number] | null): string {
  return pair === null ? "" : `${value(row, pair[0])}..${value(row, pair[1])}`;
}
