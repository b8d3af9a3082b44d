import { renderCompare } from "../../../reports/text/compare-text.ts";
import type { ReportData } from "../../../reports/documents/report-data.ts";
import { renderRun } from "../../../reports/text/run-text.ts";
import { ruleStudyText } from "../../../reports/text/rules.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { OutputFolder } from "../../files/files.ts";
import { interruption } from "../../cli/interruption.ts";
import { liveStudy } from "../../files/live-study.ts";
import { type ReportFile, reportFormats } from "../../files/report-formats.ts";
import { savedStudy } from "../../files/saved-study.ts";
import { serve } from "../../files/serve.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { versionStamp } from "../../cli/version-stamp.ts";
import { parseWindow, replayWindow } from "../../study/windows.ts";

/** What `report` was asked. */
export interface ReportOptions {
  /** A result file, or a folder of results. */
  readonly result: string;
  /** Formats, with commas; `text` is for the terminal. */
  readonly to: string;
  /** A folder, `-` for stdout, `undefined` for the results' own. */
  readonly out: string | undefined;
  /** `FROM..TO`, to be replayed. */
  readonly window: string | undefined;
  /** Again after each change, until the study is complete. */
  readonly watch: boolean;
  /** A port, "" for any that is free. */
  readonly serve: string | undefined;
}

/** The format that is a page. */
const page = "html";

/**
 * Renders a saved result, or a study that goes on, in other formats. Nothing is simulated, unless another window of events is asked for.
 * Returns exit code 0; 130 or 143 after a signal.
 *
 * @throws UsageError for what is no result, and unknown formats; EnvironmentError.
 */
export async function report(options: ReportOptions, streams: Streams): Promise<number> {
  const formats = formatsOf(options.to);
  if (options.serve !== undefined) {
    const render = async (data: ReportData): Promise<string> => {
      const [file] = await filesOf(withWindow(data, options.window, streams), [page]);
      return String(file?.content);
    };
    await serve(options.result, portOf(options.serve), render, streams);
  } else if (options.watch) {
    if (options.out === "-") throw new UsageError("--watch writes files: it does not go with --out -");
    for await (const study of liveStudy(options.result)) await put(study.data, study.folder, formats, options, streams);
  } else {
    const { data, folder } = savedStudy(options.result);
    await put(withWindow(data, options.window, streams), folder, formats, options, streams);
  }
  return interruption.code ?? exitCodes.ok;
}

async function put(
  data: ReportData,
  folder: string,
  formats: readonly string[],
  { out }: ReportOptions,
  streams: Streams,
): Promise<void> {
  if (formats.includes("text")) streams.out(text(data, streams.columns));
  const files = await filesOf(
    data,
    formats.filter((format) => format !== "text"),
  );
  if (out === "-") {
    const [only, second] = files;
    if (only === undefined) return;
    if (second !== undefined) throw new UsageError(`--out -: stdout takes one file, ${files.length} are asked for`);
    streams.out(String(only.content));
    return;
  }
  const target = files.length === 0 ? null : new OutputFolder(out ?? folder);
  for (const { name, content } of files) {
    const path = target?.write(name, content);
    if (!streams.quiet) streams.err(`wrote ${path}\n`);
  }
}

function text({ scenario, variants, rules }: ReportData, width: number): string {
  const outcomes = variants.map(({ outcome }) => outcome);
  const [first, second] = outcomes;
  if (first !== undefined && second === undefined) return renderRun(scenario, first, width);
  return [renderCompare(scenario, outcomes, width), ...rules.map((rule) => ruleStudyText(rule, width))].join("\n");
}

async function filesOf(data: ReportData, formats: readonly string[]): Promise<ReportFile[]> {
  const made: ReportFile[] = [];
  for (const format of formats) made.push(...((await reportFormats[format]?.(data)) ?? []));
  return made;
}

function formatsOf(list: string): string[] {
  const known = ["text", ...Object.keys(reportFormats)];
  const asked = [...new Set(list.split(",").map((one) => one.trim()))];
  for (const one of asked) {
    if (!known.includes(one)) throw new UsageError(`--to: unknown format "${one}": one of ${known.join(", ")}`);
  }
  return asked;
}

/** With another stretch of events: each variant's first seed is run again. */
function withWindow(data: ReportData, window: string | undefined, streams: Streams): ReportData {
  const stretch = parseWindow(window, data.scenario);
  if (stretch === null) return data;
  const { version } = versionStamp();
  if (data.version.version !== version) {
    streams.err(`the result is of gupsim ${data.version.version}; its events are replayed with ${version}\n`);
  }
  const variants = data.variants.map(({ outcome }) => {
    const [variant] = parseVariants([outcome.variant]);
    return { outcome, window: variant === undefined ? null : replayWindow(data.scenario, variant, outcome, stretch) };
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
