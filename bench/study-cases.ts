import type { Checkout } from "./checkout.ts";
import { type Measurement, timed } from "./measurement.ts";

/** A replication of a bundled scenario, of its first variant and seed 1, as `replicateOnce` measures it; `ops` are events of the engine. */
export async function replication(
  checkout: Checkout,
  scenario: string,
  ...set: readonly string[]
): Promise<Measurement> {
  const { loadScenario, parseVariant, replicateOnce } = await checkout.study();
  const loaded = loadScenario(scenario, set).scenario;
  const variant = parseVariant(loaded.variants[0] as string);
  return timed(
    () => replicateOnce(loaded, variant, "1"),
    ({ events }) => events,
    () => "",
  );
}

/** The same run with nothing listening. */
export async function silent(checkout: Checkout, scenario: string, ...set: readonly string[]): Promise<Measurement> {
  const { loadScenario, parseVariant, runScenario } = await checkout.study();
  const loaded = loadScenario(scenario, set).scenario;
  const variant = parseVariant(loaded.variants[0] as string);
  return timed(
    () => runScenario(loaded, variant, "1", []),
    ({ moves }) => moves,
    () => "",
  );
}

/** kvm-swap with `vcpus` that pause the longer the more they are: the same load from ever more tasks. */
export function crowd(checkout: Checkout, vcpus: number): Promise<Measurement> {
  return compiled(
    checkout,
    "duration=20s",
    `tasks.vcpus.count=${vcpus}`,
    `tasks.vcpus.think={ exponential: ${vcpus / 2}ms }`,
  );
}

/** kvm-swap for so long. */
export function lasting(checkout: Checkout, duration: string): Promise<Measurement> {
  return compiled(checkout, `duration=${duration}`);
}

/** A replication of kvm-swap in a process that has run it before, so that a short one is not mostly compiling. */
async function compiled(checkout: Checkout, ...set: readonly string[]): Promise<Measurement> {
  await replication(checkout, "kvm-swap", "duration=20s");
  return replication(checkout, "kvm-swap", ...set);
}
