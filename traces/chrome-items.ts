import type { Charge, ChargedWait, EventWindow, OperationPath } from "../sim/measure/window/window.ts";
import { type EventOf, eventOf, type SavedEvent } from "../sim/trace/event.ts";
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

function reads(kind: IntervalKind, begin: SavedEvent, window: EventWindow): { name: string; args: Args } {
  const comm = (task: number): string => window.tasks[task]?.comm ?? "";
  const { mm, mode, site } = begin;
  const lock = { lock: mm, mode, site };
  if (kind === "hold") return { name: title("hold", mode, site), args: { ...lock, holder: comm(begin.task) } };
  if (kind === "wait") return { name: title("wait", mode, site), args: lock };
  if (kind === "run-queue") return { name: "run queue", args: {} };
  const e = eventOf(begin);
  switch (e.kind) {
    case "op_begin": {
      const { op, number, intended_ns } = e;
      return { name: op, args: { number, intended_ns, ...pathArgs(e, window.paths) } };
    }
    case "work_begin":
      return { name: e.work, args: { of: e.of, ...(e.for >= 0 ? { for: comm(e.for) } : {}) } };
    case "vma_wait_begin":
      return { name: `wait for readers of ${e.vma}`, args: { lock: e.vma, mm, mode, site } };
    case "sleep":
      return { name: e.reason, args: { cause: e.reason, site } };
    case "io_submit": {
      const { device, page, pages } = e;
      return { name: `page ${page}`, args: { device, page, pages, task: comm(e.task), site } };
    }
    case "kvm_async_pf_not_present":
      return { name: `gfn ${e.gfn}`, args: { gfn: e.gfn, token: e.token, vcpu: comm(e.task), how: e.how } };
    default:
      return { name: e.kind, args: {} };
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
function pathArgs({ task, op, number }: EventOf<"op_begin">, paths: readonly OperationPath[]): Args {
  const path = paths.find((one) => one.task === task && one.op === op && one.number === number);
  if (path === undefined) return {};
  const spent: Record<string, number> = {};
  for (const { doing, from, to } of path.segments) spent[doing] = (spent[doing] ?? 0) + to - from;
  return { latency_ns: path.to - path.from, path_ns: spent };
}

function title(what: string, mode: string, site: string): string {
  return site === "" ? `${what} ${mode}` : `${what} ${mode} ${site}`;
}
