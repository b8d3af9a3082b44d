import type { Scenario } from "../../sim/scenario.ts";
import { formatDuration } from "../words/format-duration.ts";
import { type Html, html } from "./escape.ts";

/** The resolved scenario as a tree that can be folded; costs have a table of their own. */
export function scenarioSection(scenario: Scenario): Html {
  const { costs: _costs, measured, ...rest } = scenario;
  const shown = measured === null ? rest : { ...rest, measured };
  return html`<section id="scenario" aria-labelledby="scenario-title">
<h2 id="scenario-title">Resolved scenario</h2>
<p class="note">Every value as the simulator had it, defaults included. Fields that end in _ns are ns; pages are of 4 KiB. <code>gupsim describe ${scenario.name}</code> says where each comes from.</p>
<div class="tree">${inside(shown, true)}</div>
</section>`;
}

/** What an object holds: its plain values in a line, then what holds more. */
function inside(value: object, isOpen: boolean): Html {
  const entries = Object.entries(value);
  const plain = entries.filter(([, one]) => isPlain(one));
  const line = plain.map(([name, one]) => html`<span>${name} <code>${text(name, one)}</code></span> `);
  return html`${plain.length > 0 ? html`<p>${line}</p>` : null}${entries.filter(([, one]) => !isPlain(one)).map(([name, one]) => branch(name, one, isOpen))}`;
}

function branch(key: string, value: unknown, isOpen: boolean): Html {
  if (typeof value !== "object" || value === null) return html`<p><b>${key}</b> <code>${text(key, value)}</code></p>`;
  if (Object.values(value).every(isPlain)) return html`<div><b>${key}</b> ${inside(value, isOpen)}</div>`;
  return html`<details${isOpen ? html` open` : null}><summary><b>${key}</b> <small>${Object.keys(value).length}</small></summary>${inside(value, isOpen)}</details>`;
}

/** True for what has no parts, and for lists of such. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one !== "object" || one === null);
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

function text(key: string, value: unknown): string {
  if (typeof value === "number" && key.endsWith("_ns")) return `${value} (${formatDuration(value)})`;
  if (Array.isArray(value)) return value.length === 0 ? "none" : bounded(value.map(String));
  if (value === null || typeof value === "object") return "none";
  return String(value);
}

/** Long lists, as of the bins of a measured distribution, by their ends. */
function bounded(values: readonly string[]): string {
  if (values.length <= 24) return values.join(", ");
  return `${values.slice(0, 8).join(", ")}, … ${values.length - 12} more …, ${values.slice(-4).join(", ")}`;
}
