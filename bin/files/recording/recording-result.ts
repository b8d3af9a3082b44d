import type { EventWindow } from "../../../sim/measure/window/window.ts";
import type { VariantOutcome } from "../../../sim/study/outcome/outcome.ts";
import { reportData } from "../../../reports/documents/report-data.ts";
import { isStandardInput } from "../../../scenarios/standard-input.ts";
import { RecordingFile } from "../../../traces/recording/recording-file.ts";
import { recordedWindow } from "../../study/import-recording.ts";
import { aroundWait, type Stretch } from "../../study/windows.ts";
import type { OutputFolder } from "../files.ts";
import { recordingLines, type RecordingSource } from "./recording-lines.ts";
import { htmlFile } from "../report-formats.ts";
import { type Made, resultDocumentOf } from "../result-files.ts";

/**
 * Writes what a recording leaves in its folder: the result, the events around its longest wait, the page and pictures. Returns the paths.
 * Events of standard input are not kept: it cannot be read a second time.
 *
 * @param stretch of events to keep, null for that around the longest wait.
 */
export async function writeRecording(
  folder: OutputFolder,
  made: Made,
  outcome: VariantOutcome,
  sources: readonly RecordingSource[],
  stretch: Stretch | null,
): Promise<string[]> {
  const result = resultDocumentOf(made, outcome);
  const paths = [folder.write("result.json", `${JSON.stringify(result, null, 1)}\n`)];
  const window = await windowOf(made.scenario.name, outcome, sources, stretch);
  if (window !== null) paths.push(folder.write("window.json", `${JSON.stringify(window)}\n`));
  const variants = [{ outcome, window }];
  const page = await htmlFile(reportData(result, variants));
  paths.push(folder.write(page.name, page.content));
  const { pictures } = await import("../../../reports/charts/charts.ts");
  const drawn = { scenario: made.scenario, budgets: [], complete: true, variants };
  for (const { name, bytes } of await pictures(drawn, "png", ["hold", "wait"])) paths.push(folder.write(name, bytes));
  return paths;
}

async function windowOf(
  name: string,
  { longest_wait }: VariantOutcome,
  sources: readonly RecordingSource[],
  asked: Stretch | null,
): Promise<EventWindow | null> {
  const stretch = asked ?? (longest_wait === null ? null : aroundWait(longest_wait));
  if (stretch === null || sources.some(({ path }) => isStandardInput(path))) return null;
  const again = sources.map(({ path }) => ({ path, file: new RecordingFile(path) }));
  return recordedWindow(
    recordingLines(again, () => {}),
    name,
    stretch,
  );
}
