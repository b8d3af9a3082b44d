import { colour } from "../../dom.ts";

const font = "11px system-ui, 'DejaVu Sans', sans-serif";

/** Draws on one canvas in the page's colours, by their names; places in px. */
export class Brush {
  readonly ctx: CanvasRenderingContext2D;
  private readonly canvas: HTMLCanvasElement;
  private readonly colours = new Map<string, string>();

  constructor(canvas: HTMLCanvasElement) {
    const ctx = canvas.getContext("2d");
    if (ctx === null) throw new Error("this browser has no 2D canvas");
    this.canvas = canvas;
    this.ctx = ctx;
  }

  /** An empty canvas of this size, sharp on any screen, in the colours of now. */
  begin(width: number, height: number): void {
    const { canvas, ctx } = this;
    this.colours.clear();
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.font = font;
    ctx.textBaseline = "middle";
    this.box(0, 0, width, height, "ground");
  }

  /** The widest of these texts, px. */
  widest(texts: readonly string[]): number {
    this.ctx.font = font;
    return Math.max(0, ...texts.map((text) => this.ctx.measureText(text).width));
  }

  /** A filled box. @param alpha 0..1 */
  box(x: number, y: number, wide: number, tall: number, name: string, alpha = 1): void {
    const { ctx } = this;
    ctx.globalAlpha = alpha;
    ctx.fillStyle = this.colour(name);
    ctx.fillRect(x, y, wide, tall);
    ctx.globalAlpha = 1;
  }

  /** An empty frame in ink, to show what is chosen. */
  frame(x: number, y: number, wide: number, tall: number): void {
    const { ctx } = this;
    ctx.strokeStyle = this.colour("ink");
    ctx.lineWidth = 1.5;
    ctx.strokeRect(x - 0.5, y, wide + 1, tall);
  }

  /** A wait is striped and has an edge, so that it is no hold without colours either. */
  striped(left: number, y: number, wide: number, name: string, label: string): void {
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

  /** Text from here on, vertically in the middle. */
  text(text: string, x: number, y: number, name: string): void {
    this.ctx.fillStyle = this.colour(name);
    this.ctx.fillText(text, x, y);
  }

  /** Text inside a box, as much as fits. */
  fitted(text: string, left: number, wide: number, y: number, name: string): void {
    if (wide > 40) this.text(this.shortened(text, wide - 8), left + 4, y, name);
  }

  private shortened(text: string, room: number): string {
    const wide = this.ctx.measureText(text).width;
    if (wide <= room) return text;
    const fits = Math.max(0, Math.floor((text.length * room) / wide) - 1);
    return fits < 3 ? "" : `${text.slice(0, fits)}…`;
  }

  /** A colour of the theme. */
  colour(name: string): string {
    let known = this.colours.get(name);
    if (known === undefined) {
      known = colour(name);
      this.colours.set(name, known);
    }
    return known;
  }
}
