import type { Charge, ChargedWait, EventWindow, OperationPath } from "../sim/measure/window/window.ts";
import type { SavedEvent } from "../sim/trace/event.ts";
import type { Interval, IntervalKind } from "./chrome-intervals.ts";
import type { Args } from "./chrome-json.ts";
import type { Span } from "./chrome-lanes.ts";

/** Something to draw: what it is, when it was, how it reads. Times are true ones, ns. */
export interface Item extends Span {
  readonly of: Interval | ChargedWait;
  readonly kind: IntervalKind;
  readonly task: number;
  readonly name: string;
  readonly args: Args;
}

/** What lasted, as something to draw. */
export function intervalItem(interval: Interval, window: EventWindow): Item {
  const { kind, task, from, to, begin } = interval;
  return { of: interval, kind, task, from, to, ...reads(kind, begin, window) };
}

function reads(kind: IntervalKind, e: SavedEvent, window: EventWindow): { name: string; args: Args } {
  const { mm, mode, site, label, value, aux } = e;
  const comm = (task: number): string => window.tasks[task]?.comm ?? "";
  const lock = { lock: mm, mode, site };
  switch (kind) {
    case "op":
      return { name: label, args: { number: value, intended_ns: aux, ...pathArgs(e, window.paths) } };
    case "work":
      return { name: label, args: { of: value, ...(aux >= 0 ? { for: comm(aux) } : {}) } };
    case "hold":
      return { name: title("hold", mode, site), args: { ...lock, holder: comm(e.task) } };
    case "wait":
      return { name: title("wait", mode, site), args: lock };
    case "vma-wait":
      return { name: `wait for readers of ${label}`, args: { lock: label, mm, mode, site } };
    case "sleep":
      return { name: label, args: { cause: label, site } };
    case "run-queue":
      return { name: "run queue", args: {} };
    case "io":
      return { name: `page ${value}`, args: { device: label, page: value, pages: aux, task: comm(e.task), site } };
    case "async_pf":
      return { name: `gfn ${value}`, args: { gfn: value, token: aux, vcpu: comm(e.task), how: label } };
  }
}

/** A wait, with who made it: `holder` and `cause` are those of its largest charge, `charges` are all of them in order. */
export function waitItem(wait: ChargedWait, { tasks }: EventWindow): Item {
  const { task, mm, mode, site, from, to, charges } = wait;
  const comm = (nr: number): string => tasks[nr]?.comm ?? "";
  const told = charges.map((charge) => ({
    holder: comm(charge.holder),
    ...(charge.holderMode === "" ? {} : { holder_mode: charge.holderMode }),
    holder_site: charge.holderSite,
    cause: charge.cause,
    ...(charge.carrier < 0 ? {} : { carrier: comm(charge.carrier) }),
    ns: charge.to - charge.from,
  }));
  const main = told[charges.indexOf(longest(charges))];
  const args = { lock: mm, mode, site, holder: main?.holder, cause: main?.cause, charges: told };
  return { of: wait, kind: "wait", task, from, to, name: title("wait", mode, site), args };
}

function longest(charges: readonly Charge[]): Charge {
  return charges.reduce((most, charge) => (charge.to - charge.from > most.to - most.from ? charge : most));
}

/** Where an operation's time went, ns by what was done. */
function pathArgs({ task, label, value }: SavedEvent, paths: readonly OperationPath[]): Args {
  const path = paths.find((one) => one.task === task && one.op === label && one.number === value);
  if (path === undefined) return {};
  const spent: Record<string, number> = {};
  for (const { doing, from, to } of path.segments) spent[doing] = (spent[doing] ?? 0) + to - from;
  return { latency_ns: path.to - path.from, path_ns: spent };
}

function title(what: string, mode: string, site: string): string {
  return site === "" ? `${what} ${mode}` : `${what} ${mode} ${site}`;
}
