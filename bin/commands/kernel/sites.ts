import { formatDuration } from "../../../reports/words/format-duration.ts";
import { type Column, textTable } from "../../../reports/words/text-table.ts";
import { type PatchSite, patchSites, lint } from "../../../sim/callers/patch-sites.ts";
import { type GupCall, gupCalls } from "../../../sim/callers/gup-calls.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import { type MatrixCell, matrixRows, notCovered, runCell } from "../../../sim/experiments/matrix.ts";
import { isInKernel, sinceOf } from "../../../sim/experiments/matrix-since.ts";
import { matrixIoNs, type PageKind, pageKinds } from "../../../sim/experiments/matrix-pages.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

const siteColumns: readonly Column<PatchSite>[] = [
  { head: "row", rank: 0, align: "left", cell: ({ row }) => row },
  { head: "site", rank: 0, align: "left", cell: ({ site }) => site },
  { head: "mm", rank: 1, align: "left", cell: ({ mm }) => mm },
  { head: "pages", rank: 1, align: "right", cell: ({ pages }) => String(pages) },
  { head: "before", rank: 0, align: "left", cell: ({ before }) => before },
  { head: "rfc", rank: 0, align: "left", cell: ({ rfc }) => rfc },
  { head: "merged", rank: 0, align: "left", cell: ({ merged }) => merged },
  { head: "on a short return", rank: 2, align: "left", cell: ({ onShort }) => onShort },
];

/** Prints the call sites of the 2014 patch, and what a linter says of their forms. Returns exit code 0. */
export function sites(format: string, streams: Streams): number {
  const remarks = patchSites.flatMap((record) =>
    (["rfc", "merged"] as const).flatMap((form) =>
      lint(record, form).map((says) => ({ site: record.site, form, says })),
    ),
  );
  if (format === "json") {
    streams.out(`${JSON.stringify({ schema: "gupsim/sites/v1", sites: patchSites, remarks }, null, 2)}\n`);
    return 0;
  }
  streams.out(`${textTable(siteColumns, patchSites, streams.columns)}\n\n`);
  for (const { site, form, says } of remarks) streams.out(`${site}, ${form}: ${says}\n`);
  return 0;
}

const can = (yes: boolean): string => (yes ? "yes" : "-");

const callColumns: readonly Column<GupCall>[] = [
  { head: "call", rank: 0, align: "left", cell: ({ call }) => call },
  { head: "takes lock", rank: 0, align: "left", cell: ({ takesLock }) => can(takesLock) },
  { head: "may drop", rank: 0, align: "left", cell: ({ droppable }) => can(droppable) },
  { head: "force", rank: 0, align: "left", cell: ({ force }) => can(force) },
  { head: "vmas", rank: 0, align: "left", cell: ({ vmas }) => can(vmas) },
  { head: "remote", rank: 0, align: "left", cell: ({ remote }) => can(remote) },
  { head: "nowait", rank: 0, align: "left", cell: ({ nowait }) => can(nowait) },
];

/** Prints the family of calls, and what each can be asked for. Returns exit code 0. */
export function calls(format: string, streams: Streams): number {
  if (format === "json") {
    streams.out(`${JSON.stringify({ schema: "gupsim/calls/v1", calls: gupCalls }, null, 2)}\n`);
    return 0;
  }
  streams.out(`${textTable(callColumns, gupCalls, Number.POSITIVE_INFINITY)}\n\n`);
  for (const { call, says } of gupCalls) streams.out(`${call}: ${says}\n`);
  return 0;
}

interface Row {
  readonly name: string;
  readonly says: string;
  /** The release in which the call came, null for what all kernels here have. */
  readonly since: string | null;
  /** Null for a kind of page that the row is not about. */
  readonly cells: Readonly<Record<PageKind, MatrixCell | "not in this kernel" | null>>;
}

const matrixColumns: readonly Column<Row>[] = [
  {
    head: "call",
    rank: 0,
    align: "left",
    cell: ({ says, name, since }) => `${says} (${name}${since === null ? "" : `, since ${since}`})`,
  },
  ...pageKinds.map(
    (kind): Column<Row> => ({ head: kind, rank: 0, align: "right", cell: ({ cells }) => cellText(cells[kind]) }),
  ),
];

/**
 * Prints, for one kernel, each caller on each kind of missing page: its longest hold, and whether it holds over the IO of 20 ms; then
 * what the model has no row for. Returns exit code 0.
 *
 * @throws UsageError for a variant that does not exist.
 */
export function matrix(preset: string, format: string, streams: Streams): number {
  const [variant] = parseVariants([preset]) as [Variant];
  const rows = Object.entries(matrixRows).map(([name, row]): Row => {
    const cells = pageKinds.map((kind) => {
      if (!row.kinds.includes(kind)) return [kind, null];
      return [kind, isInKernel(name, kind, variant) ? runCell(row, kind, variant) : "not in this kernel"];
    });
    return { name, since: sinceOf(name), says: row.says, cells: Object.fromEntries(cells) as Row["cells"] };
  });
  if (format === "json") {
    const document = {
      schema: "gupsim/matrix/v1",
      variant: variant.name,
      io_ns: matrixIoNs,
      rows,
      not_covered: notCovered,
    };
    streams.out(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  streams.out(`${streams.strong(variant.name)}: the longest hold of mmap_sem by each call; an IO takes 20 ms\n`);
  streams.out(`${textTable(matrixColumns, rows, Number.POSITIVE_INFINITY)}\n`);
  streams.out("R, W: how it is held. HELD: over the IO. failed: the call returns an error at once.\n");
  streams.out("never ends (limit): it goes round, or waits, until it is killed.\n");
  streams.out(
    "not in this kernel: the call, or the kind of page, came later than the kernel of the preset.\n\nnot covered:\n",
  );
  for (const [name, why] of Object.entries(notCovered)) streams.out(`  ${name}: ${why}\n`);
  return 0;
}

function cellText(cell: MatrixCell | "not in this kernel" | null): string {
  if (cell === null) return "";
  if (cell === "not in this kernel") return cell;
  if (cell.endless) return "never ends (limit)";
  if (cell.failed) return "failed";
  if (cell.mode === null) return "-";
  return `${formatDuration(cell.longestHold_ns)} ${cell.mode}${cell.heldOverIo ? " HELD" : ""}`;
}
