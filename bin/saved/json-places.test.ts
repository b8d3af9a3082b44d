import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeOf, syntaxErrorPlace } from "./json-places.ts";

describe("the place of a value in a JSON text", () => {
  const text = `{
 "a": [1, {"b": "x\\"]"}],
 "c": {"d": null}
}`;

  test.each([
    [["a"], 2, 7],
    [["a", 0], 2, 8],
    [["a", 1, "b"], 2, 17],
    [["c", "d"], 3, 13],
  ])("of %j", (path, line, col) => {
    expect(placeOf(text, path)).toEqual({ line, col });
  });

  test("of one that is missing is that of what it is missing in", () => {
    expect(placeOf(text, ["c", "e"])).toEqual({ line: 3, col: 7 });
    expect(placeOf(text, ["z"])).toEqual({ line: 1, col: 1 });
  });
});

describe("the place where a text stops being JSON", () => {
  test.each([
    ['{\n "a": 1,\n "b" 2\n}', 3, 6],
    ['{\n "a": tru\n}', 2, 7],
    ['{\n "a": [1, 2', 2, 12],
    ["[1 2]", 1, 4],
    ['{"a": 1,}', 1, 9],
    ["{} {}", 1, 4],
    ["", 1, 1],
    ['["a\nb"]', 1, 2],
    ["[01]", 1, 2],
  ])("%j", (text, line, col) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(syntaxErrorPlace(text)).toEqual({ line, col });
  });

  test("of what JSON.parse takes is its end, however it is nested", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const lines = text.split("\n");
        expect(syntaxErrorPlace(text)).toEqual({ line: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 });
      }),
      { seed: 1 },
    );
  });
});
