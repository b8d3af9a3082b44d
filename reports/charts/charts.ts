import { createRequire } from "node:module";
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Chart } from "chart.js";
import { histogramChart } from "./histogram.ts";
import type { LineChart } from "./line-chart.ts";
import type { PictureData } from "./panels.ts";
import { percentileChart } from "./percentiles.ts";
import { settledSvg } from "./settled-svg.ts";
import { type SlopeData, slopeChart } from "./slope.ts";
import { family, size } from "./style.ts";
import { tailChart } from "./tail.ts";
import { drawTimeline } from "./timeline/timeline.ts";

/** One picture: a name for its file, without folder, and its bytes. */
export interface Picture {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The kinds of pictures there are of a report. */
const pictureKinds = ["hold", "wait", "tail", "percentiles", "timeline"] as const;
export type PictureKind = (typeof pictureKinds)[number];

type Format = "png" | "svg";
/** Draws one picture on a white canvas of {@link size}. */
type Draw = (context: SKRSContext2D) => void;

/**
 * The pictures of a report, 1000 x 520 pixels each: `hold` and `wait` (histograms), `tail-hold`, `tail-wait`, `percentiles-hold`,
 * `percentiles-wait`, and a `VARIANT.timeline` of each variant with a window. The same data give the same bytes, with any fonts
 * installed or none; an SVG has its text as paths. The drawing modules are loaded at the first call.
 *
 * @param kinds those that are wanted.
 */
export async function pictures(
  data: PictureData,
  as: Format,
  kinds: readonly PictureKind[] = pictureKinds,
): Promise<Picture[]> {
  const canvas = await openCanvas();
  return kinds.flatMap((kind) =>
    drawings(kind, data).map(([name, drawing]) => ({ name: `${name}.${as}`, bytes: canvas.render(name, drawing, as) })),
  );
}

/** The picture of a sweep over one duration, `slope`: see {@link slopeChart}. */
export async function slopePicture(data: SlopeData, as: Format): Promise<Picture> {
  const canvas = await openCanvas();
  return { name: `slope.${as}`, bytes: canvas.render("slope", slopeChart(data), as) };
}

type Drawing = LineChart | Draw;

function drawings(kind: PictureKind, data: PictureData): [name: string, drawing: Drawing][] {
  switch (kind) {
    case "hold":
    case "wait":
      return [[kind, histogramChart(data, `mmap_sem.${kind}`)]];
    case "tail":
      return (["hold", "wait"] as const).map((of) => [`tail-${of}`, tailChart(data, `mmap_sem.${of}`)]);
    case "percentiles":
      return (["hold", "wait"] as const).map((of) => [`percentiles-${of}`, percentileChart(data, `mmap_sem.${of}`)]);
    case "timeline":
      return data.variants.flatMap(({ outcome, window }): [string, Draw][] =>
        window === null ? [] : [[`${outcome.variant}.timeline`, (context) => drawTimeline(context, window)]],
      );
  }
}

/** Loads what draws. Chart.js comes set up by chartjs-node-canvas, which by itself writes no SVG. */
async function openCanvas() {
  const { createCanvas, SvgExportFlag } = await import("@napi-rs/canvas");
  const chart = await chartClass();
  // Chart.js draws at once, because nothing is animated; its types know a browser's canvas only. To let go of a chart wipes its canvas.
  const drawn = (drawing: Drawing, context: SKRSContext2D, encode: () => Buffer): Buffer => {
    if (typeof drawing === "function") {
      drawing(context);
      return encode();
    }
    const made = new chart(context as never, drawing);
    const bytes = encode();
    made.destroy();
    return bytes;
  };
  return {
    render(name: string, drawing: Drawing, as: Format): Buffer {
      if (as === "svg") {
        const canvas = createCanvas(size.width, size.height, SvgExportFlag.ConvertTextToPaths);
        return drawn(drawing, canvas.getContext("2d"), () =>
          Buffer.from(settledSvg(canvas.getContent().toString(), name)),
        );
      }
      const canvas = createCanvas(size.width, size.height);
      return drawn(drawing, canvas.getContext("2d"), () => canvas.encodeSync("png"));
    },
  };
}

/** Chart.js for Node, with the annotation plugin, a white ground and the fonts. */
async function chartClass(): Promise<typeof Chart> {
  const { ChartJSNodeCanvas } = await import("chartjs-node-canvas");
  const loaded: (typeof Chart)[] = [];
  const setUp = new ChartJSNodeCanvas({
    ...size,
    backgroundColour: "white",
    // By name: as an ES module it would register with another copy of Chart.js.
    plugins: { modern: ["chartjs-plugin-annotation"] },
    chartCallback: (chart) => void loaded.push(chart as unknown as typeof Chart),
  });
  const { resolve } = createRequire(import.meta.url);
  for (const [file, weight] of [
    ["DejaVuSans.ttf", "normal"],
    ["DejaVuSans-Bold.ttf", "bold"],
  ] as const) {
    setUp.registerFont(resolve(`dejavu-fonts-ttf/ttf/${file}`), { family, weight });
  }
  return loaded[0] as typeof Chart;
}
