import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { replicateOnce } from "../../sim/study/replication.ts";
import { Journal, journalName, type StudyHead } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { scenario } = loadScenario("kvm-swap", ["duration=10ms"]);
const seeds = ["1", "2", "3"];
const study: StudyHead = { scenario, budgets: [], variants: ["plain"], seeds, from_ns: 0, reproduce: "gupsim" };
const [one, two, three] = seeds.map((seed) => replicateOnce(scenario, parseVariant("plain"), seed));

test("what is added after a torn line is found the next time, and so is what came before", () => {
  new Journal(folder, study).add(one as NonNullable<typeof one>);
  appendFileSync(join(folder, journalName), '{"type":"replication","key":"');
  const resumed = new Journal(folder, study);
  expect([resumed.find("plain", "1")?.seed, resumed.strangers]).toEqual(["1", 1]);
  resumed.add(two as NonNullable<typeof two>);
  resumed.add(three as NonNullable<typeof three>);
  const again = new Journal(folder, study);
  expect(seeds.map((seed) => again.find("plain", seed)?.seed)).toEqual(seeds);
  expect(again.strangers).toBe(1);
});

test("replications of another scenario, or with another warm-up, are strangers", () => {
  expect(new Journal(folder, { ...study, from_ns: 5 }).strangers).toBe(4);
  const other = new Journal(folder, { ...study, scenario: { ...scenario, duration_ns: 1 } });
  expect([other.strangers, other.find("plain", "1")]).toEqual([4, null]);
});
