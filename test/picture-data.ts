import type { PictureData } from "../reports/charts/panels.ts";
import { loadScenario } from "../scenarios/load.ts";
import type { EventWindow } from "../sim/measure/window.ts";
import type { Budget } from "../sim/study/budget.ts";
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
