import { chargesOf, segmentsOf } from "../blame-of.ts";
import type { Brush } from "./brush.ts";
import { causeColour } from "../../cause.ts";
import { heights, type Lane } from "../lanes.ts";
import { placeOf, type Scene } from "../scene.ts";

/** Between the chosen wait and its holders, what these were doing. */
export function underlay(brush: Brush, scene: Scene, lanes: readonly Lane[]): void {
  const yOf = placesOf(lanes);
  const wait = scene.window.waits[scene.wait];
  const own = yOf.get(wait?.task ?? -1);
  if (wait === undefined || own === undefined) return;
  for (const { from, to, holder, holderMode, cause } of chargesOf(scene.window, wait)) {
    const y = yOf.get(holder);
    if (y === undefined || holder === wait.task || holderMode === "") continue;
    const left = Math.max(scene.gutter, placeOf(scene, from));
    const wide = placeOf(scene, to) - left;
    if (wide > 0) brush.box(left, Math.min(y, own) + 3, wide, Math.abs(y - own) + 12, causeColour(cause), 0.2);
  }
}

/** The chosen wait: its frame, what its holders did meanwhile, and the path of its operation along the bottom of the lanes. */
export function overlay(brush: Brush, scene: Scene, lanes: readonly Lane[], height: number): void {
  const { ctx } = brush;
  const yOf = placesOf(lanes);
  const wait = scene.window.waits[scene.wait];
  ctx.save();
  ctx.beginPath();
  ctx.rect(scene.gutter, 0, scene.width - scene.gutter, height);
  ctx.clip();
  const own = wait === undefined ? undefined : yOf.get(wait.task);
  if (wait !== undefined && own !== undefined) {
    const path = scene.window.paths[wait.path];
    if (path !== undefined) pathLine(brush, scene, segmentsOf(scene.window, path), yOf);
    for (const { from, to, holder, holderMode } of chargesOf(scene.window, wait)) {
      const y = yOf.get(holder);
      if (y === undefined || holder === wait.task || holderMode === "") continue;
      const [left, right] = [placeOf(scene, from), placeOf(scene, to)];
      if (right - left < 1) continue;
      brush.frame(left, y + 2, right - left, 14);
    }
    const [left, right] = [placeOf(scene, wait.from), placeOf(scene, wait.to)];
    brush.frame(left, own + 2, Math.max(2, right - left), 14);
  }
  if (scene.range !== null) {
    const [left, right] = [placeOf(scene, scene.range.from), placeOf(scene, scene.range.to)];
    brush.box(left, 0, right - left, height, "link", 0.15);
  }
  ctx.restore();
}

function pathLine(
  brush: Brush,
  scene: Scene,
  segments: readonly { from: number; to: number; task: number }[],
  yOf: ReadonlyMap<number, number>,
): void {
  const { ctx } = brush;
  ctx.strokeStyle = brush.colour("ink");
  ctx.lineWidth = 2;
  ctx.beginPath();
  let before: number | undefined;
  for (const { from, to, task } of segments) {
    const y = yOf.get(task);
    if (y === undefined) continue;
    const at = y + heights.task - 1;
    if (before === undefined) ctx.moveTo(placeOf(scene, from), at);
    else ctx.lineTo(placeOf(scene, from), at);
    ctx.lineTo(placeOf(scene, to), at);
    before = at;
  }
  ctx.stroke();
}

/** Where the lane of each task is. */
function placesOf(lanes: readonly Lane[]): Map<number, number> {
  return new Map(lanes.flatMap((lane) => (lane.kind === "task" ? [[lane.task, lane.y] as const] : [])));
}
