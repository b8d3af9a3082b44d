import type { SKRSContext2D } from "@napi-rs/canvas";
import type { EventWindow } from "../../../sim/measure/window/window.ts";
import { doingText, ioCauses } from "../../documents/blame.ts";
import { formatCount, formatDuration } from "../../words/format-duration.ts";
import { captionColumns } from "../line-chart.ts";
import { plot, Strip } from "./strip.ts";
import { grey, size } from "../style.ts";
import {
  type BlamedWait,
  type Lanes,
  lanesOf,
  type LockLane,
  peakOf,
  type Span,
  type TaskLane,
} from "./timeline-lanes.ts";
import { percent } from "../../words/shares.ts";
import { plural, wrap } from "../../words/sentences.ts";

/** Pixels. */
const ownersHeight = 20;
const queueHeight = 34;
const lockHeight = ownersHeight + queueHeight + 18;
const lane = { most: 30, least: 17, gap: 3 } as const;
/** Locks that are shown. */
const mostLocks = 2;

const looks = {
  R: "#1f7a8c",
  W: "#a4305e",
  io: "#f3cfe3",
  other: "#e0e0e0",
  wait: "#e69f00",
  away: "#999999",
} as const;

/** Draws the strip of a window: each lock's owners and waiters, and the tasks that held it or waited for it. */
export function drawTimeline(context: SKRSContext2D, window: EventWindow): void {
  const lanes = lanesOf(window);
  const strip = new Strip(context, lanes);
  const locks = lanes.locks.slice(0, mostLocks);
  const top = plot.top + lockHeight * locks.length;
  const tasks = lanes.tasks.slice(0, Math.floor((plot.bottom - top) / lane.least));
  const height = Math.min(lane.most, (plot.bottom - top) / Math.max(1, tasks.length));
  const centred = { px: 12, align: "center" } as const;
  strip.text(timelineTitle(window), size.width / 2, 24, { ...centred, px: 17, bold: true });
  for (const [i, line] of longestWords(window, lanes.longest).entries()) {
    strip.text(line, size.width / 2, 46 + 17 * i, centred);
  }
  legend(strip, 92);
  strip.axis();
  for (const [i, lock] of locks.entries()) drawLock(strip, lock, plot.top + lockHeight * i);
  for (const [i, task] of tasks.entries()) drawTask(strip, window, task, { y: top + height * i, height });
  if (lanes.longest !== null) drawLongest(strip, lanes.longest, tasks, (i) => ({ y: top + height * i, height }));
  if (lanes.tasks.length === 0)
    strip.text("no task held or waited for an mmap_sem", (plot.left + plot.right) / 2, 280, { ...centred, px: 14 });
  for (const [i, line] of timelineCaption(window, lanes, tasks.length, locks.length).entries()) {
    strip.text(line, size.width / 2, plot.bottom + 38 + 16 * i, { ...centred, colour: grey });
  }
}

/** What the strip is of. */
export function timelineTitle({ scenario, variant, from_ns, to_ns }: EventWindow): string {
  return `${scenario}, ${variant}: ${formatDuration(to_ns - from_ns)} of its mmap_sem`;
}

/** Who waited longest, and for whom: at most two lines. */
export function longestWords({ tasks }: EventWindow, longest: BlamedWait | null): string[] {
  if (longest === null) return ["nobody waited"];
  const { wait, charge, share } = longest;
  const comm = (task: number): string => tasks[task]?.comm ?? "?";
  const whose = charge.holderMode === "" ? "the wake-up of " : "";
  const holder = `${whose}${comm(charge.holder)} in ${charge.holderSite}`;
  const mode = charge.holderMode === "" ? "" : ` (-${charge.holderMode}) ${doingText(charge.cause)}`;
  const carried = charge.carrier < 0 ? "" : `, behind the queued writer ${comm(charge.carrier)}`;
  return wrap(
    `longest wait: ${comm(wait.task)} in ${wait.site} (-${wait.mode}), ${formatDuration(wait.to - wait.from)}; ` +
      `${percent(share)} of it is ${holder}${mode}${carried}`,
    captionColumns,
    "",
  );
}

/** What is not shown, and where the strip comes from. */
export function timelineCaption(window: EventWindow, lanes: Lanes, tasks: number, locks: number): string[] {
  const missing = [
    ...(lanes.tasks.length > tasks
      ? [`${plural(lanes.tasks.length - tasks, "more task")} with the lock not shown`]
      : []),
    ...(lanes.locks.length > locks ? [`${plural(lanes.locks.length - locks, "more lock")} not shown`] : []),
    ...(window.left_out > 0 ? [`the last ${formatCount(window.left_out)} events of the window were not kept`] : []),
  ];
  const others = window.tasks.length - lanes.tasks.length;
  const idle = others > 0 ? [`${plural(others, "task")} without the lock left out`] : [];
  const source = `gupsim, scenario ${window.scenario}, variant ${window.variant}, seed ${window.seed}, times since its start`;
  return wrap([...missing, ...idle, source].join("; "), captionColumns, "");
}

