import { describe, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { replicateOnce } from "../../sim/study/replication.ts";
import { Progress } from "./progress.ts";
import { everyInterval, type Streams } from "./streams.ts";

describe("progress", () => {
  const { scenario } = loadScenario("kvm-swap", ["duration=50ms"]);
  const streams = (said: string[]): Streams => ({
    out: () => {},
    err: () => {},
    progress: (text) => said.push(text),
    columns: 80,
    quiet: false,
    strong: (text) => text,
    paint: (_meaning, text) => text,
  });

  test("tells how many replications are done, from three on the interval and of which variant, and how long the rest will take by those that were run", () => {
    const said: string[] = [];
    let now = 1000;
    const variant = parseVariant("plain");
    const cell = { measure: "replication", scenario, variant, seed: "1", from_ns: 0 } as const;
    const [resumed, ...others] = ["1", "2", "3", "4"].map((seed) => replicateOnce(scenario, variant, seed));
    const cells = ["1", "2", "3", "4"].map((seed) => ({ ...cell, seed }));
    const progress = new Progress(streams(said), cells, () => now);
    progress.resume(cell, resumed);
    for (const replication of others) {
      now += 3000;
      progress.finish(cell, replication);
    }
    expect(said).toHaveLength(2);
    expect(said[0]).toBe("2 of 4 replications, about 6 s left");
    expect(said[1]).toMatch(/^3 of 4 replications, mean wait-R of plain ±\d+\.\d %, about 3 s left$/);
  });

  test("counts pairs where two variants are compared, and tells the interval of the first of them alone", () => {
    const said: string[] = [];
    const variants = ["plain", "unlocked"].map(parseVariant);
    const cells = ["1", "2", "3", "4"].flatMap((seed) =>
      variants.map((variant) => ({ measure: "replication", scenario, variant, seed, from_ns: 0 }) as const),
    );
    const progress = new Progress(streams(said), cells, () => 0);
    for (const cell of cells) progress.finish(cell, replicateOnce(scenario, cell.variant, cell.seed));
    expect(said.map((text) => text.replace(/ ±.*/, " ±").replace(/, about.*/, ""))).toEqual([
      "1 of 8 replications (0 of 4 pairs)",
      "2 of 8 replications (1 of 4 pairs)",
      "3 of 8 replications (1 of 4 pairs)",
      "4 of 8 replications (2 of 4 pairs)",
      "5 of 8 replications (2 of 4 pairs), mean wait-R of plain ±",
      "6 of 8 replications (3 of 4 pairs), mean wait-R of plain ±",
      "7 of 8 replications (3 of 4 pairs), mean wait-R of plain ±",
    ]);
  });

  test("is a line every ten seconds where there is no terminal, none in the first ten", () => {
    const lines: string[] = [];
    let now = 0;
    const progress = everyInterval(
      (line) => lines.push(line),
      () => now,
    );
    for (now = 0; now <= 25_000; now += 1000) progress(`after ${now} ms`);
    progress("");
    expect(lines).toEqual(["after 10000 ms\n", "after 20000 ms\n"]);
  });
});
