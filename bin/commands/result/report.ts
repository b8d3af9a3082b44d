import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ReportData } from "../../../reports/documents/report-data.ts";
import { type ViewOptions, viewOptions } from "../../cli/arguments/view-options.ts";
import { studyFormatOption } from "../../files/print-study.ts";
import { type TextView, textView } from "../../files/study-text.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { flag, required, value, valueOrBare } from "../../cli/options.ts";
import type { Streams } from "../../cli/streams.ts";
import { versionStamp } from "../../cli/version-stamp.ts";
import { OutputFolder } from "../../files/files.ts";
import { liveStudy } from "../../files/live-study.ts";
import { htmlFile, type ReportFormat, reportFormats } from "../../files/report-formats.ts";
import { savedStudy } from "../../saved/saved-study.ts";
import { serve } from "../../files/serve.ts";
import { momentOf, parseWindow, replayWindow } from "../../study/windows.ts";

/**
 * Renders a saved result, or a study that goes on, in other formats. Nothing is simulated, unless another window of events is asked for.
 * Returns exit code 0; 130 or 143 after a signal.
 */
export default command({
  positionals: { result: required("a result file, or the folder of a run or a comparison") },
  options: {
    ...viewOptions,
    format: studyFormatOption,
    to: value(
      `formats, with commas. ${reportFormats.map(({ name, says }) => `${name}: ${says}`).join("; ")}; --format prints one of text, md, csv, json and ndjson`,
    ),
    out: value("folder for the files (default: where the result is); - for stdout"),
    window: value("FROM..TO: other events than those that were kept; runs the seed again"),
    watch: flag("again after each replication of a study that goes on, until it is complete"),
    serve: valueOrBare("PORT: serve the page on 127.0.0.1 while a study goes on (no number: any free port)"),
  },
  async run(options, streams) {
    const { result, to, format, out, window, watch, serve: port } = options;
    const formats = formatsOf(to ?? format);
    const target = to === undefined && format !== "text" ? "-" : out;
    if (port !== undefined) {
      const page = async (data: ReportData) => String((await htmlFile(withWindow(data, window, streams))).content);
      await serve(result, portOf(port), page, streams);
    } else if (watch) {
      if (target === "-") throw new UsageError("--watch writes files: it does not go with --out -");
      for await (const { data, folder } of liveStudy(result))
        await put(data, folder, formats, target, viewOf(options, data, folder, streams), streams);
    } else {
      const { data, folder } = savedStudy(result);
      for (const warning of data.warnings) streams.err(`warning: ${warning}\n`);
      const view = viewOf(options, data, folder, streams);
      await put(withWindow(data, window, streams), folder, formats, target, view, streams);
    }
    return interruption.code ?? exitCodes.ok;
  },
});

/** How text is shown; with the page that lies beside the result, if it is of all of it. */
function viewOf(
  options: ViewOptions & { readonly result: string },
  data: ReportData,
  folder: string,
  streams: Streams,
): TextView {
  const page = join(folder, "report.html");
  const isOfAll = data.complete && !options.result.endsWith(".result.json");
  return textView(options, streams, isOfAll && existsSync(page) ? page : null);
}

/** Prints what is for the terminal, and writes the files. @param out where to, `-` for stdout, `undefined` for the result's folder. */
async function put(
  data: ReportData,
  folder: string,
  formats: readonly ReportFormat[],
  out: string | undefined,
  view: TextView,
  streams: Streams,
): Promise<void> {
  const files: { name: string; content: string | Buffer }[] = [];
  for (const format of formats) {
    for (const { name, content } of await format.make(data, view)) {
      if (name === null) streams.out(String(content));
      else files.push({ name, content });
    }
  }
  const [first, second] = files;
  if (first === undefined) return;
  if (out === "-") {
    if (second !== undefined) throw new UsageError(`--out -: stdout takes one file, ${files.length} are asked for`);
    streams.out(String(first.content));
    return;
  }
  const target = new OutputFolder(out ?? folder);
  for (const { name, content } of files) {
    const path = target.write(name, content);
    if (!streams.quiet) streams.err(`wrote ${path}\n`);
  }
}

/** @throws UsageError for a format that is none. */
function formatsOf(list: string): ReportFormat[] {
  const asked = [...new Set(list.split(",").map((one) => one.trim()))];
  return asked.map((word) => {
    const format = reportFormats.find(({ name }) => name === word);
    if (format !== undefined) return format;
    throw new UsageError(`--to: unknown format "${word}": one of ${reportFormats.map(({ name }) => name).join(", ")}`);
  });
}

/** With another stretch of events: each variant's first seed is run again. */
function withWindow(data: ReportData, window: string | undefined, streams: Streams): ReportData {
  const stretch = parseWindow(window, data.scenario);
  if (stretch === null) return data;
  if (data.scenario.recording !== undefined) {
    throw new UsageError("report --window: a recording is not replayed: give trace import --window FROM..TO");
  }
  const { version } = versionStamp();
  if (data.version.version !== version) {
    streams.err(`the result is of gupsim ${data.version.version}; its events are replayed with ${version}\n`);
  }
  const outcomes = data.variants.map(({ outcome }) => outcome);
  const moment = momentOf(outcomes, stretch);
  const variants = outcomes.map((outcome) => {
    const [variant] = parseVariants([outcome.variant]);
    const window = variant === undefined ? null : replayWindow(data.scenario, variant, outcome.variant, moment);
    return { outcome, window };
  });
  return { ...data, variants };
}

function portOf(given: string): number {
  const port = given === "" ? 0 : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--serve: expected a port from 0 to 65535, got "${given}"`);
  }
  return port;
}
