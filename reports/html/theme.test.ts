import { describe, expect, it } from "vitest";
import { dark, light, type Palette, paletteCss } from "./theme.ts";

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** So much of `a` over `b`. */
function mixed(a: string, b: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [x, y] = [a, b].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(share * x + (1 - share) * y)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

const texts = ["ink", "muted", "link", "pass", "fail", "unsure"] as const;
const notGraphics: ReadonlySet<string> = new Set(["ground", "panel", "rule", ...texts]);

it("computes the contrast that the standard gives for black on white and for its example grey", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

describe.each([
  ["light", light],
  ["dark", dark],
] as const)("in the %s theme", (_name, palette: Palette) => {
  it.each(texts)("%s is readable as text, 4.5 to 1, on the page and on a panel", (name) => {
    expect(contrast(palette[name], palette.ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette[name], palette.panel)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.keys(light).filter((name) => !notGraphics.has(name)))("%s is seen as a shape, 3 to 1", (name) => {
    const colour = palette[name as keyof Palette];
    expect(contrast(colour, palette.ground)).toBeGreaterThanOrEqual(3);
    expect(contrast(colour, palette.panel)).toBeGreaterThanOrEqual(3);
  });

  it.each(["reader", "writer"] as const)("the names of holds are readable on the colour of a %s", (name) => {
    expect(contrast(palette.ground, palette[name])).toBeGreaterThanOrEqual(4.5);
  });

  it("figures are readable on the strongest tint of the victims' table", () => {
    expect(contrast(palette.ink, mixed(palette.io, palette.ground, 0.45))).toBeGreaterThanOrEqual(4.5);
  });
});

it("gives every colour to both themes, whether the system or the switch chooses, and light paper to print on", () => {
  const css = paletteCss();
  expect(css.match(/--ink:#dfe3e8/g)).toHaveLength(2);
  expect(css.match(/--ink:#1c1f23/g)).toHaveLength(1);
  for (const line of css.split("\n")) if (line.includes("--ink:#dfe3e8")) expect(line).toMatch(/^@media screen/);
});
