import { writeRecording } from "../../files/recording/recording-result.ts";
import { recordingLines, type RecordingSource } from "../../files/recording/recording-lines.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import { required, several, value } from "../../cli/options.ts";
import type { Streams } from "../../cli/streams.ts";
import { latestFolder } from "../../files/results/result-folder.ts";
import { OutputFolder } from "../../files/files.ts";
import { printStudy, studyFormatOption } from "../../files/print-study.ts";
import { resultDocumentOf, resultText } from "../../files/result-files.ts";
import { whole } from "../../../reports/documents/headline.ts";
import { reportData } from "../../../reports/documents/report-data.ts";
import { viewOptions } from "../../cli/arguments/view-options.ts";
import { parseWindow } from "../../study/windows.ts";
import { isStandardInput } from "../../../scenarios/standard-input.ts";
import { importRecording } from "../../study/import-recording.ts";
import { recordedScenario, recordingName } from "../../study/recorded-scenario.ts";
import { RecordingFile } from "../../../traces/recording/recording-file.ts";

/** What can be done to a recording. */
const actions = ["import"] as const;

/**
 * `trace import FILE…`: measures what ftrace, trace-cmd or perf recorded of a real kernel's mmap_lock. The result is one like any other:
 * `report`, `check` and `compare` take it. Returns exit code 0; 2 when no lock event could be read; 130 or 143 after a signal.
 *
 * @throws UsageError, EnvironmentError for files that cannot be read.
 */
export default command({
  positionals: {
    action: required("import: measure a recording"),
    files: several(
      "text of /sys/kernel/tracing/trace, trace-cmd report or perf script, gzip too; - is standard input; several are of one recording",
      1,
    ),
  },
  options: {
    out: value("folder for the result (default: gupsim-out/NAME/trace)"),
    window: value(
      "FROM..TO: the events that are kept, since the second of the first one (default: around the longest wait)",
    ),
    ...viewOptions,
    format: studyFormatOption,
  },
  async run(options, streams) {
    const { action, files, out } = options;
    if (action !== "import") throw new UsageError(`trace: unknown "${action}": one of ${actions.join(", ")}`);
    if (files.filter(isStandardInput).length > 1) throw new UsageError("trace import: standard input can be read once");
    const folder = out === undefined ? latestFolder(`${recordingName(files)}/trace`) : new OutputFolder(out);
    const sources = files.map((path) => ({ path, file: new RecordingFile(isStandardInput(path) ? "stdin" : path) }));
    const imported = await importRecording(recordingLines(sources, progressOf(streams)));
    streams.progress("");
    const problems = sources.flatMap(({ file }) => file.problems);
    for (const problem of problems) streams.err(`${problem}\n`);
    if (interruption.code !== null) return interruption.code;
    if (imported === null) throw new UsageError(nothingIn(sources));
    const scenario = recordedScenario(sources, imported);
    const reproduce = `gupsim trace import ${files.join(" ")}`;
    const made = { scenario, budgets: [], complete: true, reproduce };
    const { outcome } = imported;
    const stretch = parseWindow(options.window, { ...scenario, duration_ns: imported.end_ns });
    const paths = await writeRecording(folder, made, outcome, sources, stretch);
    const data = reportData(resultDocumentOf(made, outcome), [{ outcome, window: null }]);
    await printStudy(data, whole, options, paths, () => resultText(made, outcome), streams);
    return exitCodes.ok;
  },
});

function progressOf(streams: Streams): (bytes: number) => void {
  let read = 0;
  return (bytes) => {
    read += bytes;
    streams.progress(`${(read / 1e6).toFixed(0)} MB read`);
  };
}

function nothingIn(sources: readonly RecordingSource[]): string {
  const lines = sources.map(({ path, file: { counts, unreadable } }) => {
    const others = counts.other_events === 0 ? "" : `, ${counts.other_events} other events`;
    return `${path}: no mmap_lock event that can be read in ${counts.lines} lines${others}, ${unreadable} of them unreadable`;
  });
  return `${lines.join("\n")}\nrecord with: trace-cmd record -e mmap_lock -e lock:contention_begin -e lock:contention_end, or perf record -e 'mmap_lock:*' -a; then give trace-cmd report or perf script`;
}
