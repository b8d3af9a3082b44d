import type { ChargedWait, EventWindow, OperationPath } from "../../../sim/measure/window/window.ts";
import { type PagePath, type PageSlices, type PageWait, type PageWindow, sliceKinds } from "../../page/data.ts";
import { lastKnown, type Slice, windowSlices } from "./window-slices.ts";

/** Gives each text a number, and the list of them. */
class Numbers {
  readonly texts: string[] = [];
  private readonly known = new Map<string, number>();

  of(text: string): number {
    let number = this.known.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.known.set(text, number);
    }
    return number;
  }
}

/** A window as a page has it. @param variant its number among the page's. */
export function pageWindow(window: EventWindow, variant: number): PageWindow {
  const names = new Numbers();
  const mms = new Numbers();
  const start = window.from_ns;
  const end = lastKnown(window);
  const waits = window.waits.filter(({ from, to }) => to > from && from < end);
  const paths = window.paths.filter(({ from }) => from < end);
  return {
    variant,
    seed: window.seed,
    from_ns: start,
    length: end - start,
    left_out: window.left_out,
    tasks: window.tasks.map(({ comm, role }) => [comm, role] as const),
    slices: columns([...waits.map(sliceOfWait), ...others(window, waits)], paths, { start, names, mms }),
    waits: waits.map((wait) => pageWait(wait, paths, { start, names, mms })),
    paths: paths.map((path) => pagePath(path, start, names)),
    mms: mms.texts,
    names: names.texts,
    overview: window.overview ?? null,
  };
}

interface Tables {
  readonly start: number;
  readonly names: Numbers;
  readonly mms: Numbers;
}

/** What went on beside these waits. One that was over only after the window is open in the window's events, and known here. */
function others(window: EventWindow, waits: readonly ChargedWait[]): Slice[] {
  const keyOf = ({ task, mm, from }: { task: number; mm: string; from: number }): string => `${task} ${mm} ${from}`;
  const known = new Set(waits.map(keyOf));
  const isWait = ({ kind }: Slice): boolean => kind === "wait-R" || kind === "wait-W";
  return windowSlices(window).filter((slice) => !isWait(slice) || !known.has(keyOf(slice)));
}

function sliceOfWait({ task, mm, mode, site, from, to }: ChargedWait, number: number): Slice {
  return { kind: `wait-${mode}`, task, from, to, mm, name: site, number };
}

function columns(slices: readonly Slice[], paths: readonly OperationPath[], tables: Tables): PageSlices {
  const { start, names, mms } = tables;
  const pathOf = new Map(paths.map(({ task, op, number }, i) => [`${task} ${op} ${number}`, i]));
  const reference = ({ kind, task, to, name, number }: Slice): number => {
    if (to === null) return -1;
    if (kind === "operation") return pathOf.get(`${task} ${name} ${number}`) ?? -1;
    return kind === "wait-R" || kind === "wait-W" ? number : -1;
  };
  return {
    kind: slices.map(({ kind }) => sliceKinds.indexOf(kind)),
    task: slices.map(({ kind, task, name }) => (kind === "io" ? names.of(name) : task)),
    from: slices.map(({ from }) => from - start),
    to: slices.map(({ to }) => (to === null ? null : to - start)),
    mm: slices.map(({ mm }) => (mm === "" ? -1 : mms.of(mm))),
    name: slices.map(({ name }) => names.of(name)),
    ref: slices.map(reference),
  };
}

function pageWait(wait: ChargedWait, paths: readonly OperationPath[], { start, names, mms }: Tables): PageWait {
  const modes = ["", "R", "W"];
  return {
    task: wait.task,
    mm: mms.of(wait.mm),
    mode: wait.mode,
    site: names.of(wait.site),
    from: wait.from - start,
    to: wait.to - start,
    path: pathOfWait(wait, paths),
    charges: wait.charges.flatMap((charge) => [
      charge.to - charge.from,
      charge.holder,
      modes.indexOf(charge.holderMode),
      names.of(charge.holderSite),
      names.of(charge.cause),
      charge.carrier,
      charge.carrier < 0 ? -1 : names.of(charge.carrierSite),
    ]),
  };
}

/** The operation that a wait delayed: the one in whose path the task waits for a lock meanwhile, most of the time; -1 for none. */
export function pathOfWait({ task, from, to }: ChargedWait, paths: readonly OperationPath[]): number {
  let found = -1;
  let most = 0;
  for (const [i, { segments }] of paths.entries()) {
    let shared = 0;
    for (const segment of segments) {
      if (segment.task !== task || (segment.doing !== "mmap_sem" && segment.doing !== "wake-up")) continue;
      shared += Math.max(0, Math.min(to, segment.to) - Math.max(from, segment.from));
    }
    if (shared > most) [found, most] = [i, shared];
  }
  return found;
}

function pagePath({ task, op, number, from, to, segments }: OperationPath, start: number, names: Numbers): PagePath {
  return {
    task,
    op: names.of(op),
    number,
    from: from - start,
    to: to - start,
    segments: segments.flatMap((part) => [part.to - part.from, part.task, names.of(part.site), names.of(part.doing)]),
  };
}
