import uPlot from "uplot";
import { formatCount, formatDuration, threeSignificant } from "../../words/format-duration.ts";
import type { PageData, PageLimit } from "../data.ts";
import { colour, element } from "../dom.ts";
import { histogram, nothing, type PlotData, tail } from "./plot-data.ts";

/** The lowest share that is drawn, percent. */
const lowest = 0.001;
const height = 300;
/** Its name, and the percent of all values above it. */
type Percentile = readonly [name: string, above: number];
const percentiles: readonly Percentile[] = [
  ["p50", 50],
  ["p90", 10],
  ["p99", 1],
  ["p99.9", 0.1],
];
const stepped = uPlot.paths.stepped?.({ align: 1 }) ?? (() => null);

/** The histogram and the tail of a distribution that one chooses, variants over one another, cursors and zoom joined. */
export class Plots {
  private readonly data: PageData;
  private readonly metric: HTMLSelectElement;
  private readonly of: HTMLSelectElement;
  private readonly room = element("div", { class: "pair" });
  private readonly counts = element("p", { class: "note" });
  private drawn: readonly uPlot[] = [];

  constructor(root: HTMLElement, data: PageData) {
    this.data = data;
    const metrics = [...new Set(data.distributions.map(({ metric }) => metric))];
    this.metric = element("select", { id: "plot-metric", change: () => this.fill() }, ...metrics.map(option));
    this.of = element("select", { id: "plot-of", change: () => this.draw() });
    const choose = element(
      "div",
      { class: "choose" },
      element("label", { for: "plot-metric" }, "metric"),
      this.metric,
      element("label", { for: "plot-of" }, "of"),
      this.of,
      element("span", { class: "note" }, "drag to zoom, double-click for all"),
    );
    root.append(choose, this.counts, this.room);
    root.hidden = false;
    new ResizeObserver(() => this.resize()).observe(this.room);
    this.fill();
  }

  /** Draws again, in the colours of now. */
  draw(): void {
    for (const plot of this.drawn) plot.destroy();
    const chosen = this.data.distributions.find(
      ({ metric, of }) => metric === this.metric.value && of === this.of.value,
    );
    if (chosen === undefined) return;
    const names = this.data.variants.map((variant, i) => {
      const { n = 0, open = 0, zeros = 0, max = 0 } = chosen.lines[i] ?? {};
      const atZero = zeros === 0 ? "" : `, ${threeSignificant((100 * zeros) / n)} % at 0`;
      const notEnded = open === 0 ? "" : `, ${formatCount(open)} not ended: drawn at their age, they are longer`;
      const longest = n === 0 ? "-" : `${open === 0 ? "" : "≥ "}${formatDuration(max)}`;
      return `${variant}: n = ${formatCount(n)}${atZero}, max ${longest}${notEnded}`;
    });
    this.counts.textContent = names.join("; ");
    const hosts = [
      element("div", { role: "img", "aria-label": `Histogram of ${chosen.metric} ${chosen.of}` }),
      element("div", { role: "img", "aria-label": `Tail of ${chosen.metric} ${chosen.of}` }),
    ] as const;
    this.room.replaceChildren(...hosts);
    this.drawn = [
      this.plot(
        hosts[0],
        "share of all in bins of a quarter octave",
        histogram(chosen.lines),
        chosen.limits.map((limit) => ({ ...limit, above: null })),
      ),
      this.plot(hosts[1], "share of all above a time", tail(chosen.lines), chosen.limits, percentiles),
    ];
  }

  private fill(): void {
    const own = this.data.distributions.filter(({ metric }) => metric === this.metric.value);
    this.of.replaceChildren(...own.map(({ of }) => option(of)));
    this.draw();
  }

  private resize(): void {
    for (const plot of this.drawn) plot.setSize({ width: widthOf(plot.root.parentElement), height });
  }

