import { expect, test } from "vitest";
import { smallScenario } from "../../../test/support/small-scenario.ts";
import type { SweptVariant } from "../../../sim/study/plan/load-sweep.ts";
import { type MetastableDocument, metastableText } from "./metastable.ts";

const step = (load: number, queue: number) => ({
  load,
  from_ns: 0,
  to_ns: 1,
  operations: 100 * load,
  queue,
  reader_wait: queue * 1000,
  writer_wait: null,
});
const ratio = { point: 70, low: 50, high: 90, n: 10, method: "t" } as const;
const bad: SweptVariant = {
  variant: "v4.0",
  ending: "duration",
  findings: [],
  steps: [step(1, 0.00012), step(2, 0.02), step(8, 40), step(4, 30), step(2, 7), step(1, 0.0001)],
  pairs: [
    { load: 1, up: 0, down: 5, ratio: { ...ratio, point: 1, low: 0.9, high: 1.1 }, verdict: "no sign" },
    { load: 2, up: 1, down: 4, ratio, verdict: "metastable" },
  ],
};

function text(one: SweptVariant, seeds = ["1", "2"]): string {
  const load = { tasks: ["debugger"], steps: [1, 2, 8, 4, 2, 1], each_ns: 1 };
  const document: MetastableDocument = {
    schema: "gupsim/metastable/v1",
    scenario: "small",
    load,
    seeds,
    variants: [one],
  };
  return metastableText(smallScenario({}), document, 140);
}

test("a state that stays is told with both queues, and the load at which there is no sign of it", () => {
  expect(text(bad).replaceAll("\n  ", " ")).toContain(
    "v4.0: metastable at load 2: what the higher load began goes on without it. At load 2 less than 0.1 tasks wait on the way up and 7.00 on the way down; no sign of it at load 1",
  );
});

test("both ways stand side by side, and a step that is on one way alone has no other", () => {
  const lines = text(bad).split("\n");
  const row = (load: number): string => lines.find((line) => line.trimStart().startsWith(`${load} `)) as string;
  expect(row(2)).toMatch(/2 +0\.020 +7\.00 .* x 70\.0 \[50\.0, 90\.0\] +metastable$/);
  expect(row(8)).toMatch(/8 +40\.0 +- /);
  expect(row(4)).toMatch(/4 +- +30\.0 /);
});

test("nothing is claimed where the ways agree, or of one seed", () => {
  const calm: SweptVariant = { ...bad, pairs: bad.pairs.slice(0, 1) };
  expect(text(calm)).toContain("v4.0: no sign of a metastable state: with 2 seeds it can be said of no load");
  expect(text(bad, ["1"])).toContain("v4.0: one seed says nothing of a metastable state");
});

test("a run that stopped says so", () => {
  const dead: SweptVariant = { ...bad, ending: "deadlock", findings: ["seed 1: at 5 ns: a waits for b"] };
  expect(text(dead)).toContain("ending: deadlock\nseed 1: at 5 ns: a waits for b");
});
