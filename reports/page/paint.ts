import { chargesOf, segmentsOf } from "./blame-of.ts";
import { causeColour } from "./cause.ts";
import type { PageWindow } from "./data.ts";
import { colour } from "./dom.ts";
import { heights, type Lane, type LaneSlice } from "./lanes.ts";
import { roundTimes, type View } from "./view.ts";

/** Where names stand, px from the left. */
export const gutter = 158;

/** What is drawn now, and with what. */
export interface Scene {
  readonly window: PageWindow;
  readonly view: View;
  /** Px of the whole picture. */
  readonly width: number;
  /** A wait of the window, -1 for none. */
  readonly wait: number;
  /** Another slice that was chosen, -1 for none. */
  readonly slice: number;
  /** What is being dragged over. */
  readonly range: View | null;
}

/** A time as a place in the picture. */
export function placeOf({ view, width }: Pick<Scene, "view" | "width">, time: number): number {
  return gutter + ((time - view.from) / (view.to - view.from)) * (width - gutter);
}

/** Paints lanes on a canvas of its own, `height` px high, sharp on any screen. */
export class Painter {
  readonly canvas: HTMLCanvasElement;
  private readonly ctx: CanvasRenderingContext2D;
  private scene: Scene;
  private readonly colours = new Map<string, string>();

  constructor(canvas: HTMLCanvasElement, scene: Scene) {
    this.canvas = canvas;
    const ctx = canvas.getContext("2d");
    if (ctx === null) throw new Error("this browser has no 2D canvas");
    this.ctx = ctx;
    this.scene = scene;
  }

