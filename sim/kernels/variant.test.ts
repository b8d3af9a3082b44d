import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { axes, axisNames } from "./axes.ts";
import { gupPresets, presets } from "./presets.ts";
import { kernelOps, parseVariant } from "./variant.ts";

/** Each preset, and v3.17 with each value of each axis. */
const variants = [
  ...Object.keys(presets),
  ...axisNames.flatMap((axis) => Object.keys(axes[axis]).map((value) => `v3.17+${axis}=${value.replace(/:N$/, ":2")}`)),
].map(parseVariant);

test("every kernel has each function, and nobody can take one away", () => {
  const [first] = variants.map(kernelOps);
  for (const variant of variants) {
    const ops = kernelOps(variant);
    expect([variant.name, Object.keys(ops)]).toEqual([variant.name, Object.keys(first ?? {})]);
    expect([variant.name, Object.values(ops).includes(undefined)]).toEqual([variant.name, false]);
    expect(Object.isFrozen(ops)).toBe(true);
  }
});

test("all kernels have one hidden class with fast properties: a look-up of a function costs the same in each", () => {
  setFlagsFromString("--allow-natives-syntax");
  const isFast = new Function("x", "return %HasFastProperties(x)") as (x: unknown) => boolean;
  const haveSameMap = new Function("x", "y", "return %HaveSameMap(x, y)") as (x: unknown, y: unknown) => boolean;
  const [first, ...others] = variants.map(kernelOps);
  expect(isFast(first)).toBe(true);
  expect(others.filter((ops) => !haveSameMap(first, ops))).toEqual([]);
});

test("a single call is tried on the first kernel with each form of get_user_pages, and on the newest", () => {
  const forms = gupPresets.map((name) => parseVariant(name).axes.gup);
  expect(new Set(forms)).toEqual(new Set(Object.values(presets).map((preset) => preset.axes.gup)));
  expect(gupPresets.slice(0, 5)).toEqual(["plain", "rfc", "reviewed", "v4.0", "v5.4"]);
  expect(gupPresets.at(-1)).toBe("v6.18");
});
