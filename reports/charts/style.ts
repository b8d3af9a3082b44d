/** The one font that is registered: the same letters in both formats, whatever fonts a machine has. */
export const family = "DejaVu Sans";
export const ink = "#222222";
export const grey = "#666666";
export const gridColour = "#e3e3e3";

/** Pixels, of every picture: what a pull-request comment shows at about 700 stays readable. */
export const size = { width: 1000, height: 520 } as const;

/** A font as Chart.js takes it; sizes in px. */
export function font(px: number, weight: "normal" | "bold" = "normal") {
  return { family, size: px, weight };
}

interface Stroke {
  readonly colour: string;
  readonly dash: readonly number[];
}

/** Okabe and Ito's colours, told apart with any kind of colour vision; the dashes tell them apart without colours. */
const strokes: readonly Stroke[] = [
  { colour: "#d55e00", dash: [] },
  { colour: "#0072b2", dash: [7, 3] },
  { colour: "#009e73", dash: [2, 2] },
  { colour: "#cc79a7", dash: [10, 3, 2, 3] },
  { colour: "#e69f00", dash: [4, 4] },
  { colour: "#56b4e9", dash: [1, 3] },
];

/** How the n-th variant is drawn, from 0, the same in all pictures. */
export function strokeOf(variant: number): Stroke {
  return strokes[variant % strokes.length] as Stroke;
}

/** The look of the n-th variant's line in a data set of Chart.js. */
export function lineLook(variant: number) {
  const { colour, dash } = strokeOf(variant);
  return {
    showLine: true,
    pointRadius: 0,
    borderColor: colour,
    // The first is drawn last; where variants agree, a later one is seen as a rim around it.
    borderWidth: 1.75 + 1.25 * Math.min(variant, 2),
    borderDash: [...dash],
    // Mitred corners of steps that are smaller than the line is wide stick out as thorns.
    borderJoinStyle: "round" as const,
  };
}
