import { timedScenarios } from "./cases.ts";
import type { Measurement } from "./measurement.ts";

/** Medians of a checkout by the name of the case. */
export type Medians = ReadonlyMap<string, Measurement>;

/** What is asked of the program's speed: a figure, and how large or small it must be. */
export interface Goal {
  readonly says: string;
  readonly goal: string;
  /** The figure of a checkout, null where a case that it needs was not run. `before`: the checkout that it is compared with. */
  figure(of: Medians, before: Medians | null): number | null;
  isMet(figure: number): boolean;
  /** The figure in words. */
  text(figure: number): string;
}

const times = (x: number): string => `${x.toFixed(2)} times`;
const seconds = (x: number): string => `${x.toFixed(2)} s`;
const megabytes = (x: number): string => `${x.toFixed(0)} MB`;

/** `a` against `b`, each by `value`. */
function ratio(a: string, b: string, value: (one: Measurement) => number): Goal["figure"] {
  return (of) => {
    const [above, below] = [of.get(a), of.get(b)];
    return above === undefined || below === undefined ? null : value(above) / value(below);
  };
}

const perOp = ({ sec, ops }: Measurement): number => sec / ops;
const memory = ({ rssKB }: Measurement): number => rssKB / 1024;
const time = ({ sec }: Measurement): number => sec;

function atMost(says: string, limit: number, text: (x: number) => string, figure: Goal["figure"]): Goal {
  return { says, goal: `at most ${text(limit)}`, figure, isMet: (x) => x <= limit, text };
}

function atLeast(says: string, limit: number, text: (x: number) => string, figure: Goal["figure"]): Goal {
  return { says, goal: `at least ${text(limit)}`, figure, isMet: (x) => x >= limit, text };
}

function of(name: string, value: (one: Measurement) => number): Goal["figure"] {
  return (medians) => {
    const one = medians.get(name);
    return one === undefined ? null : value(one);
  };
}

function faster(scenario: string): Goal {
  const name = `${scenario}-every`;
  const figure: Goal["figure"] = (after, before) => {
    const [old, now] = [before?.get(name), after.get(name)];
    return old === undefined || now === undefined ? null : old.sec / now.sec;
  };
  return atLeast(`${scenario}, a replication of 20 s, all listeners: as fast as before`, 2.5, times, figure);
}

/** The goals, in the order in which they are printed. */
export const goals: readonly Goal[] = [
  atMost("W3, depth 4, nothing listening, against the switch", 1.5, times, ratio("w3-depth4", "w3-switch", perOp)),
  atMost("W3 with hold and wait histograms, against none", 1.3, times, ratio("w3-histograms", "w3-depth4", perOp)),
  atMost("W3 with blame, against none", 2, times, ratio("w3-blame", "w3-depth4", perOp)),
  atMost("W3 with all listeners of a replication, against none", 2.5, times, ratio("w3-every", "w3-depth4", perOp)),
  ...timedScenarios.map(faster),
  atMost("npm start, pictures and page included", 2.5, seconds, of("start", time)),
  atMost("gupsim --help", 0.12, seconds, of("help", time)),
  atMost("an event with 1,000 tasks, against 10", 1.5, times, ratio("tasks-1000", "tasks-10", perOp)),
  atMost("an event of 600 s simulated, against 1 s", 1.5, times, ratio("time-600", "time-1", perOp)),
  atMost("peak memory at 1 s, ledger on", 120, megabytes, of("rss-1", memory)),
  atMost("peak memory at 600 s, ledger on", 120, megabytes, of("rss-600", memory)),
  atMost("peak memory at 600 s, against 1 s", 1.1, times, ratio("rss-600", "rss-1", memory)),
  atLeast("--jobs 2, as fast as --jobs 1", 1.75, times, ratio("jobs-1", "jobs-2", time)),
];
