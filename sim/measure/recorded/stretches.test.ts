import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { mergeMetrics } from "../metrics/metrics.ts";
import { Stretches } from "./stretches.ts";

/** One hold of 1 us in every ms. */
function recorded(ms: number): Stretches {
  const stretches = new Stretches();
  const lines = Array.from({ length: ms }, (_, i) => {
    const at = i * 1_000_000;
    return `${at} a start mm=m mode=R\n${at} a got mm=m mode=R\n${at + 1000} a released mm=m mode=R`;
  });
  feed(stretches, lines.join("\n"));
  return stretches;
}

const holds = (ms: number): number[] =>
  recorded(ms)
    .all(mergeMetrics, ms * 1_000_000)
    .map(({ metrics }) => metrics.histograms.get("mmap_sem.hold{mode=R}")?.count ?? 0);

test("a short recording has a stretch every 10 ms", () => {
  expect(holds(35)).toEqual([10, 10, 10, 5]);
});

test("a longer one has ten to twenty, however long it is, and no hold is lost", () => {
  for (const ms of [200, 210, 777, 3000]) {
    const all = holds(ms);
    expect(all.length).toBeGreaterThanOrEqual(10);
    expect(all.length).toBeLessThanOrEqual(20);
    expect(all.reduce((sum, n) => sum + n, 0)).toBe(ms);
    // All but the last are equally long.
    expect(new Set(all.slice(0, -1)).size).toBe(1);
  }
});
