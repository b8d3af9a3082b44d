import { expect, test } from "vitest";
import { linesOf, textsOf } from "../../test/support/chart-contents.ts";
import { budget, holds, pictureData } from "../../test/support/picture-data.ts";
import { histogramChart } from "./histogram.ts";

test("readers and writers have panels, each variant a colour and a dash, and its n in the caption", () => {
  const { data: drawn, options } = histogramChart(pictureData(), "mmap_sem.wait");
  expect(drawn.datasets.map(({ label, yAxisID }) => [label, yAxisID])).toEqual([
    ["plain", "yR"],
    ["unlocked", "yR"],
    ["plain", "yW"],
    ["unlocked", "yW"],
  ]);
  const looks = drawn.datasets.slice(0, 2).map(({ borderColor, borderDash }) => `${borderColor} ${borderDash}`);
  expect(new Set(looks).size).toBe(2);
  expect(options?.plugins?.title?.text).toBe("kvm-swap: mmap_sem waittime, histogram");
  expect(options?.plugins?.subtitle?.text).toEqual([
    "-R: plain n = 2 (50.0 % at 0); unlocked n = 2 (100 % at 0)",
    "-W: plain n = 1; unlocked n = 1 (100 % at 0)",
    "% of all samples in bins of a quarter octave; gupsim, scenario kvm-swap, seeds 1, 2",
  ]);
  // The reader that waited 7.99 ms: one bar of 50 %, up from the axis and down to it.
  expect(drawn.datasets[0]?.data.map(({ y }) => y)).toEqual([1 / 10, 50, 50, 1 / 10]);
});

test("a budget on a duration is a line in the panel of its mode, with its assertion and what narrows it", () => {
  const p99 = { kind: "percentile", p: 99 } as const;
  const chart = histogramChart(
    pictureData(undefined, [
      budget("mmap_sem.wait", { mode: "R", role: "proc_reader" }, "p99 <= 1ms", p99, 1_000_000),
      budget("mmap_sem.wait", {}, "max <= 100ms", { kind: "max" }, 100_000_000),
      budget("mmap_sem.hold", { mode: "R" }, "p99 <= 1us", p99, 1000),
      budget("mmap_sem.wait", { mode: "R" }, "share(> 1ms) <= 1%", { kind: "share", above_ns: 1_000_000 }, 0.01),
      budget("mmap_sem.wait", { mode: "R" }, "count <= 10", { kind: "count" }, 10),
    ]),
    "mmap_sem.wait",
  );
  expect(textsOf(chart)).toEqual(["yR: p99 <= 1ms (role=proc_reader)", "yR: max <= 100ms", "yW: max <= 100ms"]);
  expect(linesOf(chart).map((line) => line.replaceAll(/,\S+/g, ""))).toEqual(["yR 6 6", "yR 8 8", "yW 8 8"]);
  // The axis reaches as far as the budgets.
  expect(chart.options?.scales?.x).toMatchObject({ min: 6, max: 8 });
});

test("budgets that are off or relative to a baseline are no lines", () => {
  const one = budget("mmap_sem.hold", { mode: "R" }, "max <= 1ms", { kind: "max" }, 1_000_000);
  const relative = { ...one, assert: "max <= baseline * 1.1", limit: { kind: "baseline", factor: 1.1 } } as const;
  expect(
    textsOf(histogramChart(pictureData({ plain: holds(5) }, [{ ...one, level: "off" }, relative]), "mmap_sem.hold")),
  ).toEqual(["yW: no writer took the lock"]);
});

test("a panel without a line says why", () => {
  expect(textsOf(histogramChart(pictureData({ plain: "" }), "mmap_sem.hold"))).toEqual([
    "yR: no reader took the lock",
    "yW: no writer took the lock",
  ]);
  expect(textsOf(histogramChart(pictureData({ plain: holds(5, 7) }), "mmap_sem.wait"))).toEqual([
    "yR: no reader waited: all times are 0",
    "yW: no writer took the lock",
  ]);
});

test("an interrupted study says so", () => {
  const { options } = histogramChart({ ...pictureData({ plain: holds(5) }), complete: false }, "mmap_sem.hold");
  expect(options?.plugins?.subtitle?.text).toContain(
    "% of all samples in bins of a quarter octave; gupsim, scenario kvm-swap, seeds 1, 2, interrupted: some are missing",
  );
});
