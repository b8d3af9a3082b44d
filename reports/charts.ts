import { createRequire } from "node:module";
import type { ChartJSNodeCanvas } from "chartjs-node-canvas";
import { type ChartData, lineChart } from "./chart-config.ts";

/** Pixels. */
const width = 1000;
const height = 520;

/** One picture: a name for its file, without folder, and its bytes. */
export interface Picture {
  readonly name: string;
  readonly png: Buffer;
}

/**
 * The histograms of hold and wait as two pictures of 1000 x 520 pixels, the variants over one another. The same data give
 * the same bytes, with any fonts installed or none. The drawing modules are loaded at the first call.
 */
export async function holdWaitCharts(data: ChartData): Promise<Picture[]> {
  const renderer = await makeRenderer();
  const pictures: Picture[] = [];
  for (const metric of ["mmap_sem.hold", "mmap_sem.wait"] as const) {
    // The module's types know Chart.js's own data points only.
    const config = lineChart(data, metric) as unknown as Parameters<ChartJSNodeCanvas["renderToBuffer"]>[0];
    pictures.push({ name: `${metric.replace("mmap_sem.", "")}.png`, png: await renderer.renderToBuffer(config) });
  }
  return pictures;
}

async function makeRenderer(): Promise<ChartJSNodeCanvas> {
  const { ChartJSNodeCanvas } = await import("chartjs-node-canvas");
  const renderer = new ChartJSNodeCanvas({ width, height, backgroundColour: "white" });
  const { resolve } = createRequire(import.meta.url);
  for (const [file, weight] of [
    ["DejaVuSans.ttf", "normal"],
    ["DejaVuSans-Bold.ttf", "bold"],
  ] as const) {
    renderer.registerFont(resolve(`dejavu-fonts-ttf/ttf/${file}`), { family: "DejaVu Sans", weight });
  }
  return renderer;
}
