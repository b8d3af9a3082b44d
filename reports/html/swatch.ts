import { type Html, html } from "./escape.ts";
import { dashes, variantColour } from "./theme.ts";

/** A short piece of a variant's line, in its colour and with its dashes, to stand before its name. */
export function swatch(variant: number): Html {
  const dash = dashes[variant % dashes.length] ?? [];
  return html`<svg class="swatch" width="22" height="8" viewBox="0 0 22 8" aria-hidden="true"><path d="M0 4H22" stroke="${variantColour(variant)}" stroke-width="3" stroke-dasharray="${dash.join(" ")}"/></svg>`;
}
