import { expect, test } from "vitest";
import { change, percent } from "./shares.ts";
import { list } from "./sentences.ts";

test("a share has three significant digits", () => {
  expect([percent(0.97812), percent(1), percent(0)]).toEqual(["97.8 %", "100 %", "0 %"]);
});

test("a ratio is told as a change, and what is left never rounds to nothing", () => {
  expect([change(0.129), change(1.5), change(1)]).toEqual(["-87.1 %", "+50.0 %", "0 %"]);
  expect([change(0.00001), change(0), change(null)]).toEqual(["-99.9 %", "-100 %", "-"]);
});

test("the last of several names is joined by and", () => {
  expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
});
