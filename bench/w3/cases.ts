import type { SpanListener } from "../../sim/spans/paired.ts";
import type { Checkout } from "../checkout.ts";
import { type Measurement, timed } from "../measurement.ts";
import { runSwitch } from "./switch.ts";
import type { Outcome } from "./tables.ts";

const acquisitions = 3_000_000;
const pairs = 20_000_000;

/** W3 as a hand-written switch: the yardstick, the same in every checkout. */
export function w3Switch(): Measurement {
  return outcomeOf(() => runSwitch(acquisitions));
}

/** W3 through engine and rwsem, `depth` generator frames deep, with listeners or without. */
export async function w3(checkout: Checkout, depth: number, listeners: readonly SpanListener[]): Promise<Measurement> {
  const { runGupsim } = await checkout.w3();
  const heard = await checkout.paired(listeners);
  return outcomeOf(() => runGupsim(acquisitions, depth, heard));
}

function outcomeOf(work: () => Outcome): Measurement {
  return timed(
    work,
    (one) => one.acquisitions,
    (one) => `${one.acquisitions}/${one.contended}/${one.waitSum}/${one.end}`,
  );
}

/** An uncontended down_read and up_read. */
export async function lockPair(checkout: Checkout): Promise<Measurement> {
  const { bareKernel } = await checkout.w3();
  const { task_struct } = await checkout.module<typeof import("../../sim/linux/include/linux/sched.ts")>(
    "sim/linux/include/linux/sched.js",
  );
  const { down_read_fast, up_read_settled } = await checkout.module<
    typeof import("../../sim/linux/kernel/locking/rwsem.ts")
  >("sim/linux/kernel/locking/rwsem.js");
  const { kernel, sem } = bareKernel([]);
  const task = new task_struct(kernel, "reader", "reader", null);
  kernel.tasks.push(task);
  const work = (): void => {
    for (let i = 0; i < pairs; i++) if (down_read_fast(task, sem, "bench")) up_read_settled(task, sem, "bench");
  };
  return timed(
    work,
    () => pairs,
    () => String(sem.readers),
  );
}

/** A sleep that nobody interrupts. */
export async function sleep(checkout: Checkout): Promise<Measurement> {
  const { bareKernel } = await checkout.w3();
  const { task_struct } = await checkout.module<typeof import("../../sim/linux/include/linux/sched.ts")>(
    "sim/linux/include/linux/sched.js",
  );
  const { kernel } = bareKernel([]);
  const task = new task_struct(kernel, "sleeper", "reader", null);
  let queued = 0;
  const work = (): void => {
    for (let i = 0; i < pairs; i++) if (task.sleeps(10)) queued++;
  };
  return timed(
    work,
    () => pairs,
    () => String(queued),
  );
}
