import type { Annotation } from "../../reports/charts/annotations.ts";
import type { LineChart } from "../../reports/charts/line-chart.ts";

/** What is drawn over a picture. */
function annotationsOf({ options }: LineChart): readonly Annotation[] {
  const plugins = options?.plugins as { annotation: { annotations: readonly Annotation[] } } | undefined;
  return plugins?.annotation.annotations ?? [];
}

/** The texts over a picture, each with its axis: `yR: p99 <= 1ms`. */
export function textsOf(chart: LineChart): string[] {
  return annotationsOf(chart).flatMap(({ type, yScaleID, content }) =>
    type === "label" ? [`${yScaleID}: ${content}`] : [],
  );
}

/** The lines over a picture: `yR 3,0.1 3,100`, coordinates to three digits. */
export function linesOf(chart: LineChart): string[] {
  const text = (value: unknown): string => String(Number(Number(value).toPrecision(3)));
  return annotationsOf(chart).flatMap(({ type, yScaleID, ...at }) =>
    type === "line" ? [`${yScaleID} ${text(at.xMin)},${text(at.yMin)} ${text(at.xMax)},${text(at.yMax)}`] : [],
  );
}