  /** @param hasAxis the time axis is above these lanes. */
  paint(lanes: readonly Lane[], height: number, scene: Scene, hasAxis: boolean): void {
    const { canvas, ctx } = this;
    this.scene = scene;
    this.colours.clear();
    const ratio = devicePixelRatio;
    canvas.width = Math.round(scene.width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.font = "11px system-ui, 'DejaVu Sans', sans-serif";
    ctx.textBaseline = "middle";
    ctx.fillStyle = this.colour("ground");
    ctx.fillRect(0, 0, scene.width, height);
    this.grid(height, hasAxis);
    this.box(gutter - 1, 0, 1, height, "rule");
    for (const lane of lanes) if (lane.kind === "role") this.lane(lane);
    this.underlay(lanes);
    for (const lane of lanes) if (lane.kind !== "role") this.lane(lane);
    this.overlay(lanes, height);
  }

  private grid(height: number, hasAxis: boolean): void {
    const { ctx, scene } = this;
    for (const { time, label } of roundTimes(scene.view, (scene.width - gutter) / 110)) {
      const x = Math.round(placeOf(scene, time));
      ctx.fillStyle = this.colour("rule");
      ctx.fillRect(x, hasAxis ? heights.axis - 5 : 0, 1, height);
      if (hasAxis) this.text(label, x + 3, 9, "muted");
    }
    if (hasAxis) this.text("since window start", 6, 9, "muted");
  }

  private lane(lane: Lane): void {
    switch (lane.kind) {
      case "lock":
        this.lock(lane);
        break;
      case "device":
        this.device(lane);
        break;
      case "role":
        this.ctx.fillStyle = this.colour("panel");
        this.ctx.fillRect(0, lane.y, this.scene.width, lane.height - 2);
        this.text(lane.text, 6, lane.y + lane.height / 2 - 1, "ink");
        break;
      case "task":
        this.task(lane);
        break;
    }
  }

  /** Above who has the lock, below how many wait for it, the readers on top of the writers. */
  private lock({ y, mm, steps }: Extract<Lane, { kind: "lock" }>): void {
    const { scene } = this;
    const top = y + 4;
    const line = y + 26;
    const bottom = y + heights.lock - 4;
    const peak = Math.max(1, ...steps.map((step) => step.waitingReaders + step.waitingWriters));
    const most = Math.max(1, ...steps.map(({ readers }) => readers));
    for (const [i, step] of steps.entries()) {
      const left = Math.max(gutter, placeOf(scene, step.at));
      const right = Math.min(scene.width, placeOf(scene, steps[i + 1]?.at ?? scene.window.length));
      if (right < gutter || left > scene.width) continue;
      const wide = Math.max(0.75, right - left);
      const unit = (bottom - line - 4) / peak;
      if (step.writers > 0) this.box(left, top, wide, line - top, "writer");
      else if (step.readers > 0) {
        const tall = 12 + ((line - top - 12) * step.readers) / most;
        this.box(left, line - tall, wide, tall, "reader");
        if (wide > 28) this.text(`R ${step.readers}`, left + 4, line - 6, "ground");
      }
      if (step.writers > 0 && wide > 16) this.text("W", left + 4, top + 9, "ground");
      const writers = step.waitingWriters * unit;
      const readers = step.waitingReaders * unit;
      this.box(left, bottom - writers, wide, writers, "writer", 0.75);
      this.box(left, bottom - writers - readers, wide, readers, "reader", 0.5);
    }
    this.box(gutter, line + 1, scene.width - gutter, 1, "rule");
    this.box(0, bottom + 1, scene.width, 1, "muted");
    this.cover(y, heights.lock - 3);
    this.text(`mmap_sem of ${scene.window.mms[mm] ?? ""}`, 6, top + 5, "ink");
    this.text("held by", 6, top + 19, "muted");
    this.text(`queue, at most ${peak}`, 6, (line + bottom) / 2, "muted");
  }

  private device({ y, name, steps, height }: Extract<Lane, { kind: "device" }>): void {
    const { scene } = this;
    const peak = Math.max(1, ...steps.map(({ n }) => n));
    for (const [i, { at, n }] of steps.entries()) {
      const left = Math.max(gutter, placeOf(scene, at));
      const right = Math.min(scene.width, placeOf(scene, steps[i + 1]?.at ?? scene.window.length));
      const tall = ((height - 8) * n) / peak;
      if (right >= gutter && left <= scene.width)
        this.box(left, y + height - 4 - tall, Math.max(0.75, right - left), tall, "io", 0.6);
    }
    this.cover(y, height);
    this.text(`${name}: IOs, at most ${peak}`, 6, y + height / 2, "muted");
  }

  private task({ y, task, slices }: Extract<Lane, { kind: "task" }>): void {
    for (const slice of slices) if (slice.kind !== "mark") this.slice(slice, y);
    for (const slice of slices) if (slice.kind === "mark") this.slice(slice, y);
    this.cover(y, heights.task);
    this.text(this.scene.window.tasks[task]?.[0] ?? "", 16, y + 10, "ink");
  }

  /** Operations are a thin line above, the lock in the middle, and what the task sleeps for below. */
  private slice({ kind, from, to, name, index, isOpen }: LaneSlice, y: number): void {
    const { scene } = this;
    const left = Math.max(gutter, placeOf(scene, from));
    const right = Math.min(scene.width, placeOf(scene, to));
    if (right < gutter || left > scene.width) return;
    const wide = Math.max(1, right - left);
    switch (kind) {
      case "operation":
        this.box(left, y + 1, wide, 1.5, "muted");
        break;
      case "wait-R":
      case "wait-W":
        this.wait(left, y + 4, wide, kind === "wait-R" ? "reader" : "writer", `${isOpen ? "… " : ""}${name}`);
        break;
      case "granted":
        this.box(left, y + 4, wide, 10, "wake-up");
        break;
      case "hold-R":
      case "hold-W":
        this.box(left, y + 4, wide, 10, kind === "hold-R" ? "reader" : "writer");
        this.fitted(name, left, wide, y + 9.5, "ground");
        break;
      case "sleep":
      case "run-queue":
        this.box(left, y + 15, wide, 4, causeColour(name), name.startsWith("idle") || name === "guest-idle" ? 0.25 : 1);
        break;
      case "vma-hold":
        this.box(left, y + 4, wide, 4, "lock", 0.6);
        break;
      case "vma-wait":
        this.wait(left, y + 4, wide, "lock", `waits for readers of ${name}`);
        break;
      case "mark":
        this.box(left, y + 2, 1.5, 17, "fail");
        break;
    }
    if (index === scene.slice) this.frame(left, y + 2, wide, 14);
  }

  /** A wait is striped and has an edge, so that it is no hold without colours either. */
  private wait(left: number, y: number, wide: number, name: string, label: string): void {
    const { ctx } = this;
    this.box(left, y, wide, 10, name, 0.16);
    if (wide > 5) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, y, wide, 10);
      ctx.clip();
      ctx.strokeStyle = this.colour(name);
      ctx.globalAlpha = 0.4;
      ctx.lineWidth = 1;
      ctx.beginPath();
      for (let x = left - 10 - (left % 6); x < left + wide; x += 6) {
        ctx.moveTo(x, y + 10);
        ctx.lineTo(x + 10, y);
      }
      ctx.stroke();
      ctx.restore();
      ctx.strokeStyle = this.colour(name);
      ctx.lineWidth = 1;
      ctx.strokeRect(left + 0.5, y + 0.5, wide - 1, 9);
    } else {
      this.box(left, y, wide, 10, name, 0.7);
    }
    if (wide > 60) {
      const text = this.shortened(label, wide - 8);
      this.box(left + 3, y + 1, ctx.measureText(text).width + 4, 8, "ground", 0.8);
      this.text(text, left + 5, y + 5.5, "ink");
    }
  }

  /** Between the chosen wait and its holders, what these were doing. */
  private underlay(lanes: readonly Lane[]): void {
    const { scene } = this;
    const yOf = new Map(lanes.flatMap((lane) => (lane.kind === "task" ? [[lane.task, lane.y] as const] : [])));
    const wait = scene.window.waits[scene.wait];
    const own = yOf.get(wait?.task ?? -1);
    if (wait === undefined || own === undefined) return;
    for (const { from, to, holder, holderMode, cause } of chargesOf(scene.window, wait)) {
      const y = yOf.get(holder);
      if (y === undefined || holder === wait.task || holderMode === "") continue;
      const left = Math.max(gutter, placeOf(scene, from));
      const wide = placeOf(scene, to) - left;
      if (wide > 0) this.box(left, Math.min(y, own) + 3, wide, Math.abs(y - own) + 12, causeColour(cause), 0.2);
    }
  }

  /** The chosen wait: its frame, what its holders did meanwhile, and the path of its operation along the bottom of the lanes. */
  private overlay(lanes: readonly Lane[], height: number): void {
    const { ctx, scene } = this;
    const yOf = new Map(lanes.flatMap((lane) => (lane.kind === "task" ? [[lane.task, lane.y] as const] : [])));
    const wait = scene.window.waits[scene.wait];
    ctx.save();
    ctx.beginPath();
    ctx.rect(gutter, 0, scene.width - gutter, height);
    ctx.clip();
    const own = wait === undefined ? undefined : yOf.get(wait.task);
    if (wait !== undefined && own !== undefined) {
      const path = scene.window.paths[wait.path];
      if (path !== undefined) this.path(segmentsOf(scene.window, path), yOf);
      for (const { from, to, holder, holderMode } of chargesOf(scene.window, wait)) {
        const y = yOf.get(holder);
        if (y === undefined || holder === wait.task || holderMode === "") continue;
        const [left, right] = [placeOf(scene, from), placeOf(scene, to)];
        if (right - left < 1) continue;
        this.frame(left, y + 2, right - left, 14);
      }
      const [left, right] = [placeOf(scene, wait.from), placeOf(scene, wait.to)];
      this.frame(left, own + 2, Math.max(2, right - left), 14);
    }
    if (scene.range !== null) {
      const [left, right] = [placeOf(scene, scene.range.from), placeOf(scene, scene.range.to)];
      this.box(left, 0, right - left, height, "link", 0.15);
    }
    ctx.restore();
  }

  private path(
    segments: readonly { from: number; to: number; task: number }[],
    yOf: ReadonlyMap<number, number>,
  ): void {
    const { ctx, scene } = this;
    ctx.strokeStyle = this.colour("ink");
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

  private frame(x: number, y: number, wide: number, tall: number): void {
    const { ctx } = this;
    ctx.strokeStyle = this.colour("ink");
    ctx.lineWidth = 1.5;
    ctx.strokeRect(x - 0.5, y, wide + 1, tall);
  }

  private box(x: number, y: number, wide: number, tall: number, name: string, alpha = 1): void {
    const { ctx } = this;
    ctx.globalAlpha = alpha;
    ctx.fillStyle = this.colour(name);
    ctx.fillRect(x, y, wide, tall);
    ctx.globalAlpha = 1;
  }

  /** Names stand on a ground of their own at the left. */
  private cover(y: number, tall: number): void {
    this.box(0, y, gutter - 1, tall, "ground");
  }

  private fitted(text: string, left: number, wide: number, y: number, name: string): void {
    if (wide > 40) this.text(this.shortened(text, wide - 8), left + 4, y, name);
  }

  private shortened(text: string, room: number): string {
    const wide = this.ctx.measureText(text).width;
    if (wide <= room) return text;
    const fits = Math.max(0, Math.floor((text.length * room) / wide) - 1);
    return fits < 3 ? "" : `${text.slice(0, fits)}…`;
  }

  private text(text: string, x: number, y: number, name: string): void {
    this.ctx.fillStyle = this.colour(name);
    this.ctx.fillText(text, x, y);
  }

  private colour(name: string): string {
    let known = this.colours.get(name);
    if (known === undefined) {
      known = colour(name);
      this.colours.set(name, known);
    }
    return known;
  }
}
