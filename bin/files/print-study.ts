/** Prints a study in the format that was asked for. */
import { basename } from "node:path";
import { reportMarkdown } from "../../reports/ci/markdown.ts";
import type { Completeness } from "../../reports/documents/headline.ts";
import type { ReportData } from "../../reports/documents/report-data.ts";
import { metricsCsv } from "../../reports/files/csv.ts";
import { metricsNdjson } from "../../reports/files/ndjson.ts";
import { studyFormatNames, type ViewOptions } from "../cli/arguments/view-options.ts";
import { formatOption } from "../cli/options.ts";
import type { Streams } from "../cli/streams.ts";
import { isScreen, studyText, textView } from "./study-text.ts";

/** `--format` of the commands that show a study. */
export const studyFormatOption = formatOption(...studyFormatNames);
export type StudyFormat = (typeof studyFormatNames)[number];

/**
 * Prints the study to stdout, and on stderr the files that were written; a screen has the page in its last line instead.
 *
 * @param paths of the files. @param json makes its document.
 */
export async function printStudy(
  data: ReportData,
  study: Completeness,
  options: ViewOptions & { readonly format: StudyFormat },
  paths: readonly string[],
  json: () => string,
  streams: Streams,
): Promise<void> {
  const page = paths.find((path) => basename(path) === "report.html") ?? null;
  switch (options.format) {
    case "text":
      streams.out(await studyText(data, study, textView(options, streams, page)));
      break;
    case "md":
      streams.out(reportMarkdown(data));
      break;
    case "csv":
      streams.out(metricsCsv(data));
      break;
    case "json":
      streams.out(json());
      break;
    case "ndjson":
      streams.out(metricsNdjson(data));
      break;
  }
  if (streams.quiet || (options.format === "text" && isScreen(options))) return;
  for (const path of paths) streams.err(`wrote ${path}\n`);
}
