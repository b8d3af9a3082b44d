import type { Scenario } from "../../sim/scenario.ts";
import { formatDuration } from "../format-duration.ts";
import { type Html, html } from "./escape.ts";

/** The resolved scenario as a tree that can be folded; costs have a table of their own. */
export function scenarioSection(scenario: Scenario): Html {
  const { costs: _costs, measured, ...rest } = scenario;
  const shown = measured === null ? rest : { ...rest, measured };
  return html`<section id="scenario" aria-labelledby="scenario-title">
<h2 id="scenario-title">Resolved scenario</h2>
<p class="note">Every value as the simulator had it, defaults included. Fields that end in _ns are ns; pages are of 4 KiB. <code>gupsim describe ${scenario.name}</code> says where each comes from.</p>
<div class="tree">${Object.entries(shown).map(([key, value]) => branch(key, value, key === "tasks" || key === "devices"))}</div>
</section>`;
}

function branch(key: string, value: unknown, isOpen: boolean): Html {
  if (typeof value !== "object" || value === null) return leaf(key, value);
  const entries = Object.entries(value);
  if (entries.length === 0) return leaf(key, Array.isArray(value) ? "none" : "empty");
  if (entries.every(([, one]) => typeof one !== "object" || one === null)) return flat(key, value);
  return html`<details${isOpen ? html` open` : null}><summary><b>${key}</b> <small>${entries.length}</small></summary>${entries.map(([name, one]) => branch(name, one, isOpen))}</details>`;
}

/** Plain values stand in one line. */
function flat(key: string, value: object): Html {
  if (Array.isArray(value)) return html`<p><b>${key}</b> ${bounded(value.map(String))}</p>`;
  const parts = Object.entries(value).map(([name, one]) => html`<span>${name} <code>${text(name, one)}</code></span>`);
  return html`<p><b>${key}</b> ${parts}</p>`;
}

function leaf(key: string, value: unknown): Html {
  return html`<p><b>${key}</b> <code>${text(key, value)}</code></p>`;
}

function text(key: string, value: unknown): string {
  if (typeof value === "number" && key.endsWith("_ns")) return `${value} (${formatDuration(value)})`;
  return value === null ? "none" : String(value);
}

/** Long lists, as of the bins of a measured distribution, by their ends. */
function bounded(values: readonly string[]): string {
  if (values.length <= 24) return values.join(", ");
  return `${values.slice(0, 8).join(", ")}, … ${values.length - 12} more …, ${values.slice(-4).join(", ")}`;
}
