import { describe, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { each, seedsOf } from "../../sim/study/plan/plan.ts";
import type { Streams } from "../cli/streams.ts";
import { carryOut } from "./carry-out.ts";
import { ModelBug } from "./model-bug.ts";
import { withWorkers } from "./workers.ts";

const streams: Streams = {
  out: () => {},
  err: () => {},
  progress: () => {},
  columns: 80,
  quiet: true,
  strong: (text) => text,
  paint: (_meaning, text) => text,
};
const { scenario } = loadScenario("kvm-swap", ["duration=10ms"]);
const variant = parseVariant("plain");
const asked = () => ({ scenario: "kvm-swap", set: ["duration=10ms"] });

describe.each([1, 2])("on %i threads", (threads) => {
  test("a plan that asks twice gets what it asked for, in the order of its seeds", async () => {
    const seeds = ["3", "1", "2"];
    const answer = await withWorkers(threads, (workers) =>
      carryOut(
        (function* () {
          const group = seedsOf("replication", { scenario, variant }, seeds, (all) => all.map(({ seed }) => seed));
          return [...(yield* each([group])), ...(yield* each([group, group]))];
        })(),
        { workers, journal: null, streams, asked },
      ),
    );
    expect(answer).toEqual([seeds, seeds, seeds]);
  });

  test("a run that breaks a promise of the model says which run it was, when, and how to see that moment", async () => {
    // The loader would not let it pass: its memory is on a device that is not there.
    const broken = { ...scenario, devices: {} };
    const plan = each([seedsOf("replication", { scenario: broken, variant }, ["7"], () => null)]);
    const bug = await withWorkers(threads, (workers) =>
      carryOut(plan, { workers, journal: null, streams, asked }),
    ).catch((error: unknown) => error);
    expect(bug).toBeInstanceOf(ModelBug);
    const { message, replay, stack } = bug as ModelBug;
    expect(message).toBe("scenario kvm-swap, variant plain, seed 7, at 0 ns");
    expect(stack).toContain("the scenario names swapdev, which it does not have");
    expect(replay).toBe(
      "gupsim run kvm-swap --variants plain --seed 7 --set duration=10ms --events --from 0ns --invariants --warmup 0 --no-out",
    );
  });
});

test("the moment of a bug is shown from a millisecond before it", () => {
  const at = { time: 5_250_000, task: "vcpus-3" };
  const bug = new ModelBug({ scenario, variant, seed: "7" }, { message: "", stack: "", at }, asked());
  expect([bug.message, bug.replay.includes("--from 4250000ns")]).toEqual([
    "scenario kvm-swap, variant plain, seed 7, at 5250000 ns, task vcpus-3",
    true,
  ]);
});
