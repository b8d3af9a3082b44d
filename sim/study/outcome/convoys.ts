import type { Convoy } from "../../measure/lock/convoys.ts";
import type { Replication } from "../replication.ts";

/** A convoy and the seed it was seen with. */
export interface SeedConvoy extends Convoy {
  readonly seed: string;
}

/** Convoys that are told one by one. */
const most = 5;

/** The worst convoys of all replications, most waiting first. */
export function worstConvoys(replications: readonly Replication[]): SeedConvoy[] {
  return replications
    .flatMap(({ seed, convoys }) => convoys.map((convoy) => ({ seed, ...convoy })))
    .sort((a, b) => b.waited_ns - a.waited_ns)
    .slice(0, most);
}
