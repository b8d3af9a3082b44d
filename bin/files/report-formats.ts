import { metricsCsv } from "../../reports/files/csv.ts";
import { hgrm } from "../../reports/files/hdr.ts";
import { metricsNdjson } from "../../reports/files/ndjson.ts";
import { reportMarkdown } from "../../reports/ci/markdown.ts";
import { compareDocument } from "../../reports/documents/compare.ts";
import type { ReportData } from "../../reports/documents/report-data.ts";
import { resultDocument } from "../../reports/documents/result.ts";
import { samplesWhere } from "../../sim/measure/metrics/metrics.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import type { FtraceFormat } from "../../traces/ftrace-line.ts";
import { UsageError } from "../cli/exit-codes.ts";
import { pageAssets } from "./page-assets.ts";
import { studyText, type TextView } from "./study-text.ts";

/** A part of a report: a file by its name, without folder, and what is in it; without a name what is read on the terminal. */
export interface ReportFile {
  readonly name: string | null;
  readonly content: string | Buffer;
}

/** Something that a report can be made into. */
export interface ReportFormat {
  /** The word after `--to`. */
  readonly name: string;
  /** What it is, for the help. */
  readonly says: string;
  /** @param view how text is shown. @throws UsageError when the result has not what it is made of. */
  make(data: ReportData, view: TextView): Promise<readonly ReportFile[]>;
}

/** What a report can be made into. What draws is loaded when it is asked for. */
export const reportFormats: readonly ReportFormat[] = [
  {
    name: "text",
    says: "for this terminal",
    make: async (data, view) => {
      const study = { complete: data.complete, seedsAsked: data.seedsAsked, resumes: false };
      return [{ name: null, content: await studyText(data, study, view) }];
    },
  },
  { name: "html", says: "a page that needs no network", make: async (data) => [await htmlFile(data)] },
  { name: "png", says: "pictures", make: (data) => drawn(data, "png") },
  { name: "svg", says: "the same, to be scaled", make: (data) => drawn(data, "svg") },
  {
    name: "md",
    says: "for a comment on a pull request",
    make: async (data) => [{ name: "report.md", content: reportMarkdown(data) }],
  },
  {
    name: "csv",
    says: "every statistic",
    make: async (data) => [{ name: "metrics.csv", content: metricsCsv(data) }],
  },
  {
    name: "json",
    says: "the document",
    make: async (data) => [{ name: "report.json", content: documentText(data) }],
  },
  {
    name: "ndjson",
    says: "a line of JSON a metric, for jq",
    make: async (data) => [{ name: "metrics.ndjson", content: metricsNdjson(data) }],
  },
  { name: "hgrm", says: "percentiles for HdrHistogram's plotter", make: async (data) => percentileFiles(data) },
  {
    name: "chrome",
    says: "events for Perfetto and speedscope",
    make: async (data) => windowFiles(data, "trace.json", await chrome(data)),
  },
  {
    name: "ftrace",
    says: "events as v6.18 prints them",
    make: async (data) => windowFiles(data, "ftrace.txt", await ftrace("v6.18")),
  },
  {
    name: "ftrace-v6.8",
    says: "as v6.8 does",
    make: async (data) => windowFiles(data, "ftrace-v6.8.txt", await ftrace("v6.8")),
  },
  {
    name: "ftrace-v5.11",
    says: "as v5.11 does",
    make: async (data) => windowFiles(data, "ftrace-v5.11.txt", await ftrace("v5.11")),
  },
];

/** The page. */
export async function htmlFile(data: ReportData): Promise<ReportFile & { name: string }> {
  const { htmlReport } = await import("../../reports/html/page.ts");
  return { name: "report.html", content: htmlReport(data, pageAssets()) };
}

/** The document of a comparison, or the result of one variant. */
function documentText(data: ReportData): string {
  const { scenario, complete, seedsAsked, rules, variants } = data;
  const outcomes = variants.map(({ outcome }) => outcome);
  const [only] = outcomes as [VariantOutcome, ...VariantOutcome[]];
  const document =
    outcomes.length === 1
      ? resultDocument(data, only)
      : compareDocument(scenario, outcomes, rules, complete, seedsAsked);
  return `${JSON.stringify(document, null, 1)}\n`;
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
