import type { Brush } from "./brush.ts";
import { causeColour } from "../../cause.ts";
import { heights, type Lane, type LaneSlice } from "../lanes.ts";
import { placeOf, type Scene } from "../scene.ts";

/** Paints one lane with its name at the left. */
export function paintLane(brush: Brush, scene: Scene, lane: Lane): void {
  switch (lane.kind) {
    case "lock":
      lock(brush, scene, lane);
      break;
    case "device":
      device(brush, scene, lane);
      break;
    case "role":
      brush.box(0, lane.y, scene.width, lane.height - 2, "panel");
      brush.text(lane.text, 6, lane.y + lane.height / 2 - 1, "ink");
      break;
    case "task":
      task(brush, scene, lane);
      break;
  }
}

/** Above who has the lock, below how many wait for it, the readers on top of the writers. */
function lock(brush: Brush, scene: Scene, { y, mm, steps }: Extract<Lane, { kind: "lock" }>): void {
  const top = y + 4;
  const line = y + 26;
  const bottom = y + heights.lock - 4;
  const peak = Math.max(0, ...steps.map((step) => step.waitingReaders + step.waitingWriters));
  const most = Math.max(1, ...steps.map(({ readers }) => readers));
  for (const [i, step] of steps.entries()) {
    const left = Math.max(scene.gutter, placeOf(scene, step.at));
    const right = Math.min(scene.width, placeOf(scene, steps[i + 1]?.at ?? scene.window.length));
    if (right < scene.gutter || left > scene.width) continue;
    const wide = Math.max(0.75, right - left);
    const unit = (bottom - line - 4) / Math.max(1, peak);
    if (step.writers > 0) brush.box(left, top, wide, line - top, "writer");
    else if (step.readers > 0) {
      const tall = 12 + ((line - top - 12) * step.readers) / most;
      brush.box(left, line - tall, wide, tall, "reader");
      if (wide > 28) brush.text(`R ${step.readers}`, left + 4, line - 6, "ground");
    }
    if (step.writers > 0 && wide > 16) brush.text("W", left + 4, top + 9, "ground");
    const writers = step.waitingWriters * unit;
    const readers = step.waitingReaders * unit;
    brush.box(left, bottom - writers, wide, writers, "writer", 0.75);
    brush.box(left, bottom - writers - readers, wide, readers, "reader", 0.5);
  }
  brush.box(scene.gutter, line + 1, scene.width - scene.gutter, 1, "rule");
  brush.box(0, bottom + 1, scene.width, 1, "muted");
  cover(brush, scene, y, heights.lock - 3);
  brush.text(`mmap_sem of ${scene.window.mms[mm] ?? ""}`, 6, top + 5, "ink");
  brush.text("held by", 6, top + 19, "muted");
  brush.text(`queue, at most ${peak}`, 6, (line + bottom) / 2, "muted");
}

function device(brush: Brush, scene: Scene, { y, name, steps, height }: Extract<Lane, { kind: "device" }>): void {
  const peak = Math.max(1, ...steps.map(({ n }) => n));
  for (const [i, { at, n }] of steps.entries()) {
    const left = Math.max(scene.gutter, placeOf(scene, at));
    const right = Math.min(scene.width, placeOf(scene, steps[i + 1]?.at ?? scene.window.length));
    const tall = ((height - 8) * n) / peak;
    if (right >= scene.gutter && left <= scene.width)
      brush.box(left, y + height - 4 - tall, Math.max(0.75, right - left), tall, "io", 0.6);
  }
  cover(brush, scene, y, height);
  brush.text(`${name}: IOs, at most ${peak}`, 6, y + height / 2, "muted");
}

function task(brush: Brush, scene: Scene, { y, task, slices }: Extract<Lane, { kind: "task" }>): void {
  for (const slice of slices) if (slice.kind !== "mark") paintSlice(brush, scene, slice, y);
  for (const slice of slices) if (slice.kind === "mark") paintSlice(brush, scene, slice, y);
  cover(brush, scene, y, heights.task);
  brush.text(scene.window.tasks[task]?.[0] ?? "", 16, y + 10, "ink");
}

/** Operations are a thin line above, the lock in the middle, and what the task sleeps for below. */
function paintSlice(brush: Brush, scene: Scene, { kind, from, to, name, index, isOpen }: LaneSlice, y: number): void {
  const left = Math.max(scene.gutter, placeOf(scene, from));
  const right = Math.min(scene.width, placeOf(scene, to));
  if (right < scene.gutter || left > scene.width) return;
  const wide = Math.max(1, right - left);
  switch (kind) {
    case "operation":
      brush.box(left, y + 1, wide, 1.5, "muted");
      break;
    case "wait-R":
    case "wait-W":
      brush.striped(left, y + 4, wide, kind === "wait-R" ? "reader" : "writer", `${isOpen ? "… " : ""}${name}`);
      break;
    case "granted":
      brush.box(left, y + 4, wide, 10, "wake-up");
      break;
    case "hold-R":
    case "hold-W":
      brush.box(left, y + 4, wide, 10, kind === "hold-R" ? "reader" : "writer");
      brush.fitted(name, left, wide, y + 9.5, "ground");
      break;
    case "sleep":
    case "run-queue":
      brush.box(left, y + 15, wide, 4, causeColour(name), name.startsWith("idle") || name === "guest-idle" ? 0.25 : 1);
      break;
    case "vma-hold":
      brush.box(left, y + 4, wide, 4, "lock", 0.6);
      break;
    case "vma-wait":
      brush.striped(left, y + 4, wide, "lock", `waits for readers of ${name}`);
      break;
    case "mark":
      brush.box(left, y + 2, 1.5, 17, "fail");
      break;
  }
  if (index === scene.slice) brush.frame(left, y + 2, wide, 14);
}

/** Names stand on a ground of their own at the left. */
function cover(brush: Brush, scene: Scene, y: number, tall: number): void {
  brush.box(0, y, scene.gutter - 1, tall, "ground");
}
