import { expect, test } from "vitest";
import { pictureData, storyWindow } from "../../test/support/picture-data.ts";
import { plainStory } from "../../test/support/small-outcome.ts";
import { pictures, slopePicture } from "./charts.ts";

const data = pictureData(undefined, [], storyWindow(plainStory, 0, 9_000_000));
const names = [
  "hold",
  "wait",
  "tail-hold",
  "tail-wait",
  "percentiles-hold",
  "percentiles-wait",
  "plain.timeline",
  "unlocked.timeline",
];

test("a PNG is 1000 x 520 pixels, the same bytes each time", async () => {
  const [made, again] = [await pictures(data, "png"), await pictures(data, "png")];
  expect(made.map(({ name }) => name)).toEqual(names.map((name) => `${name}.png`));
  for (const [i, { bytes }] of made.entries()) {
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1000, 520]);
    expect(again[i]?.bytes.equals(bytes)).toBe(true);
  }
});

test("an SVG is 1000 x 520, the same bytes each time, and needs no font: its text is paths", async () => {
  const [made, again] = [await pictures(data, "svg"), await pictures(data, "svg")];
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

test("variants without a sample are drawn as words, without a window there is no timeline", async () => {
  const made = await pictures(pictureData({ plain: "" }), "png");
  expect(made.map(({ name }) => name)).toEqual(names.slice(0, 6).map((name) => `${name}.png`));
});

test("only the pictures that are asked for are made, and a window without a lock is one too", async () => {
  const quiet = pictureData({ plain: "" }, [], storyWindow("0 a sleep label=swap", 0, 10));
  expect((await pictures(quiet, "svg", ["timeline"])).map(({ name }) => name)).toEqual(["plain.timeline.svg"]);
});

test("a sweep is a picture too", async () => {
  const values = { "mmap_sem.wait{mode=R}:mean": 1000 };
  const row = {
    cell: { io: "1ms" },
    variant: "plain",
    seeds: 1,
    ending: "duration",
    at_least: [],
    half_widths: {},
    values,
  };
  const [column = ""] = Object.keys(values);
  const { name, bytes } = await slopePicture(
    { scenario: "s", path: "io", column, rows: [{ swept_ns: 1e6, row }] },
    "png",
  );
  expect([name, bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual(["slope.png", 1000, 520]);
});
