/** The colours of a page, in a light and in a dark theme. Names say what a colour is for, never what it looks like. */

const names = [
  "ground",
  "panel",
  "ink",
  "muted",
  "rule",
  "link",
  "pass",
  "fail",
  "unsure",
  "variant-0",
  "variant-1",
  "variant-2",
  "variant-3",
  "variant-4",
  "variant-5",
  "reader",
  "writer",
  "io",
  "server",
  "cpu",
  "run-queue",
  "wake-up",
  "lock",
  "idle",
] as const;

type ColourName = (typeof names)[number];

/** A colour for each purpose, `#rrggbb`. */
export type Palette = Readonly<Record<ColourName, string>>;

/** Variants have Okabe and Ito's hues, told apart with any kind of colour vision; each theme has its own lightness. */
export const light: Palette = {
  ground: "#fffefb",
  panel: "#f5f4ef",
  ink: "#1c1f23",
  muted: "#5b6067",
  rule: "#d9d6cd",
  link: "#0a5a94",
  pass: "#0b6e4f",
  fail: "#b3261e",
  unsure: "#7a5600",
  "variant-0": "#c85200",
  "variant-1": "#0072b2",
  "variant-2": "#00855f",
  "variant-3": "#b0578c",
  "variant-4": "#a87400",
  "variant-5": "#2f82b5",
  reader: "#1f7a8c",
  writer: "#a4305e",
  io: "#8f8200",
  server: "#5d7a1f",
  cpu: "#66707c",
  "run-queue": "#b0503c",
  "wake-up": "#7a6fb3",
  lock: "#5a4a8a",
  idle: "#8a8d91",
};

export const dark: Palette = {
  ground: "#14171a",
  panel: "#1c2024",
  ink: "#dfe3e8",
  muted: "#9ba4ae",
  rule: "#343a41",
  link: "#7cc0f5",
  pass: "#56c596",
  fail: "#ff8a80",
  unsure: "#e5b94b",
  "variant-0": "#f0803c",
  "variant-1": "#4fa8e0",
  "variant-2": "#2fbf93",
  "variant-3": "#d98bb8",
  "variant-4": "#e0ab3a",
  "variant-5": "#8ecdf0",
  reader: "#4db3c4",
  writer: "#e0709b",
  io: "#d6c93a",
  server: "#9fbf5a",
  cpu: "#96a1ad",
  "run-queue": "#e08a72",
  "wake-up": "#a79be0",
  lock: "#b3a1e6",
  idle: "#74797f",
};

/** How a variant's line is drawn: told apart without colours too. */
export const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [10, 3, 2, 3], [4, 4], [1, 3]];

/** The variable of a variant's colour, `--variant-0`; there are six, then they come again. */
export function variantColour(variant: number): string {
  return `var(--variant-${variant % dashes.length})`;
}

/** Both palettes as CSS: the reader's system chooses, unless the page's switch says otherwise. Paper is light. */
export function paletteCss(): string {
  return [
    `:root{color-scheme:light;${variables(light)}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${variables(dark)}}}`,
    `@media screen{:root[data-theme=dark]{color-scheme:dark;${variables(dark)}}}`,
  ].join("\n");
}

function variables(palette: Palette): string {
  return names.map((name) => `--${name}:${palette[name]}`).join(";");
}
