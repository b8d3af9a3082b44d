import { Stream } from "../../sim/engine/random.ts";

/** Waits of customers of a single server by Lindley's recursion: the shortest way to a queue whose truth is known. */
export interface QueueLaw {
  readonly name: string;
  /** Mean service is 1; load 0.7. */
  service(u: number): number;
}

const load = 0.7;

export const mm1: QueueLaw = { name: "M/M/1", service: (u) => -Math.log(1 - u) };
/** Uniform from 0 to 2. */
export const mg1: QueueLaw = { name: "M/G/1, uniform service", service: (u) => 2 * u };

/** Mean wait by Pollaczek and Khinchine, in mean services. */
export function meanWait(law: QueueLaw): number {
  const secondMoment = law === mm1 ? 2 : 4 / 3;
  return (load * secondMoment) / (2 * (1 - load));
}

/** The 90th percentile of the wait of M/M/1, in mean services. */
export const p90OfMm1 = Math.log(load / 0.1) / (1 - load);

/** Mean and 90th percentile of the waits of `customers` after the first `skipped`. */
export function queueRun(
  law: QueueLaw,
  seed: string,
  customers: number,
  skipped: number,
): { mean: number; p90: number } {
  const arrivals = new Stream(seed, law.name, "arrivals");
  const services = new Stream(seed, law.name, "services");
  const waits = new Float64Array(customers);
  let wait = 0;
  let sum = 0;
  for (let i = -skipped; i < customers; i++) {
    if (i >= 0) {
      waits[i] = wait;
      sum += wait;
    }
    const gap = -Math.log(1 - arrivals.uniform()) / load;
    wait = Math.max(0, wait + law.service(services.uniform()) - gap);
  }
  waits.sort();
  return { mean: sum / customers, p90: waits[Math.ceil(0.9 * customers) - 1] as number };
}
