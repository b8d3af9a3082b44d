import type { PictureData } from "../../reports/charts/panels.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { WindowRecorder } from "../../sim/measure/window/event-window.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { feed } from "./event-feed.ts";
import { plainStory, smallOutcome, unlockedStory } from "./small-outcome.ts";

const { scenario } = loadScenario("kvm-swap");

/** What hand-written stories are drawn from: each a variant of kvm-swap, the small ones when none is given. */
export function pictureData(
  stories: Readonly<Record<string, string>> = { plain: plainStory, unlocked: unlockedStory },
  budgets: readonly Budget[] = [],
  window: EventWindow | null = null,
): PictureData {
  const variants = Object.entries(stories).map(([name, story]) => ({ outcome: smallOutcome(name, story), window }));
  return { scenario, budgets, complete: true, variants };
}

/** A budget of an error level on everything that has the tags. */
export function budget(
  name: string,
  tags: Budget["tags"],
  assert: string,
  aggregate: Budget["aggregate"],
  value: number,
): Budget {
  return {
    metric: name,
    name,
    tags,
    assert,
    aggregate,
    op: "<=",
    limit: { kind: "absolute", value },
    level: "error",
    confidence: 0.95,
    minEffect: 0.02,
    waiver: null,
    where: "budgets.yaml:1:1",
  };
}

/** Samples of one mode and role in a story that nobody waits in: one hold a duration, ns, above 0. */
export function holds(...durations: readonly number[]): string {
  let time = 0;
  const lock = "mm=qemu mode=R site=show_pid_map";
  return durations
    .map((ns) => {
      const from = time;
      time += ns;
      return `${from} reader start ${lock}\n${from} reader got ${lock}\n${time} reader released ${lock}`;
    })
    .join("\n");
}

/** The plain story with the queue: the writer and the reader join it at once. */
export const queuedStory = plainStory.replace(
  /^( *\d+ (?:mm_writer|proc_reader) +)start(.*)$/gm,
  "$&\n$1contention_begin$2",
);

/** A window of a story, as that of kvm-swap under plain. @param limit of events that are kept. */
export function storyWindow(story: string, from: number, to: number, limit = 1000): EventWindow {
  const recorder = new WindowRecorder(from, to, limit);
  feed(recorder, story);
  return recorder.window("kvm-swap", "plain", "1");
}
