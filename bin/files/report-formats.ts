import { metricsCsv } from "../../reports/files/csv.ts";
import { hgrm } from "../../reports/files/hdr.ts";
import { reportMarkdown } from "../../reports/ci/markdown.ts";
import type { ReportData } from "../../reports/documents/report-data.ts";
import { samplesWhere } from "../../sim/measure/metrics/metrics.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import type { FtraceFormat } from "../../traces/ftrace-line.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { pageAssets } from "./page-assets.ts";

/** A file of a report: its name, without folder, and what is in it. */
export interface ReportFile {
  readonly name: string;
  readonly content: string | Buffer;
}

/** What a report can be made into, by the word after `--to`. What draws is loaded when it is asked for. */
export const reportFormats: Readonly<Record<string, (data: ReportData) => Promise<readonly ReportFile[]>>> = {
  html: async (data) => [await htmlFile(data)],
  png: async (data) => drawn(data, "png"),
  svg: async (data) => drawn(data, "svg"),
  md: async (data) => [{ name: "report.md", content: reportMarkdown(data) }],
  csv: async (data) => [{ name: "metrics.csv", content: metricsCsv(data) }],
  hgrm: async (data) => percentileFiles(data),
  chrome: async (data) => windowFiles(data, "trace.json", await chrome(data)),
  ftrace: async (data) => windowFiles(data, "ftrace.txt", await ftrace("v6.18")),
  "ftrace-v6.8": async (data) => windowFiles(data, "ftrace-v6.8.txt", await ftrace("v6.8")),
  "ftrace-v5.11": async (data) => windowFiles(data, "ftrace-v5.11.txt", await ftrace("v5.11")),
};

/** The page. */
export async function htmlFile(data: ReportData): Promise<ReportFile> {
  const { htmlReport } = await import("../../reports/html/page.ts");
  return { name: "report.html", content: htmlReport(data, pageAssets()) };
}

async function drawn(data: ReportData, as: "png" | "svg"): Promise<ReportFile[]> {
  const { pictures } = await import("../../reports/charts/charts.ts");
  return (await pictures(data, as)).map(({ name, bytes }) => ({ name, content: bytes }));
}

type OfWindow = (window: EventWindow) => string;

async function chrome({ version }: ReportData): Promise<OfWindow> {
  const { chromeTrace } = await import("../../traces/chrome-trace.ts");
  return (window) => chromeTrace(window, version);
}

/** With nanoseconds, as `trace-cmd report -t` prints them: nothing is lost. */
async function ftrace(format: FtraceFormat): Promise<OfWindow> {
  const { ftraceText } = await import("../../traces/ftrace-text.ts");
  return (window) => ftraceText(window, format, "ns");
}

/** One file for each variant whose events were kept. */
function windowFiles({ variants }: ReportData, suffix: string, text: OfWindow): ReportFile[] {
  const files = variants.flatMap(({ outcome, window }) =>
    window === null ? [] : [{ name: `${outcome.variant}.${suffix}`, content: text(window) }],
  );
  if (files.length > 0) return files;
  throw new UsageError(`report: no events were kept beside this result: give --window FROM..TO`);
}

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
