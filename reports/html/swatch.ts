import { type Html, html } from "./escape.ts";
import { dashes, variantColour } from "./theme.ts";

/** A short piece of a variant's line, in its colour and with its dashes, to stand before its name. */
export function swatch(variant: number): Html {
  return html`<i class="swatch v${variant % dashes.length}"></i>`;
}

/** The style of the swatches. */
export function swatchCss(): string {
  return dashes.map((dash, i) => `.v${i}{background:${line(dash, variantColour(i))}}`).join("\n");
}

function line(dash: readonly number[], colour: string): string {
  if (dash.length === 0) return colour;
  let at = 0;
  const stops = dash.map((length, i) => {
    const stop = `${i % 2 === 0 ? colour : "transparent"} ${at}px ${at + length}px`;
    at += length;
    return stop;
  });
  return `repeating-linear-gradient(90deg,${stops.join(",")})`;
}
