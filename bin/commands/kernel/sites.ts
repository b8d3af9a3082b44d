import { type MatrixDocument, type MatrixRow, matrixText } from "../../../reports/text/reference/matrix-text.ts";
import { callsText, type SiteRemark, sitesText } from "../../../reports/text/reference/sites-text.ts";
import { gupCalls } from "../../../sim/callers/gup-calls.ts";
import { lint, patchSites } from "../../../sim/callers/patch-sites.ts";
import { isInKernel } from "../../../sim/experiments/matrix-since.ts";
import { matrixRows, notCovered, runCell } from "../../../sim/experiments/matrix.ts";
import { matrixIoNs, pageKinds } from "../../../sim/experiments/matrix-pages.ts";
import { parseOneVariant } from "../../cli/arguments/variants.ts";
import { command } from "../../cli/command.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { flag, formatOption, value } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/**
 * Prints the call sites of the 2014 patch; or the family of calls; or, for one kernel, each caller on each kind of missing page: its
 * longest hold, and whether it holds over the IO.
 */
export default command({
  options: {
    matrix: flag("each call on each kind of missing page"),
    calls: flag("the family of calls: which has force, vmas, …"),
    preset: value("with --matrix: the kernel", "v6.18"),
    format: formatOption("text", "json"),
  },
  run({ calls, format, matrix, preset }, { out, columns, strong }) {
    const isJson = format === "json";
    if (calls) {
      out(isJson ? jsonText({ schema: "gupsim/calls/v1", calls: gupCalls }) : callsText(gupCalls, columns));
    } else if (matrix) {
      const document = matrixOf(preset);
      out(isJson ? jsonText(document) : matrixText(document, pageKinds, columns, strong));
    } else {
      const remarks = patchSites.flatMap(remarksOn);
      const document = { schema: "gupsim/sites/v1", sites: patchSites, remarks };
      out(isJson ? jsonText(document) : sitesText(patchSites, remarks, columns));
    }
    return exitCodes.ok;
  },
});

function remarksOn(record: (typeof patchSites)[number]): SiteRemark[] {
  return (["rfc", "merged"] as const).flatMap((form) =>
    lint(record, form).map((says) => ({ site: record.site, form, says })),
  );
}

/** @throws UsageError for a variant that does not exist. */
function matrixOf(preset: string): MatrixDocument {
  const variant = parseOneVariant(preset);
  const rows = Object.entries(matrixRows).map(([name, row]): MatrixRow => {
    const cells = pageKinds.map((kind) => {
      if (!row.kinds.includes(kind)) return [kind, null];
      return [kind, isInKernel(row, kind, variant) ? runCell(row, kind, variant) : "not in this kernel"];
    });
    return { name, says: row.says, since: row.since ?? null, cells: Object.fromEntries(cells) as MatrixRow["cells"] };
  });
  return { schema: "gupsim/matrix/v1", variant: variant.name, io_ns: matrixIoNs, rows, not_covered: notCovered };
}
