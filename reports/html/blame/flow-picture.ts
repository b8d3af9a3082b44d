import { formatDuration } from "../../words/format-duration.ts";
import { causeColour } from "../../page/cause.ts";
import { type Html, html } from "../escape.ts";
import { columnsAt, type Flow, type FlowBand, type FlowNode, nodeWidth } from "./flow-layout.ts";
import { round } from "../distributions/log-axis.ts";
import { percent } from "../../words/shares.ts";

const width = 1250;
const top = 26;
/** Bands of less than this share of all would be nothing but lines. */
const leastDrawn = 0.0005;
const heads = ["who waited", "behind a queued writer", "who had the lock", "and was doing"] as const;

/** The flow of blame as a picture. Nodes and bands carry the numbers of their nodes, for the page's program to choose by. */
export function flowPicture(flow: Flow, variant: string): Html {
  const all = flow.nodes.reduce((sum, { column, sum_ns }) => (column === 0 ? sum + sum_ns : sum), 0);
  const height = Math.ceil(flow.height) + top + 6;
  const causes = (band: FlowBand): string => flow.nodes[band.nodes.at(-1) ?? -1]?.name ?? "";
  return html`<svg class="flow" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="Who made whom wait, ${variant}: waiter, carrier, holder, cause. Bands of less than 0.05 % are not drawn; the table below has all figures">
${heads.map((text, i) => html`<text class="head" x="${columnsAt[i] ?? 0}" y="12">${text}</text>`)}
<g transform="translate(0 ${top})">
${flow.bands.filter(({ sum_ns }) => sum_ns >= leastDrawn * all).map((band) => html`<g class="band" data-nodes="${band.nodes.join(" ")}" style="stroke:var(--${causeColour(causes(band))});stroke-width:${round(Math.max(0.7, band.thickness))}"><title>${bandTitle(band, flow, all)}</title><path d="${middleLine(band, flow)}"/></g>`)}
${flow.nodes.map((node, i) => nodeMark(node, i, all))}
</g></svg>`;
}

function bandTitle({ nodes, sum_ns }: FlowBand, flow: Flow, all: number): string {
  const names = nodes.map((node) => flow.nodes[node]?.name ?? "");
  return `${names.join(" → ")}: ${formatDuration(sum_ns)}, ${percent(sum_ns / all)}`;
}

/** The middle line of the band from column to column. */
function middleLine({ nodes, left, right, thickness }: FlowBand, flow: Flow): string {
  return nodes
    .slice(0, -1)
    .map((node, i) => {
      const from = (flow.nodes[node]?.x ?? 0) + nodeWidth;
      const to = flow.nodes[nodes[i + 1] ?? -1]?.x ?? 0;
      const middle = Math.round((from + to) / 2);
      const [a, b] = [round((right[i] ?? 0) + thickness / 2), round((left[i + 1] ?? 0) + thickness / 2)];
      return a === b ? `M${from} ${a}H${to}` : `M${from} ${a}C${middle} ${a} ${middle} ${b} ${to} ${b}`;
    })
    .join("");
}

/** A party can be chosen by a click on its bar, its name, and between the two lines of it. */
const hitWidth = 170;

function nodeMark({ column, name, sum_ns, x, y, height }: FlowNode, number: number, all: number): Html {
  const share = `${formatDuration(sum_ns)} · ${percent(sum_ns / all)}`;
  const isTall = height >= 32;
  const middle = round(y + Math.max(height, 13) / 2);
  const colour = column === columnsAt.length - 1 ? `var(--${causeColour(name)})` : "var(--ink)";
  const label = isTall
    ? html`<text x="${x + 15}" y="${middle - 3}">${name}</text><text class="share" x="${x + 15}" y="${middle + 12}">${share}</text>`
    : html`<text x="${x + 15}" y="${middle + 4}">${name} <tspan class="share">${share}</tspan></text>`;
  return html`<g class="node" data-node="${number}"><title>${name}: ${share}</title><rect x="${x}" y="${y}" width="${nodeWidth}" height="${height}" style="fill:${colour}"/><rect class="hit" x="${x}" y="${y}" width="${hitWidth}" height="${Math.max(height, 13)}"/>${label}</g>`;
}
