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
  };
  readonly ends: number[] = [];
  readonly holds: number[] = [];
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

/**
 * How long one replication takes to become steady, ns: where MSER-5 cuts the series of its holds. 0 for a run with few of them.
 */
export function warmUpOf(scenario: Scenario, variant: Parameters<typeof runScenario>[1], seed: string): number {
  const series = new HoldSeries();
  runScenario(scenario, variant, seed, paired([series]));
  const cut = mser5(series.holds);
  return cut === 0 ? 0 : (series.ends[cut - 1] as number);
}
