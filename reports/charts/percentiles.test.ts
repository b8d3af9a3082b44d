import { expect, test } from "vitest";
import { linesOf, textsOf } from "../../test/support/chart-contents.ts";
import { budget, holds, pictureData } from "../../test/support/picture-data.ts";
import { percentileChart } from "./percentiles.ts";

test("a line of n samples ends at 1 - 1/n, with the largest", () => {
  const thousand = Array.from({ length: 1000 }, (_, i) => 1000 * (i + 1));
  const { data, options } = percentileChart(pictureData({ plain: holds(...thousand) }), "mmap_sem.hold");
  const line = data.datasets[0]?.data ?? [];
  expect(line[0]).toEqual({ x: 0, y: 3 });
  expect(line.at(-1)).toEqual({ x: 3, y: 6 });
  // p90 is 900 us: one in ten is longer. Points are at most a sixty-fourth of an octave apart.
  const p90 = line.findLast(({ x }) => x <= 1 + 1e-9);
  expect(Math.abs(10 ** (p90?.y ?? 0) / 900_000 - 1)).toBeLessThan(2 ** (1 / 64) - 1);
  const axis = options?.scales?.x as { min: number; max: number; ticks: { callback(value: number): string } };
  expect([axis.min, axis.max]).toEqual([0, 3]);
  expect([0, 1, 2, 3, 4].map((nines) => axis.ticks.callback(nines))).toEqual([
    "0 %",
    "90 %",
    "99 %",
    "99.9 %",
    "99.99 %",
  ]);
});

test("where samples are 0 the line rises from the axis at their share", () => {
  const { data } = percentileChart(pictureData(), "mmap_sem.wait");
  expect(data.datasets[0]?.data.map(({ x, y }) => [Number(x.toFixed(3)), Number(y?.toFixed(3))])).toEqual([
    [0.301, 6],
    [0.301, 6.902],
    [0.301, 6.903],
  ]);
});

test("a budget is a corner at its percentile, one on the maximum a line across", () => {
  const chart = percentileChart(
    pictureData({ plain: holds(10_000, 20_000) }, [
      budget(
        "mmap_sem.hold",
        { mode: "R", role: "reader" },
        "share(> 10us) <= 0.1%",
        { kind: "share", above_ns: 10_000 },
        0.001,
      ),
      budget("mmap_sem.hold", { mode: "R" }, "max <= 1ms", { kind: "max" }, 1_000_000),
    ]),
    "mmap_sem.hold",
  );
  expect(linesOf(chart).map((line) => line.replace(/,6\.\d+/, ",top"))).toEqual([
    "yR 0,4 3,4",
    "yR 3,4 3,top",
    "yR 0,6 3,6",
  ]);
  expect(textsOf(chart)).toEqual([
    "yR: share(> 10us) <= 0.1% (role=reader)",
    "yR: max <= 1ms",
    "yW: no writer took the lock",
  ]);
});
