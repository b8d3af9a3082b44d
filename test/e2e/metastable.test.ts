import { describe, expect, test } from "vitest";
import type { MetastableDocument } from "../../reports/text/experiments/metastable.ts";
import { gupsimAt } from "../support/gupsim.ts";

const metastable = async (...args: string[]): Promise<MetastableDocument> => {
  const { code, out } = await gupsimAt(100, ["metastable", ...args, "--format", "json"]);
  expect(code).toBe(0);
  return JSON.parse(out) as MetastableDocument;
};

describe("metastable", () => {
  test("retry-metastable: what the load began outlasts it under v4.0, and not under retry:forever", async () => {
    const { variants } = await metastable("retry-metastable", "--seeds", "4");
    const [merged, polite] = variants.map(({ pairs }) => Object.fromEntries(pairs.map((p) => [p.load, p.verdict])));
    expect(merged).toMatchObject({ 0.75: "metastable", 0.25: "no sign" });
    expect(Object.values(polite ?? {})).toEqual(["no sign", "no sign", "no sign", "no sign"]);
    const queues = variants[0]?.steps.filter(({ load }) => load === 0.75).map(({ queue }) => queue);
    expect(queues?.[0]).toBeLessThan(0.1);
    expect(queues?.[1]).toBeGreaterThan(12);
  });

  test("kvm-swap is slow under plain at every load, and no slower on the way down", async () => {
    const load = ["--task", "vcpus", "--steps", "1,4,1", "--each", "300ms"];
    const { variants, load: used } = await metastable("kvm-swap", ...load, "--seeds", "3", "--variants", "plain");
    expect(used).toEqual({ tasks: ["vcpus"], steps: [1, 4, 1], each_ns: 300_000_000 });
    expect(variants[0]?.pairs.map(({ verdict }) => verdict)).toEqual(["no sign"]);
    expect(variants[0]?.steps[0]?.queue).toBeGreaterThan(1);
  });

  test.each([
    [[], "kvm-swap has no load: give --task NAME --steps 1,2,4,2,1, or one in the scenario"],
    [["--steps", "1,2,1"], "a load needs both --task NAME and --steps 1,2,4,2,1"],
    [["--task", "vcpus", "--each", "1s"], "a load needs both --task NAME and --steps 1,2,4,2,1"],
    [["--task", "vcpus", "--steps", "1,0,1"], '--steps: expected numbers above 0, separated by commas, got "1,0,1"'],
    [["--task", "vcpus", "--steps", "1,,1"], '--steps: expected numbers above 0, separated by commas, got "1,,1"'],
    [
      ["--task", "vcpus", "--steps", "1,2,1", "--each", "soon"],
      '--each: expected a duration such as 500ms, got "soon"',
    ],
    [["--task", "vcpus", "--steps", "1,2,4"], "the load 1,2,4 has no step on both sides of the highest: 1,2,1 has"],
    [["--task", "vcpu", "--steps", "1,2,1"], 'load.tasks.0: no task "vcpu" (did you mean "vcpus"?)'],
    [
      ["--task", "vcpus", "--steps", "1,2,1", "--set", "duration=1s"],
      "load.steps: 3 steps of 500 ms are longer than the duration, 1000 ms",
    ],
  ])("refuses %j", async (args, message) => {
    const { code, out, err } = await gupsimAt(100, ["metastable", "kvm-swap", ...args]);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });
});
