import type { LitmusCosts, LitmusOutcome } from "../../../sim/experiments/litmus.ts";
import type { Segment } from "../../../sim/measure/litmus-recorder.ts";

/** One vector's outcomes, as `litmus --format json` prints them. */
export interface LitmusDocument {
  readonly schema: "gupsim/litmus/v1";
  readonly pages: string;
  readonly prefault: boolean;
  readonly costs: LitmusCosts;
  readonly variants: readonly Record<string, unknown>[];
}

/**
 * The document of one vector.
 *
 * @param withLeaks assertions were compiled out: `leaked_references` is part of each answer.
 */
export function litmusDocument(
  pages: string,
  prefault: boolean,
  costs: LitmusCosts,
  outcomes: readonly LitmusOutcome[],
  withLeaks: boolean,
): LitmusDocument {
  const variants = outcomes.map(
    ({ timeline: _timeline, pages_got: _pages, drop_unreported: _drop, leaked_references, ...answer }) =>
      withLeaks ? { ...answer, leaked_references } : answer,
  );
  const { walk_ns, submit_ns, io_ns, map_ns, fail_ns } = costs;
  return {
    schema: "gupsim/litmus/v1",
    pages,
    prefault,
    costs: { walk_ns, submit_ns, io_ns, map_ns, fail_ns },
    variants,
  };
}

/** A time line for each variant, to read beside the source. Times in us. */
export function litmusText(document: LitmusDocument, outcomes: readonly LitmusOutcome[], withLeaks: boolean): string {
  const { pages, prefault, costs } = document;
  const head = [
    `${pages}${prefault ? "  (prefault: no pages array)" : ""}`,
    `walk ${us(costs.walk_ns)}, submit ${us(costs.submit_ns)}, io ${us(costs.io_ns)}, map ${us(costs.map_ns)}, fail ${us(costs.fail_ns)} us`,
    "# lock held, on CPU   % lock held over IO   ~ IO without the lock; us, not to scale",
    "",
  ];
  const width = Math.max(12, ...outcomes.map(({ variant }) => variant.length));
  const rows = outcomes.flatMap((outcome) => [
    `${outcome.variant.padEnd(width)} ${bar(outcome)}`,
    `${"".padEnd(width)} ${summary(outcome, withLeaks)}`,
    "",
  ]);
  return [...head, ...rows].join("\n");
}

function summary(outcome: LitmusOutcome, withLeaks: boolean): string {
  const { acquisitions: n } = outcome;
  const parts = [
    answer(outcome),
    `${n} acquisition${n === 1 ? "" : "s"}`,
    `held ${us(outcome.total_hold_ns)}`,
    `longest ${us(outcome.max_hold_ns)}`,
    `unlocked wait ${us(outcome.unlocked_wait_ns)}`,
  ];
  if (outcome.lock_held_at_end) parts.push("lock held for ever");
  if (withLeaks && outcome.leaked_references > 0) parts.push(`${outcome.leaked_references} references leak`);
  return parts.join(", ");
}

function answer(outcome: LitmusOutcome): string {
  if (outcome.bug !== null) return `BUG_ON(${outcome.bug})`;
  return `returns ${outcome.errno === null ? outcome.result : `-${outcome.errno}`}`;
}

function bar(outcome: LitmusOutcome): string {
  const io = outcome.timeline.filter(({ what }) => what === "io");
  const holds = outcome.timeline.filter(({ what }) => what === "hold");
  const pieces = [
    ...io.map((part) => ({ from: part.from, text: stretch(part.held ? "%" : "~", part) })),
    ...holds.flatMap((hold) => onCpu(hold, io).map((part) => ({ from: part.from, text: stretch("#", part) }))),
  ].sort((a, b) => a.from - b.from);
  return `|${pieces.map(({ text }) => text).join("|")}|`;
}

/** The parts of a hold in which the holder is not asleep. */
function onCpu(hold: Segment, io: readonly Segment[]): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let from = hold.from;
  for (const sleep of io) {
    if (!sleep.held || sleep.from < hold.from || sleep.to > hold.to) continue;
    parts.push({ from, to: sleep.from });
    from = sleep.to;
  }
  parts.push({ from, to: hold.to });
  return parts.filter((part) => part.to > part.from);
}

function stretch(sign: string, { from, to }: { from: number; to: number }): string {
  const label = us(to - from);
  const side = sign.repeat(Math.max(1, Math.ceil(Math.log10((to - from) / 1000 + 1))));
  return `${side}${label}${side}`;
}

/** Microseconds without needless digits: 12, 0.5, 1000. */
function us(ns: number): string {
  return String(ns / 1000);
}