  private plot(
    host: HTMLElement,
    title: string,
    { x, lines }: PlotData,
    limits: readonly PageLimit[],
    percentiles: readonly Percentile[] = [],
  ): uPlot {
    const [ink, rule] = [colour("muted"), colour("rule")];
    const axis = {
      stroke: ink,
      grid: { stroke: rule, width: 1 },
      ticks: { stroke: rule, width: 1 },
      font: "11px system-ui, sans-serif",
      // A log axis would leave out some of the splits below.
      filter: (_u: uPlot, splits: number[]) => splits,
    };
    const range = decadesAround([...x, ...limits.map(({ ns }) => ns)]);
    return new uPlot(
      {
        title,
        width: widthOf(host),
        height,
        cursor: {
          y: false,
          sync: { key: "distribution", scales: ["x", null] },
          drag: { x: true, y: false },
          points: { show: false },
        },
        scales: {
          x: { time: false, distr: 3, range: (_u, lo, hi) => (lo === x[0] && hi === x.at(-1) ? range : [lo, hi]) },
          y: { distr: 3, range: [lowest, 100] },
        },
        axes: [
          {
            ...axis,
            splits: (_u, _i, lo, hi) => ticks(lo, hi),
            values: (_u, at) =>
              at.map((ns) =>
                formatDuration(Number(ns.toPrecision(3)))
                  .replace(/\.0+ /, " ")
                  .replace(/(\.\d*?)0+ /, "$1 "),
              ),
          },
          {
            ...axis,
            size: 62,
            splits: () => [0.001, 0.01, 0.1, 1, 10, 100],
            values: (_u, at) => at.map((share) => `${share} %`),
          },
        ],
        series: [
          { label: "time", value: (_u, ns) => (ns === null ? "-" : formatDuration(Math.round(ns))) },
          ...this.data.variants.map((label, i) => ({
            label,
            stroke: colour(`variant-${i % this.data.dashes.length}`),
            width: 1.75,
            dash: [...(this.data.dashes[i % this.data.dashes.length] ?? [])],
            paths: stepped,
            points: { show: false },
            value: (_u: uPlot, share: number | null) => shareText(share),
          })),
        ],
        legend: { markers: { dash: (_u, i) => (i > 1 ? "dashed" : "solid") } },
        hooks: { draw: [(u) => drawPercentiles(u, percentiles), (u) => drawLimits(u, limits)] },
      },
      [x, ...lines],
      host,
    );
  }
}

function option(text: string): HTMLOptionElement {
  return element("option", { value: text }, text);
}

function widthOf(host: HTMLElement | null): number {
  return Math.max(280, host?.clientWidth ?? 0);
}

function shareText(share: number | null): string {
  if (share === null) return "-";
  return share <= nothing ? "0" : `${threeSignificant(share)} %`;
}

/** The powers of ten around all times. */
function decadesAround(times: readonly number[]): [number, number] {
  const some = times.filter((ns) => ns > 0);
  if (some.length === 0) return [1e3, 1e6];
  const first = Math.floor(Math.log10(Math.min(...some)) + 1e-9);
  return [10 ** first, 10 ** Math.max(first + 1, Math.ceil(Math.log10(Math.max(...some)) - 1e-9))];
}

/** Powers of ten; between them 2 and 5 when few of them are to be seen. */
function ticks(lo: number, hi: number): number[] {
  const steps = Math.log10(hi / lo) < 2.5 ? [1, 2, 5] : [1];
  const found: number[] = [];
  for (let decade = Math.floor(Math.log10(lo)); decade <= Math.ceil(Math.log10(hi)); decade++) {
    for (const step of steps) {
      const at = step * 10 ** decade;
      if (at >= lo * 0.999 && at <= hi * 1.001) found.push(at);
    }
  }
  return found;
}

/** Where a tail is read as a percentile: at the share of all that lies above it. */
function drawPercentiles(u: uPlot, percentiles: readonly Percentile[]): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = colour("muted");
  ctx.fillStyle = colour("muted");
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.lineWidth = devicePixelRatio / 2;
  ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio]);
  for (const [name, above] of percentiles) {
    const y = u.valToPos(above, "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(name, bbox.left + bbox.width - 4 * devicePixelRatio, y - 3 * devicePixelRatio);
  }
  ctx.restore();
}

/** Budgets: a dashed line at the limit, and where one is about a share a ring that the tail must pass below. */
function drawLimits(u: uPlot, limits: readonly PageLimit[]): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = colour("fail");
  ctx.fillStyle = colour("fail");
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.lineWidth = devicePixelRatio;
  for (const { text, ns, above } of limits) {
    const x = u.valToPos(ns, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const isLeft = x > bbox.left + bbox.width * 0.7;
    ctx.textAlign = isLeft ? "right" : "left";
    ctx.fillText(`budget ${text}`, x + (isLeft ? -5 : 5) * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
    if (above === null || 100 * above < lowest) continue;
    const y = u.valToPos(100 * above, "y", true);
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.arc(x, y, 4 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}
