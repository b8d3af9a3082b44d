import type { Hears, Listener } from "../trace/trace.ts";
import type { SpanHears } from "./span.ts";
import { Spans } from "./spans.ts";

/** Listens to spans, to events, or to both. A kind of event that it hears of as spans it need not hear as events. */
export interface SpanListener {
  readonly spans?: SpanHears;
  readonly hears?: Hears;
  /** Others that hear what it hears, for its sake. */
  readonly parts?: readonly SpanListener[];
}

/** All of them, as those to whom a trace talks; the events are paired once for all. */
export function paired(listeners: readonly SpanListener[]): readonly Listener[] {
  const all = listeners.flatMap(withParts);
  const spans = all.flatMap((one) => (one.spans === undefined ? [] : [one.spans]));
  const direct = all.flatMap(({ hears }) => (hears === undefined ? [] : [{ hears }]));
  return spans.length === 0 ? direct : [new Spans(spans), ...direct];
}

function withParts(listener: SpanListener): readonly SpanListener[] {
  return [listener, ...(listener.parts ?? []).flatMap(withParts)];
}
