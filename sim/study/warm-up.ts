import { paired, type SpanListener } from "../spans/paired.ts";
import type { SpanHears } from "../spans/span.ts";
import { runScenario } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import type { EventOf } from "../trace/event.ts";
import { type EventKind, kindNames } from "../trace/kinds.ts";
import type { Hears, Listener, TaskInfo } from "../trace/trace.ts";
import { mser5 } from "./statistics.ts";

/** The holds of a run in the order of their ends, whatever task, lock and mode. */
export class HoldSeries implements SpanListener {
  readonly spans: SpanHears = {
    holdEnded: ({ from }, now) => {
      this.ends.push(now);
      this.holds.push(now - from);
    },
    stillOpen: { hold: ({ from }, now) => void this.open.push(now - from) },
  };
  /** The ages of those that had not ended. */
  readonly open: number[] = [];
  readonly ends: number[] = [];
  readonly holds: number[] = [];
}

/**
 * Hears of spans that end, or are open, from `from` ns on: what began before and ends after counts whole, from its true begin. For listeners
 * that keep nothing of a begin.
 */
export function endingSince(from: number, { spans = {}, hears = {} }: SpanListener): SpanListener {
  type Hear = (...told: unknown[]) => void;
  const later = Object.entries(spans).map(([moment, hear]) =>
    typeof hear === "function"
      ? [moment, (...told: unknown[]) => void ((told.at(-1) as number) >= from && (hear as Hear)(...told))]
      : [moment, hear],
  );
  return { spans: Object.fromEntries(later) as SpanHears, hears: since(from, { hears }).hears };
}

/** Hears nothing before `from` ns: what began before is missing, as in a trace that was switched on then. */
export function since(from: number, { hears }: Listener): Listener {
  const later = <K extends EventKind>(kind: K): Hears => {
    const hear = hears[kind] as ((e: EventOf<K>, tasks: readonly TaskInfo[]) => void) | undefined;
    if (hear === undefined) return {};
    return { [kind]: (e: EventOf<K>, tasks: readonly TaskInfo[]) => void (e.time >= from && hear(e, tasks)) };
  };
  return { hears: Object.assign({}, ...kindNames.map(later)) };
}

/** Where MSER-5 would cut a run, and its holds as far as it takes to know what a cut loses. */
export interface WarmUpPilot {
  /** 0 for a run with few holds. */
  readonly cut_ns: number;
  /** Holds longer than all before, and longer than all after, by the time of their end, ns. */
  readonly rising: readonly HoldRecord[];
  readonly falling: readonly HoldRecord[];
}

interface HoldRecord {
  readonly end: number;
  readonly held: number;
}

/** Runs one replication to see how long it takes to become steady. */
export function warmUpOf(scenario: Scenario, variant: Parameters<typeof runScenario>[1], seed: string): WarmUpPilot {
  const series = new HoldSeries();
  runScenario(scenario, variant, seed, paired([series]));
  const cut = mser5(series.holds);
  const all = series.holds.map((held, i): HoldRecord => ({ held, end: series.ends[i] as number }));
  const open = series.open.map((held): HoldRecord => ({ held, end: scenario.duration_ns }));
  return {
    cut_ns: cut === 0 ? 0 : (series.ends[cut - 1] as number),
    rising: records(all),
    falling: records([...all, ...open].reverse()),
  };
}

function records(holds: readonly HoldRecord[]): HoldRecord[] {
  let longest = -1;
  return holds.filter(({ held }) => {
    const isLonger = held > longest;
    if (isLonger) longest = held;
    return isLonger;
  });
}

/** Would a cut lose a hold that is longer than any that stays? Holds that end at the cut or after it stay, whole. */
export function losesTheLongest({ rising, falling }: WarmUpPilot, cut_ns: number): boolean {
  const longest = (holds: readonly HoldRecord[]): number => Math.max(-1, ...holds.map(({ held }) => held));
  const lost = longest(rising.filter(({ end }) => end < cut_ns));
  return lost > longest(falling.filter(({ end }) => end >= cut_ns));
}
