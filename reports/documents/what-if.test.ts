import { expect, test } from "vitest";
import { smallScenario } from "../../test/support/small-scenario.ts";
import { parseStatistic } from "../../sim/study/statistic.ts";
import { effectOf, interactionOf } from "../../sim/study/what-if.ts";
import { type WhatIfDocument, whatIfDocument } from "./what-if.ts";
import { whatIfText } from "../text/what-if-text.ts";

const ms = 1e6;
const today = [100 * ms, 120 * ms];
const a = [60 * ms, 70 * ms];
const b = [99 * ms, 121 * ms];
const both = [0, 0];
const order = {
  steps: [
    { site: "ivtv_udma_setup", converted: effectOf(today, a) },
    { site: "pvr2fb_write", converted: effectOf(today, both) },
  ],
  on_the_way: 175 * ms,
};

function document(changes: Partial<WhatIfDocument> = {}): WhatIfDocument {
  const faster_io = effectOf(today, today);
  return whatIfDocument(smallScenario({}), parseStatistic("mmap_sem.wait{mode=R}", "sum_rate"), {
    variant: "unlocked",
    seeds: ["1", "2"],
    speedup: 2,
    today: 110 * ms,
    sites: [
      { site: "pvr2fb_write", hold_io_ns: 30 * ms, converted: effectOf(today, b), faster_io },
      { site: "ivtv_udma_setup", hold_io_ns: 20 * ms, converted: effectOf(today, a), faster_io },
    ],
    pairs: [
      {
        sites: ["pvr2fb_write", "ivtv_udma_setup"],
        converted: effectOf(today, both),
        ...interactionOf(today, a, b, both),
      },
    ],
    order: { ...order, method: "best of all" },
    greedy: null,
    others: [{ site: "mem_rw", hold_io_ns: 5 * ms }],
    stopped: [],
    reproduce: "gupsim whatif made-up",
    ...changes,
  });
}

const text = (changes: Partial<WhatIfDocument> = {}): string => whatIfText(smallScenario({}), document(changes), 120);

test("the sites stand in the order of what converting them changes, not of how long they hold", () => {
  const { sites, objective } = document();
  expect(sites.map(({ site }) => site)).toEqual(["ivtv_udma_setup", "pvr2fb_write"]);
  expect(objective).toBe("mmap_sem.wait{mode=R}:sum_rate");
});

test("the first line says what to convert next, and by how much", () => {
  expect(text().split("\n")[0]).toBe(
    "unlocked: convert ivtv_udma_setup next (-40.9 %); of one alone, ivtv_udma_setup changes most: 110 ms/s -> 65.0 ms/s",
  );
});

test("a change that may be chance has no share, only its interval", () => {
  const rows = text().split("\n");
  const row = (site: string): string => rows.find((line) => line.startsWith(site)) as string;
  expect(row("ivtv_udma_setup")).toMatch(/65\.0 ms\/s +-45\.0 ms\/s \[-109 ms\/s, \+18\.5 ms\/s\] +~/);
  expect(row("pvr2fb_write")).toMatch(/30\.0 ms\/s +110 ms\/s +0 ns\/s/);
});

test("pairs say whether they give more or less than the sum, or that it is not known", () => {
  expect(text()).toContain("of 1 pair it cannot be said that they give more or less");
  const sure = interactionOf([10, 20], [10, 20], [9, 19], [2, 12]);
  const pairs = [{ sites: ["a", "b"] as const, converted: effectOf(today, both), ...sure }];
  expect(text({ pairs })).toMatch(/^a \+ b .* more than the sum$/m);
});

test("the order has what is left after each step, and the greedy one is told where it is another", () => {
  expect(text()).toMatch(/^1 +ivtv_udma_setup +65\.0 ms\/s/m);
  expect(text()).toContain("of all orders the one with the least on the way, 175 ms/s over its 3 states");
  expect(text()).not.toContain("would be another order");
  const greedy = { steps: [...order.steps].reverse(), on_the_way: 200 * ms };
  expect(text({ greedy }).replaceAll("\n  ", " ")).toContain(
    "taking at each step what lowers the objective most would be another order: pvr2fb_write, ivtv_udma_setup; 200 ms/s on the way instead of 175 ms/s",
  );
  expect(text({ order: { ...order, method: "greedy" } })).toContain("with more than 8 sites not every order");
});

test("sites without a new function, and runs that stopped, are named", () => {
  expect(text()).toContain("no new function to call, or call it already: mem_rw 5.00 ms/s");
  expect(text({ stopped: ["stopped: deadlock with seed 1 (converted: none)"] })).toContain("stopped: deadlock");
});

test("where no site can be converted that is all there is to say", () => {
  const none = text({ sites: [], pairs: [], order: { steps: [], on_the_way: 0, method: "best of all" } });
  expect(none.split("\n")[0]).toBe("unlocked: no site that can be converted holds the lock across IO");
  expect(none).not.toContain("the next conversions");
});
