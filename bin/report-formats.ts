import { metricsCsv } from "../reports/csv.ts";
import { hgrm } from "../reports/hdr.ts";
import { reportMarkdown } from "../reports/markdown.ts";
import type { ReportData } from "../reports/report-data.ts";
import { samplesWhere } from "../sim/measure/metrics.ts";

/** A file of a report: its name, without folder, and what is in it. */
export interface ReportFile {
  readonly name: string;
  readonly content: string | Buffer;
}

/** What a report can be made into, by the word after `--to`. What draws is loaded when it is asked for. */
export const reportFormats: Readonly<Record<string, (data: ReportData) => Promise<readonly ReportFile[]>>> = {
  md: async (data) => [{ name: "report.md", content: reportMarkdown(data) }],
  csv: async (data) => [{ name: "metrics.csv", content: metricsCsv(data) }],
  hgrm: async (data) => percentileFiles(data),
};

/** Hold and wait of each variant and mode, as HdrHistogram's plotter reads them. */
function percentileFiles({ variants }: ReportData): ReportFile[] {
  return variants.flatMap(({ outcome: { variant, metrics } }) =>
    (["hold", "wait"] as const).flatMap((what) =>
      (["R", "W"] as const).flatMap((mode) => {
        const samples = samplesWhere(metrics, `mmap_sem.${what}`, { mode });
        return samples.count === 0 ? [] : [{ name: `${variant}.${what}-${mode}.hgrm`, content: hgrm(samples) }];
      }),
    ),
  );
}
