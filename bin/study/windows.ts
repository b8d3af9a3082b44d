import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { parseDuration, UnitError } from "../../scenarios/units.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
import { Overview } from "../../sim/measure/window/overview.ts";
import { WindowRecorder } from "../../sim/measure/window/event-window.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { paired } from "../../sim/spans/paired.ts";
import { runScenario } from "../../sim/run.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { UsageError } from "../cli/exit-codes.ts";

/** A stretch of simulated time, ns, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A stretch of one seed, the same for all variants: what they do at one moment can be seen side by side. */
export interface Moment extends Stretch {
  readonly seed: string;
}

/** Events that a window keeps: enough to look at, and no more than a report can carry. */
const eventLimit = 4000;
/** The part of the longest wait that is shown before and after it, and the least and the most, ns. */
const margin = { share: 0.25, least: 50_000, most: 20_000_000 };
/** The stretch that shows a wait, with some time around it, ns. */
export function aroundWait({ from, to }: Stretch): Stretch {
  const more = Math.min(margin.most, Math.max(margin.least, Math.round(margin.share * (to - from))));
  return { from: Math.max(0, from - more), to: to + more };
}

/** What is shown where nobody waited, ns. */
const quiet = 5_000_000;

/**
 * Reads `--window FROM..TO`: two simulated times, such as `10ms..12.5ms`. `null` without one: around the longest wait.
 *
 * @throws UsageError for anything else, for an empty stretch and one that begins after the scenario's end.
 */
export function parseWindow(text: string | undefined, scenario: Scenario): Stretch | null {
  if (text === undefined) return null;
  const ends = text.split("..");
  if (ends.length !== 2) throw new UsageError(`--window: "${text}": expected FROM..TO, such as 10ms..12.5ms`);
  try {
    const [from, to] = ends.map(parseDuration) as [number, number];
    if (from >= to) throw new UsageError(`--window: "${text}" ends before it begins`);
    if (from >= scenario.duration_ns) {
      throw new UsageError(`--window: "${text}" begins after the end of ${scenario.name}, ${scenario.duration_ns} ns`);
    }
    return { from, to };
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--window: ${error.message}`);
    throw error;
  }
}

/**
 * What is shown of a study: the stretch asked for, in the first seed; else around the longest wait that any of its variants had.
 *
 * @param outcomes at least one, the reference first.
 */
export function momentOf(outcomes: readonly VariantOutcome[], asked: Stretch | null): Moment {
  const first = outcomes[0]?.seeds[0] as string;
  if (asked !== null) return { seed: first, ...asked };
  const waits = outcomes.flatMap(({ longest_wait }) => (longest_wait === null ? [] : [longest_wait]));
  const [longest] = waits.sort((a, b) => b.to - b.from - (a.to - a.from));
  if (longest === undefined) return { seed: first, from: 0, to: quiet };
  return { seed: longest.seed, ...aroundWait(longest) };
}

/** Runs the seed again and keeps this stretch of it. @param name of the variant, as it was asked for. */
export function replayWindow(scenario: Scenario, variant: Variant, name: string, moment: Moment): EventWindow {
  const { seed, from, to } = moment;
  const recorder = new WindowRecorder(from, to, eventLimit);
  const overview = new Overview(scenario.duration_ns);
  const { simulated_ns } = runScenario(scenario, variant, seed, paired([recorder, overview]));
  return recorder.window(scenario.name, name, seed, simulated_ns, overview.series(simulated_ns));
}
