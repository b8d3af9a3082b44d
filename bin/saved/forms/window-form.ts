import { z } from "zod";
import type { EventWindow } from "../../../sim/measure/window/window.ts";
import { type EventKind, kindNames, sleepReasons } from "../../../sim/trace/kinds.ts";
import { count, mode, time } from "./parts.ts";

/** A task's number, -1 for none. */
const task = z.int().min(-1);
const doing = [
  ...sleepReasons,
  "cpu",
  "run-queue",
  "wake-up",
  "mmap_sem",
  "vma_lock",
  "start-to-return",
  "not-in-trace",
] as const;

const event = z.object({
  kind: z.enum(kindNames as [EventKind, ...EventKind[]]),
  time,
  task,
  mm: z.string(),
  mode,
  site: z.string(),
  label: z.string(),
  value: z.number(),
  aux: z.number(),
});

const charge = z.object({
  from: time,
  to: time,
  holder: task,
  holderMode: z.enum(["R", "W", ""]),
  holderSite: z.string(),
  cause: z.enum(doing),
  carrier: task,
  carrierSite: z.string(),
});

const wait = z.object({
  task,
  mm: z.string(),
  mode,
  site: z.string(),
  from: time,
  to: time,
  charges: z.array(charge),
});

const path = z.object({
  task,
  op: z.string(),
  number: z.number(),
  from: time,
  to: time,
  segments: z.array(
    z.object({
      from: time,
      to: time,
      task,
      site: z.string(),
      doing: z.enum([...doing, "late", "queued", "delivery"]),
    }),
  ),
});

const overview = z
  .object({
    slot_ns: z.number().positive(),
    wait_p99_ns: z.array(time.nullable()),
    queued: z.array(count),
    in_flight: z.array(count),
  })
  .refine(
    ({ wait_p99_ns, queued, in_flight }) => wait_p99_ns.length === queued.length && queued.length === in_flight.length,
    { error: "its lists must be of one length" },
  );

/** A stretch of events. */
export const windowForm = z
  .object({
    schema: z.literal("gupsim/window/v1"),
    scenario: z.string(),
    variant: z.string(),
    seed: z.string(),
    from_ns: time,
    to_ns: time,
    tasks: z.array(z.looseObject({ comm: z.string(), role: z.string(), pid: z.int().min(0).exactOptional() })),
    before: z.array(event),
    events: z.array(event),
    left_out: count,
    waits: z.array(wait),
    paths: z.array(path),
    overview: overview.nullable().exactOptional(),
  })
  .superRefine(({ from_ns, to_ns, tasks, ...lists }, context) => {
    if (from_ns > to_ns) context.addIssue({ code: "custom", path: ["to_ns"], message: "must not be before from_ns" });
    for (const name of ["before", "events", "waits", "paths"] as const) {
      lists[name].forEach((one, i) => {
        if (one.task >= tasks.length)
          context.addIssue({ code: "custom", path: [name, i, "task"], message: `there is no task ${one.task}` });
      });
    }
  }) as unknown as z.ZodType<EventWindow>;
