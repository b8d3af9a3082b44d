import { expect, test } from "vitest";
import { loadScenario } from "../../../scenarios/load.ts";
import { parseVariant } from "../../kernels/variant.ts";
import { replicateOnce } from "../../study/replication.ts";
import { measuringKinds } from "../measuring.ts";
import { parseMetricKey } from "./metrics.ts";
import { metricVocabulary } from "./vocabulary.ts";

test.each(["kvm-swap", "proc-readers", "real-v2-procmem", "userfault-wake-order"])(
  "all that a replication of %s gives is declared, with its tags and as what it is",
  (name) => {
    const { scenario } = loadScenario(name, ["duration=40ms"]);
    for (const variant of ["plain", "v6.18"]) {
      const { histograms, totals, counts } = replicateOnce(scenario, parseVariant(variant), "1").metrics;
      for (const [kind, map] of [
        ["duration", histograms],
        ["total", totals],
        ["count", counts],
      ] as const) {
        for (const key of map.keys()) {
          const { name: metric, tags } = parseMetricKey(key);
          const declared = metricVocabulary[metric];
          expect([key, declared?.kind]).toEqual([key, kind]);
          expect([key, Object.keys(tags).filter((tag) => !declared?.tags.includes(tag))]).toEqual([key, []]);
        }
      }
    }
  },
);

test("no two listeners declare the same metric", () => {
  const names = measuringKinds.flatMap(({ gives }) => Object.keys(gives));
  expect(names.length).toBe(new Set(names).size);
});