function legend(strip: Strip, y: number): void {
  const entries = [
    [looks.R, "holds, -R"],
    [looks.W, "holds, -W"],
    [looks.io, "… asleep for IO"],
    [looks.other, "… other sleep, run queue"],
    [looks.wait, "waits"],
    [looks.away, "IO without the lock"],
  ] as const;
  let x = 150;
  for (const [colour, words] of entries) {
    const inHold = colour === looks.io || colour === looks.other;
    if (inHold) strip.box(x, y - 10, 20, 12, looks.R);
    const [inset, height] = inHold ? [2, 8] : colour === looks.wait ? [3, 6] : colour === looks.away ? [5, 2] : [0, 12];
    strip.box(x, y - 10 + inset, 20, height, colour);
    x += 26 + strip.text(words, x + 26, y, { px: 12 }) + 18;
  }
}

function drawLock(strip: Strip, { mm, writers, readers, waiting }: LockLane, y: number): void {
  const inside = peakOf(readers);
  const queue = peakOf(waiting);
  const [owners, bottom] = [y + ownersHeight, y + ownersHeight + 6 + queueHeight];
  const label = { px: 12, align: "right", fits: plot.left - 16 } as const;
  strip.text(
    `${mm}: inside, at most ${Math.max(inside, writers.length > 0 ? 1 : 0)}`,
    plot.left - 8,
    owners - 5,
    label,
  );
  strip.text(`${mm}: waiting, at most ${queue}`, plot.left - 8, bottom - 12, label);
  if (inside > 0) strip.steps(readers, inside, owners, ownersHeight, looks.R);
  for (const writer of writers) strip.bar(writer, y, ownersHeight, looks.W);
  if (queue > 0) strip.steps(waiting, queue, bottom, queueHeight, looks.wait);
  strip.rule(owners);
  strip.rule(bottom);
}

interface Place {
  readonly y: number;
  readonly height: number;
}

function drawTask(
  strip: Strip,
  window: EventWindow,
  { task, holds, waits, off }: TaskLane,
  { y, height }: Place,
): void {
  const { comm, role } = window.tasks[task] ?? { comm: "?", role: "" };
  const thick = height - lane.gap;
  const base = y + thick / 2 + 4;
  const wide = strip.text(comm, 10, base, { px: 12, fits: 110 });
  strip.text(role, plot.left - 8, base, { px: 11, colour: grey, align: "right", fits: plot.left - 30 - wide });
  strip.rule(y + thick + lane.gap / 2);
  for (const { doing, ...span } of off) {
    if (ioCauses.has(doing)) strip.bar(span, y + thick / 2 - 1, 2, looks.away);
  }
  for (const hold of holds) {
    strip.bar(hold, y, thick, looks[hold.mode]);
    for (const { doing, ...span } of off) {
      const within = overlap(hold, span);
      if (within !== null) strip.bar(within, y + 3, thick - 6, ioCauses.has(doing) ? looks.io : looks.other);
    }
  }
  for (const wait of waits) strip.bar(wait, y + thick / 4, thick / 2, looks.wait);
}

/** A frame around the longest wait, and an arrow from it to the hold it is charged to. */
function drawLongest(
  strip: Strip,
  { wait, charge }: BlamedWait,
  tasks: readonly TaskLane[],
  placeOf: (i: number) => Place,
): void {
  const [waiter, holder] = [wait.task, charge.holder].map((task) => tasks.findIndex((shown) => shown.task === task));
  const seen = overlap(wait, strip.span);
  if (waiter === undefined || waiter < 0 || seen === null) return;
  const at = placeOf(waiter);
  strip.outline(seen, at.y, at.height - lane.gap);
  const blamed = overlap(charge, strip.span);
  if (holder === undefined || holder < 0 || holder === waiter || blamed === null) return;
  const target = placeOf(holder);
  const x = strip.x((blamed.from + blamed.to) / 2);
  if (holder > waiter) strip.arrow(x, at.y + at.height - lane.gap, target.y);
  else strip.arrow(x, at.y, target.y + target.height - lane.gap);
}

function overlap(a: Span, b: Span): Span | null {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return to > from ? { from, to } : null;
}
