import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import type { Cell } from "../../sim/study/plan/cell.ts";
import { runCell } from "../../sim/study/plan/measurements.ts";
import { Journal, journalName, ongoingStudy, type StudyHead } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { scenario } = loadScenario("kvm-swap", ["duration=10ms"]);
const seeds = ["1", "2", "3"];
const study: StudyHead = { scenario, budgets: [], variants: ["plain"], seeds, from_ns: 0, reproduce: "gupsim" };
const [one, two, three] = seeds.map((seed): Cell<"replication"> => {
  return { measure: "replication", scenario, variant: parseVariant("plain"), seed, from_ns: 0 };
}) as [Cell<"replication">, Cell<"replication">, Cell<"replication">];
const journalOf = (of: StudyHead): Journal => new Journal(folder, [of], of);

test("what is added after a torn line is found the next time, and so is what came before", () => {
  journalOf(study).add(one, runCell(one));
  appendFileSync(join(folder, journalName), '{"type":"cell","id":"');
  const resumed = journalOf(study);
  expect([resumed.find(one)?.seed, resumed.strangers]).toEqual(["1", 1]);
  resumed.add(two, runCell(two));
  resumed.add(three, runCell(three));
  const again = journalOf(study);
  expect([one, two, three].map((cell) => again.find(cell)?.seed)).toEqual(seeds);
  expect(again.strangers).toBe(1);
});

test("cells of another scenario, or with another warm-up, are strangers", () => {
  expect(journalOf({ ...study, from_ns: 5 }).strangers).toBe(4);
  const other = { ...scenario, duration_ns: 1 };
  const ofOther = journalOf({ ...study, scenario: other });
  expect([ofOther.strangers, ofOther.find({ ...one, scenario: other })]).toEqual([4, null]);
});

test("a cell that was measured in another way is not the same cell", () => {
  expect(journalOf(study).find({ ...one, measure: "hold-ends" })).toBeNull();
});

test("a line that was damaged is none: its replication is done again, and the others are kept", () => {
  const path = join(folder, journalName);
  const whole = readFileSync(path, "utf8");
  const [, ...lines] = whole.split("\n").filter((line) => line.includes(`"seed":"1"`) || line.includes(`"seed":"2"`));
  const head = whole.split("\n")[0] as string;
  const damages: readonly ((line: string) => string)[] = [
    (line) => line.slice(0, -20),
    (line) => line.replace(/"ending":"[a-z-]+"/, '"ending":"no"'),
    (line) => line.replace(/"simulated_ns":\d+/, '"simulated_ns":null'),
    (line) => line.replace(/"buckets":\[\d+,\d+/, '"buckets":[9e12,1'),
    (line) => line.replace(/"buckets":\[(\d+),\d+/, '"buckets":[$1,77777'),
    (line) => line.replace(/"sum":\d+/, '"sum":"x"'),
    (line) => line.replace('"mmap_sem.hold{', '"{'),
  ];
  for (const damage of damages) {
    const [first = "", ...others] = [whole.split("\n").find((line) => line.includes(`"seed":"1"`)) as string, ...lines];
    expect(damage(first)).not.toBe(first);
    writeFileSync(path, [head, damage(first), ...others, ""].join("\n"));
    const again = journalOf(study);
    expect([again.find(one), again.find(two)?.seed, again.strangers]).toEqual([null, "2", 1]);
    const ongoing = ongoingStudy(folder);
    expect([ongoing?.done.flat().map(({ seed }) => seed), ongoing?.damaged]).toEqual([["2"], 1]);
  }
});
