import { expect, test } from "vitest";
import { elasticity, slopeChart } from "./slope.ts";

const column = "mmap_sem.wait{mode=R}:mean";

function row(swept_ns: number, variant: string, value: number | null) {
  return {
    swept_ns,
    row: {
      cell: { io: `${swept_ns}ns` },
      variant,
      seeds: 3,
      ending: "duration",
      at_least: [],
      half_widths: {},
      values: { [column]: value },
    },
  };
}

test("elasticity is the exponent of a power law, and none with one x", () => {
  const power = [1, 2, 4, 8].map((x) => ({ swept_ns: 1e6 * x, ns: 50 * x ** 1.5 }));
  expect(elasticity(power)).toBeCloseTo(1.5, 12);
  expect(elasticity(power.map(({ swept_ns }) => ({ swept_ns, ns: 7 })))).toBeCloseTo(0, 12);
  expect(elasticity([{ swept_ns: 5, ns: 7 }])).toBeNull();
  expect(elasticity([])).toBeNull();
});

test("each variant is a line over what was swept, its elasticity in the legend; zeros and gaps are told in words", () => {
  const rows = [
    row(4e6, "plain", 2e6),
    row(2e6, "plain", 1e6),
    row(2e6, "unlocked", 0),
    row(4e6, "unlocked", 0),
    row(2e6, "rfc", 3e3),
    row(4e6, "rfc", null),
  ];
  const { data, options } = slopeChart({ scenario: "s", path: "io", column, rows });
  expect(data.datasets.map(({ label, data: points }) => [label, points])).toEqual([
    ["plain", [2, 4].map((ms) => ({ x: Math.log10(ms * 1e6), y: Math.log10(ms * 5e5) }))],
    ["unlocked", []],
    ["rfc", [{ x: Math.log10(2e6), y: Math.log10(3e3) }]],
  ]);
  const legend = options?.plugins?.legend?.labels?.generateLabels?.({} as never);
  expect(legend?.map(({ text }) => text)).toEqual(["plain: elasticity 1.00", "unlocked: 0 throughout", "rfc"]);
  expect(options?.plugins?.subtitle?.text).toEqual([
    "unlocked is 0 at 2 ms, 4 ms; rfc has no sample at 4 ms",
    "elasticity: the slope of a least-squares line through the logarithms; gupsim, scenario s, 3 seeds a point",
  ]);
});
