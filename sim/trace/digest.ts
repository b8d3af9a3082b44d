import { savedEvent, type TraceEvent } from "./event.ts";
import { avalanche, fnv1a, hexWord } from "./hash.ts";
import { type Hears, hearsAll, type Listener } from "./trace.ts";

/**
 * A fingerprint of a whole run: every field of every event, in order. Two runs that differ anywhere differ here, but for
 * one chance in 2^64. It guards against change, not against forgery.
 */
export class Digest implements Listener {
  readonly hears: Hears = hearsAll((e) => this.event(e));
  private a = 0x9e3779b9 | 0;
  private b = 0x85ebca6b | 0;
  private readonly texts = new Map<string, number>();

  /** 16 hex digits. */
  hex(): string {
    return hexWord(avalanche(this.a ^ this.b)) + hexWord(avalanche(this.b + Math.imul(this.a, 5)));
  }

  private event(event: TraceEvent): void {
    const e = savedEvent(event);
    this.text(e.kind);
    this.number(e.time);
    this.number(e.task);
    this.text(e.mm);
    this.text(e.mode);
    this.text(e.site);
    this.text(e.label);
    this.number(e.value);
    this.number(e.aux);
  }

  private number(n: number): void {
    this.word(n | 0);
    this.word(Math.floor(n / 0x100000000) | 0);
  }

  private text(text: string): void {
    let hash = this.texts.get(text);
    if (hash === undefined) {
      hash = fnv1a(text);
      this.texts.set(text, hash);
    }
    this.word(hash);
  }

  private word(word: number): void {
    const { a, b } = this;
    this.a = (Math.imul(((a << 13) | (a >>> 19)) ^ word, 0xcc9e2d51) + 0x1b873593) | 0;
    this.b = (Math.imul(b ^ word, 0x01000193) + ((b >>> 15) ^ a)) | 0;
  }
}
