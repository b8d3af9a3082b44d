import type { LongWait } from "../../measure/lock/longest-wait.ts";
import type { Replication } from "../replication.ts";

/** The longest wait of a replication and the seed it was seen with. */
export interface SeedWait extends LongWait {
  readonly seed: string;
}

/** The longest wait of all replications, of readers if any waited; of equals the first. `null` when nobody waited. */
export function worstWait(replications: readonly Replication[]): SeedWait | null {
  const waits = replications.flatMap(({ seed, longest_wait }) =>
    longest_wait === null ? [] : [{ ...longest_wait, seed }],
  );
  const readers = waits.filter(({ mode }) => mode === "R");
  const candidates = readers.length > 0 ? readers : waits;
  return candidates.reduce<SeedWait | null>(
    (worst, wait) => (worst === null || wait.to - wait.from > worst.to - worst.from ? wait : worst),
    null,
  );
}
