import { expect, test } from "vitest";
import { pictureData } from "../test/picture-data.ts";
import { pictures } from "./charts.ts";

const charts = ["hold", "wait", "tail", "percentiles"] as const;
const names = ["hold", "wait", "tail-hold", "tail-wait", "percentiles-hold", "percentiles-wait"];

test("a PNG is 1000 x 520 pixels, the same bytes each time", async () => {
  const [made, again] = [await pictures(pictureData(), "png", charts), await pictures(pictureData(), "png", charts)];
  expect(made.map(({ name }) => name)).toEqual(names.map((name) => `${name}.png`));
  for (const [i, { bytes }] of made.entries()) {
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1000, 520]);
    expect(again[i]?.bytes.equals(bytes)).toBe(true);
  }
});

test("an SVG is 1000 x 520, the same bytes each time, and needs no font: its text is paths", async () => {
  const [made, again] = [await pictures(pictureData(), "svg", charts), await pictures(pictureData(), "svg", charts)];
  expect(made.map(({ name }) => name)).toEqual(names.map((name) => `${name}.svg`));
  for (const [i, { bytes }] of made.entries()) {
    const text = bytes.toString();
    expect(text).toMatch(/<svg [^>]*width="1000" height="520"/);
    expect(text).not.toContain("<text");
    // A text is one filled path, long because of its letters' outlines. An axis alone has three.
    expect(text.match(/<path fill="#222"[^>]* d="[^"]{250,}/g)?.length).toBeGreaterThan(10);
    expect(again[i]?.bytes.equals(bytes)).toBe(true);
  }
});

test("variants without a sample are drawn as words", async () => {
  await expect(pictures(pictureData({ plain: "" }), "png", charts)).resolves.toHaveLength(6);
});
