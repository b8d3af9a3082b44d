import { Brush } from "./brush.ts";
import { heights, type Lane } from "../lanes.ts";
import { overlay, underlay } from "./paint-choice.ts";
import { paintLane } from "./paint-lane.ts";
import { placeOf, type Scene } from "../scene.ts";
import { roundTimes } from "../view.ts";

/** Paints lanes on a canvas of their own. */
export class Painter {
  private readonly brush: Brush;

  constructor(canvas: HTMLCanvasElement) {
    this.brush = new Brush(canvas);
  }

  /** @param height px. @param hasAxis the time axis is above these lanes. */
  paint(lanes: readonly Lane[], height: number, scene: Scene, hasAxis: boolean): void {
    const { brush } = this;
    brush.begin(scene.width, height);
    this.grid(height, scene, hasAxis);
    brush.box(scene.gutter - 1, 0, 1, height, "rule");
    for (const lane of lanes) if (lane.kind === "role") paintLane(brush, scene, lane);
    underlay(brush, scene, lanes);
    for (const lane of lanes) if (lane.kind !== "role") paintLane(brush, scene, lane);
    overlay(brush, scene, lanes, height);
  }

  /** The widest of these names as they are painted, px. */
  widest(names: readonly string[]): number {
    return this.brush.widest(names);
  }

  private grid(height: number, scene: Scene, hasAxis: boolean): void {
    const { brush } = this;
    for (const { time, label } of roundTimes(scene.view, (scene.width - scene.gutter) / 110)) {
      const x = Math.round(placeOf(scene, time));
      brush.box(x, hasAxis ? heights.axis - 5 : 0, 1, height, "rule");
      if (hasAxis) brush.text(label, x + 3, 9, "muted");
    }
    if (hasAxis) brush.text("since window start", 6, 9, "muted");
  }
}
