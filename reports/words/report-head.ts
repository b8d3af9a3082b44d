import { loadOf, type Scenario } from "../../sim/scenario.ts";
import { formatDuration } from "./format-duration.ts";
import { recordingNotes } from "./recording.ts";
import { plural, wrap } from "./sentences.ts";

/**
 * The head of every report: what was asked, with which seeds and for how long, what the model leaves out, and which of its
 * costs are guesses. Lines of at most `width` columns.
 *
 * @param notes on how it was measured.
 */
export function reportHead(
  scenario: Scenario,
  seeds: readonly string[],
  width: number,
  notes: readonly string[] = [],
): string {
  const { name, question, duration_ns, costs_name, recording } = scenario;
  if (recording !== undefined) {
    const about = [
      ...wrap(`${name}: ${question}`, width, ""),
      ...recordingNotes(scenario, recording).flatMap((note) => wrap(note, width)),
    ];
    return about.join("\n");
  }
  const guesses = guessedCosts(scenario);
  const lines = [
    ...wrap(`${name}: ${question}`, width, ""),
    ...wrap(
      `${formatDuration(duration_ns)} simulated for each of ${plural(seeds.length, "seed")}: ${seeds.join(", ")}`,
      width,
    ),
    ...notes.flatMap((note) => wrap(note, width)),
    ...wrap(cpusLine(scenario), width),
    ...convertedLines(scenario, width),
    ...changedLines(scenario, width),
    ...scenario.assumptions.flatMap((assumption) => wrap(`assumes: ${assumption}`, width)),
  ];
  if (guesses.length === 0) lines.push(...wrap(`costs ${costs_name}: none is a guess`, width));
  else lines.push(...wrap(`costs ${costs_name}, guessed: ${guesses.join(", ")}`, width));
  return lines.join("\n");
}

function convertedLines({ converted }: Scenario, width: number): string[] {
  if (converted === null) return [];
  return wrap(`only these sites are converted: ${converted.length === 0 ? "none" : converted.join(", ")}`, width);
}

/** What makes the machine or its load another one than the devices and tasks say. */
function changedLines(scenario: Scenario, width: number): string[] {
  const faster = Object.entries(scenario.io_speedup).map(([site, factor]) => `${site} ${factor} times`);
  const load = loadOf(scenario);
  return [
    ...(faster.length === 0 ? [] : wrap(`the IO that these sites wait for is faster: ${faster.join(", ")}`, width)),
    ...(load === null
      ? []
      : wrap(
          `load of ${load.tasks.join(", ")}: ${load.steps.join(", ")}, each for ${formatDuration(load.each_ns)}`,
          width,
        )),
  ];
}

function cpusLine({ cpus }: Scenario): string {
  if (cpus === "unlimited") {
    return "not modelled: CPUs are unlimited, so nobody waits in a run queue and no holder is preempted";
  }
  return `${plural(cpus, "CPU")}: holds include the time a holder waits in the run queue`;
}

/** The names of the costs of `scenario` that nobody measured or published, in the order of the cost table. */
function guessedCosts(scenario: Scenario): string[] {
  const entries = Object.entries(scenario.costs);
  return entries.filter(([, cost]) => cost.provenance === "guessed").map(([name]) => name);
}
