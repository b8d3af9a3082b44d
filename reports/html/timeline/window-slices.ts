import type { EventWindow } from "../../../sim/measure/window/window.ts";
import { type Lasting, type LastingKind, lastingIn } from "../../../sim/spans/lasting.ts";
import type { EventKind } from "../../../sim/trace/kinds.ts";
import type { SliceKind } from "../../page/data.ts";

/** Something that went on for a time, ns since the start of the run. */
export interface Slice {
  readonly kind: SliceKind;
  /** Of an `io` -1. */
  readonly task: number;
  readonly from: number;
  /** `null`: not over when the window ends. */
  readonly to: number | null;
  readonly mm: string;
  /** A site, a reason to sleep, an operation, a mapping or a device. */
  readonly name: string;
  /** Of an operation its number. */
  readonly number: number;
}

/** The last moment of a window that its events tell of: its end, unless events were left out. */
export function lastKnown({ to_ns, left_out, events }: EventWindow): number {
  return left_out > 0 ? (events.at(-1)?.time ?? to_ns) : to_ns;
}

const kinds: Partial<Record<LastingKind, SliceKind>> = {
  op: "operation",
  granted: "granted",
  "vma-hold": "vma-hold",
  "vma-wait": "vma-wait",
  sleep: "sleep",
  "run-queue": "run-queue",
  io: "io",
};

/** Kinds of events that are over at once, and worth a mark. */
const markKinds: ReadonlySet<EventKind> = new Set<EventKind>([
  "gup_retry",
  "section_lost",
  "kvm_async_pf_not_present",
  "kvm_async_pf_ready",
  "server_end",
  "bug",
]);

/**
 * What went on in a window, from its events: holds, waits that were not over, grants, sleeps, time in the run queue, operations, VMA
 * locks and IOs, in the order of their ends, and marks where something happened at once. Waits that were over are in the window itself.
 */
export function windowSlices({ before, events, tasks, from_ns }: EventWindow): Slice[] {
  return lastingIn([...before, ...events], tasks, markKinds)
    .filter(({ to }) => to >= from_ns)
    .flatMap((one) => sliceOf(one));
}

function sliceOf({ kind, from, to, begin }: Lasting): Slice[] {
  const { task, mm, mode, site, label, value } = begin;
  const isOver = Number.isFinite(to);
  const common = { task, from, to: isOver ? to : null, mm, name: label, number: value };
  if (kind === "hold") return [{ ...common, kind: `hold-${mode}`, name: site }];
  if (kind === "wait") return isOver ? [] : [{ ...common, kind: `wait-${mode}`, name: site }];
  if (kind === "moment")
    return [{ ...common, kind: "mark", name: label === "" ? begin.kind : `${begin.kind} (${label})` }];
  if (kind === "run-queue" && from === to) return [];
  const slice = kinds[kind];
  if (slice === undefined) return [];
  if (kind === "granted") return [{ ...common, kind: slice, name: site }];
  if (kind === "run-queue") return [{ ...common, kind: slice, name: "run-queue" }];
  return [{ ...common, kind: slice, task: kind === "io" ? -1 : task }];
}
