import { percent } from "../blame.ts";
import { formatDuration } from "../format-duration.ts";
import { causeColour } from "../page/cause.ts";
import { type Html, html } from "./escape.ts";
import { columnsAt, type Flow, type FlowBand, type FlowNode, nodeWidth } from "./flow-layout.ts";
import { round } from "./log-axis.ts";

const width = 1100;
const top = 26;
const heads = ["who waited", "behind a queued writer", "who had the lock", "and was doing"] as const;

/** The flow of blame as a picture. Nodes and bands carry the numbers of their nodes, for the page's program to choose by. */
export function flowPicture(flow: Flow, variant: string): Html {
  const all = flow.nodes.reduce((sum, { column, sum_ns }) => (column === 0 ? sum + sum_ns : sum), 0);
  const height = Math.ceil(flow.height) + top + 6;
  const causes = (band: FlowBand): string => flow.nodes[band.nodes.at(-1) ?? -1]?.name ?? "";
  return html`<svg class="flow" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="Who made whom wait, ${variant}: waiter, carrier, holder, cause. The table below has the same figures">
${heads.map((text, i) => html`<text class="head" x="${columnsAt[i] ?? 0}" y="12">${text}</text>`)}
<g transform="translate(0 ${top})">
${flow.bands.map((band) => html`<g class="band" data-nodes="${band.nodes.join(" ")}" style="fill:var(--${causeColour(causes(band))})"><title>${bandTitle(band, flow, all)}</title><path d="${outline(band, flow)}"/></g>`)}
${flow.nodes.map((node, i) => nodeMark(node, i, all))}
</g></svg>`;
}

function bandTitle({ nodes, sum_ns }: FlowBand, flow: Flow, all: number): string {
  const names = nodes.map((node) => flow.nodes[node]?.name ?? "");
  return `${names.join(" → ")}: ${formatDuration(sum_ns)}, ${percent(sum_ns / all)}`;
}

/** The band from column to column, each piece with the slopes of a flow chart. At least half a pixel thick, to be seen. */
function outline({ nodes, left, right, thickness }: FlowBand, flow: Flow): string {
  const thick = Math.max(0.5, thickness);
  return nodes
    .slice(0, -1)
    .map((node, i) => {
      const from = (flow.nodes[node]?.x ?? 0) + nodeWidth;
      const to = flow.nodes[nodes[i + 1] ?? -1]?.x ?? 0;
      const middle = round((from + to) / 2);
      const [a, b] = [right[i] ?? 0, left[i + 1] ?? 0];
      const [a2, b2] = [round(a + thick), round(b + thick)];
      return `M${from} ${round(a)}C${middle} ${round(a)} ${middle} ${round(b)} ${to} ${round(b)}V${b2}C${middle} ${b2} ${middle} ${a2} ${from} ${a2}z`;
    })
    .join("");
}

function nodeMark({ column, name, sum_ns, x, y, height }: FlowNode, number: number, all: number): Html {
  const share = `${formatDuration(sum_ns)} · ${percent(sum_ns / all)}`;
  const isTall = height >= 32;
  const middle = round(y + Math.max(height, 13) / 2);
  const colour = column === columnsAt.length - 1 ? `var(--${causeColour(name)})` : "var(--ink)";
  const label = isTall
    ? html`<text x="${x + 15}" y="${middle - 3}">${name}</text><text class="share" x="${x + 15}" y="${middle + 12}">${share}</text>`
    : html`<text x="${x + 15}" y="${middle + 4}">${name} <tspan class="share">${share}</tspan></text>`;
  return html`<g class="node" data-node="${number}"><title>${name}: ${share}</title><rect x="${x}" y="${y}" width="${nodeWidth}" height="${height}" style="fill:${colour}"/>${label}</g>`;
}
