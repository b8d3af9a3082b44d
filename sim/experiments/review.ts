/** The suggestions of the 2014 review, each tried alone on every small page vector. */
import { parseVariant } from "../kernels/variant.ts";
import { defaultLitmusCosts, type LitmusPage, runLitmus } from "./litmus.ts";

const kinds = ["P", "I", "E", "R", "X"] as const satisfies readonly LitmusPage[];

/** Vectors with a stack guard page, for walks of mlock. */
const guarded = ["P", "G"] as const satisfies readonly LitmusPage[];
const longestGuarded = 2;

/** What a form of the function does wrong, by the smallest vector that shows it; null where none does. */
export interface Judgement {
  readonly vectors: number;
  /** It hits its own BUG_ON. */
  readonly bugs: Fault;
  /** It got pages and reports another number. */
  readonly wrongCounts: Fault;
  /** It got none and reports no error. */
  readonly lostErrors: Fault;
  /** get_user_pages_locked dropped the lock and did not tell. */
  readonly unreportedDrops: Fault;
  /** A walk for mlock counts a stack guard page that it did not get. */
  readonly emptyPages: Fault;
  /** Longest hold over the vector PPIPPIPP, ns; without end after a BUG. */
  readonly longestHold_ns: number | null;
}

/** How many vectors, and the smallest of them. */
export interface Fault {
  readonly count: number;
  readonly smallest: string | null;
}

/**
 * Tries a variant on every vector of 1 to `longest` pages of P, I, E, R and X.
 *
 * @throws UnknownVariantError for a variant that does not exist.
 */
export function judge(variantName: string, longest: number): Judgement {
  const variant = parseVariant(variantName);
  const faults = { bugs: none(), wrongCounts: none(), lostErrors: none(), unreportedDrops: none(), emptyPages: none() };
  let vectors = 0;
  for (const vector of allVectors(longest)) {
    vectors++;
    const call = { prefault: false, mlock: false, ignoreBugs: false };
    const { result, bug, pages_got } = runLitmus(vector, variant, defaultLitmusCosts, call);
    const got = pages_got.length;
    if (bug !== null) note(faults.bugs, vector);
    else if (got > 0 && result !== got) note(faults.wrongCounts, vector);
    else if (got === 0 && result === 0) note(faults.lostErrors, vector);
    const locked = runLitmus(vector, variant, defaultLitmusCosts, { ...call, isLocked: true });
    if (locked.drop_unreported) note(faults.unreportedDrops, vector);
  }
  for (const vector of allVectors(longestGuarded, guarded)) {
    const { result, pages_got } = runLitmus(vector, variant, defaultLitmusCosts, {
      prefault: false,
      mlock: true,
      ignoreBugs: true,
    });
    if (result !== null && result > pages_got.length && vector.includes("G")) note(faults.emptyPages, vector);
  }
  const whole = [..."PPIPPIPP"] as LitmusPage[];
  const call = { prefault: false, mlock: false, ignoreBugs: false };
  const { bug, max_hold_ns } = runLitmus(whole, variant, defaultLitmusCosts, call);
  return { vectors, ...faults, longestHold_ns: bug === null ? max_hold_ns : null };
}

/** Shortest first. */
function* allVectors(longest: number, of: readonly LitmusPage[] = kinds): Generator<LitmusPage[]> {
  let level: LitmusPage[][] = [[]];
  for (let length = 1; length <= longest; length++) {
    level = level.flatMap((head) => of.map((kind) => [...head, kind]));
    yield* level;
  }
}

function none(): { count: number; smallest: string | null } {
  return { count: 0, smallest: null };
}

function note(fault: { count: number; smallest: string | null }, vector: readonly LitmusPage[]): void {
  fault.count++;
  fault.smallest ??= vector.join("");
}
