import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { parseDuration, UnitError } from "../../scenarios/units.ts";
import type { Variant } from "../../sim/kernels/variant.ts";
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

/** Events that a window keeps: enough to look at, and no more than a report can carry. */
const eventLimit = 4000;
/** The part of the longest wait that is shown before and after it, and the least and the most, ns. */
const margin = { share: 0.25, least: 50_000, most: 20_000_000 };
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

/** Runs one seed of an outcome again and keeps a stretch of it: the one asked for in its first seed, or that of its longest wait. */
export function replayWindow(
  scenario: Scenario,
  variant: Variant,
  outcome: VariantOutcome,
  asked: Stretch | null,
): EventWindow {
  const worst = asked === null ? outcome.longest_wait : null;
  const seed = worst?.seed ?? (outcome.seeds[0] as string);
  const { from, to } = asked ?? around(worst);
  const recorder = new WindowRecorder(from, to, eventLimit);
  const { simulated_ns } = runScenario(scenario, variant, seed, paired([recorder]));
  return recorder.window(scenario.name, outcome.variant, seed, simulated_ns);
}

function around(wait: Stretch | null): Stretch {
  if (wait === null) return { from: 0, to: quiet };
  const wanted = Math.round(margin.share * (wait.to - wait.from));
  const more = Math.min(margin.most, Math.max(margin.least, wanted));
  return { from: Math.max(0, wait.from - more), to: wait.to + more };
}
