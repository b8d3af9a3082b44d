import { basename } from "node:path";
import type { Costs } from "../../sim/costs.ts";
import type { RecordingFacts, Scenario } from "../../sim/scenario.ts";
import { isStandardInput } from "../../scenarios/standard-input.ts";
import type { RecordingSource } from "../files/recording/recording-lines.ts";
import type { ImportedRecording } from "./import-recording.ts";

/** The name of a recording: that of its first file, without folder and endings; `stdin` for standard input. */
export function recordingName([first]: readonly string[]): string {
  if (first === undefined || isStandardInput(first)) return "stdin";
  return basename(first).replace(/(?:\.(?:gz|txt|trace|dat|log|out|data))+$/, "") || "recording";
}

/** What stands in a result where the scenario of a simulation does: nothing was simulated, so it has neither tasks nor costs. */
export function recordedScenario(sources: readonly RecordingSource[], imported: ImportedRecording): Scenario {
  const files = sources.map(({ path }) => path);
  const sum = (of: (source: RecordingSource) => number): number => sources.reduce((all, one) => all + of(one), 0);
  const recording: RecordingFacts = {
    files,
    lines: sum(({ file }) => file.counts.lines),
    used: imported.events,
    other_events: sum(({ file }) => file.counts.other_events) + imported.otherContentions,
    unreadable: sum(({ file }) => file.unreadable),
    too_late: sum(({ file }) => file.counts.too_late),
    losses: sum(({ file }) => file.counts.losses),
    lost_events: sum(({ file }) => file.counts.lost_events),
    stacks: sum(({ file }) => file.counts.stacks),
    knows_who_slept: imported.knowsWhoSlept,
    began_before: imported.unmatched.acquired_without_start + imported.unmatched.released_without_hold,
    overlaps: imported.overlaps,
    stretches: imported.outcome.seeds.length,
  };
  return {
    schema: "gupsim/scenario/v1",
    name: recordingName(files),
    question: "Who held the mmap_lock of a real kernel, and who waited?",
    kind: "terminating",
    duration_ns: imported.length_ns,
    cpus: imported.cpus,
    costs_name: "none",
    // A recording has none, whatever the model's steps are.
    costs: {} as Costs,
    devices: {},
    mms: Object.fromEntries(imported.mms.map((mm) => [mm, { vmas: {}, other_vmas: 0, arg_start: null }])),
    tasks: {},
    variants: ["recorded"],
    converted: null,
    io_speedup: {},
    expected: {},
    assumptions: [],
    measured: null,
    outcome: null,
    sweep: null,
    bugs: "ignore",
    recording,
  };
}
