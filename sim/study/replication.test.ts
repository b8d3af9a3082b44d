import { expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../kernels/variant.ts";
import { fromJson, replicateOnce, toJson } from "./replication.ts";

test("a replication survives the border of a thread: as JSON and back it has the same metrics", () => {
  const { scenario } = loadScenario("kvm-swap", ["duration=50ms"]);
  const before = replicateOnce(scenario, parseVariant("plain"), "1");
  const after = fromJson(JSON.parse(JSON.stringify(toJson(before))));
  expect([...after.metrics.histograms.keys()]).toEqual([...before.metrics.histograms.keys()]);
  for (const [key, histogram] of before.metrics.histograms) {
    expect([key, after.metrics.histograms.get(key)?.equals(histogram)]).toEqual([key, true]);
  }
  expect(after.metrics.counts).toEqual(before.metrics.counts);
});
