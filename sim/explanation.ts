/** Why something is in the model, for `gupsim explain`. Each field is a sentence or two. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  /** Who said it in the mail of 26 Sep 2014, with a few of the words; null where the mail has nothing of it. */
  readonly said: string | null;
  /** What later happened to it; null where nothing did that matters here. */
  readonly later: string | null;
  /** Kernel version and file, the mail, or whose idea it is. */
  readonly source: string;
}

/** The fields of an explanation, in their order. */
export function explain(
  what: string,
  why: string,
  said: string | null,
  later: string | null,
  source: string,
): Explanation {
  return { what, why, said, later, source };
}
