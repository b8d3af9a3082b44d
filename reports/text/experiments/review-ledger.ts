import type { Fault, Judgement } from "../../../sim/experiments/review.ts";
import { formatDuration } from "../../words/format-duration.ts";
import { type Column, textTable } from "../../words/text-table.ts";
import { beside, wrap } from "../../words/sentences.ts";

/** One suggestion of the review of 26 Sep 2014, as a change of the posted patch. */
export interface Suggested {
  /** Its rows among the numbered statements of the mail. */
  readonly rows: string;
  readonly words: string;
  readonly who: string;
  /** The variant that is the posted patch with it alone. */
  readonly variant: string;
  readonly upstream: string;
}

/** The posted patch, then each suggestion of its review, in the order of the mail; then what was merged. */
export const suggested: readonly Suggested[] = [
  { rows: "-", words: "as posted", who: "Andrea Arcangeli", variant: "rfc", upstream: "replaced by v4.0's form" },
  {
    rows: "S58, S62",
    words: "Set lock_dropped = 1. In case we break out too soon",
    who: "Andres Lagar-Cavilla",
    variant: "rfc+gup=rfc:early-drop",
    upstream: "not taken; it changes nothing",
  },
  {
    rows: "S59",
    words: "Replace top two lines",
    who: "Andres Lagar-Cavilla",
    variant: "rfc+gup=rfc:add-again",
    upstream: "not taken: the line stands to this day",
  },
  {
    rows: "S63",
    words: "s/nr_pages/1/",
    who: "Andres Lagar-Cavilla",
    variant: "rfc+gup=rfc:one-page",
    upstream: "taken",
  },
  {
    rows: "S65, S66",
    words: "fixing that one case inside __gup",
    who: "Andres Lagar-Cavilla",
    variant: "rfc+gup=rfc:guard-errno",
    upstream: "not taken; the guard page itself is gone since about v4.12",
  },
  {
    rows: "S67",
    words: "Don't think so. So remove",
    who: "Andres Lagar-Cavilla",
    variant: "rfc+gup=rfc:no-errno",
    upstream: "not taken: the line stands to this day",
  },
  {
    rows: "S71",
    words: "s/immediate_unlock/notify_drop/",
    who: "Andres Lagar-Cavilla",
    variant: "rfc+gup=rfc:rename",
    upstream: "taken, with the test turned round",
  },
  { rows: "all", words: "all of them, to the letter", who: "", variant: "reviewed", upstream: "" },
  { rows: "-", words: "as merged", who: "Andrea Arcangeli", variant: "v4.0", upstream: "v4.0" },
];

/** A row of the ledger. */
export interface LedgerRow extends Suggested {
  readonly judgement: Judgement;
}

const columns: readonly Column<LedgerRow>[] = [
  { head: "row", rank: 0, align: "left", cell: ({ rows }) => rows },
  { head: "suggestion", rank: 0, align: "left", cell: ({ words }) => words },
  { head: "BUGs", rank: 0, align: "left", cell: ({ judgement }) => fault(judgement.bugs) },
  { head: "wrong count", rank: 0, align: "left", cell: ({ judgement }) => fault(judgement.wrongCounts) },
  { head: "lost errno", rank: 0, align: "left", cell: ({ judgement }) => fault(judgement.lostErrors) },
  { head: "untold drop", rank: 0, align: "left", cell: ({ judgement }) => fault(judgement.unreportedDrops) },
  { head: "empty page", rank: 0, align: "left", cell: ({ judgement }) => fault(judgement.emptyPages) },
  { head: "longest hold", rank: 0, align: "right", cell: ({ judgement }) => hold(judgement.longestHold_ns) },
];

/** The ledger as text. Ends with a newline. */
export function ledgerText(rows: readonly LedgerRow[], width: number): string {
  const vectors = rows[0]?.judgement.vectors ?? 0;
  return [
    ...wrap("the review of 26 Sep 2014: each suggestion alone on the posted patch", width, ""),
    textTable(columns, rows, width),
    "",
    ...rows
      .filter(({ who }) => who !== "")
      .flatMap(({ rows: row, who, upstream }) => beside(row, `${who}; ${upstream}`, 10, width)),
    "",
    ...wrap(
      `tried on all ${vectors} vectors of pages P, I, E, R and X (litmus --help); a cell is how many are wrong, and the smallest. Longest hold: over PPIPPIPP. untold drop: get_user_pages_locked dropped the lock and its caller is not told.`,
      width,
      "",
    ),
    ...wrap(
      "empty page: a walk for mlock counts a stack guard page that it did not get (vectors of P and G; litmus G --mlock). So one page never returns 0, as S65 fears, but 1 without a page.",
      width,
      "",
    ),
    "",
  ].join("\n");
}

function fault({ count, smallest }: Fault): string {
  return count === 0 ? "-" : `${count} ${smallest}`;
}

function hold(ns: number | null): string {
  return ns === null ? "for ever" : formatDuration(ns);
}
