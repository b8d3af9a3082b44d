import { z } from "zod";
import { callerNames, sites } from "../../sim/callers/callers.ts";
import { patchSites, siteForms } from "../../sim/callers/patch-sites.ts";
import { procFiles } from "../../sim/callers/proc.ts";
import { costNames } from "../../sim/costs.ts";
import { budgetForm } from "./budget.ts";
import { paramForm } from "../read/layers.ts";
import { parseDuration, parsePages, parseShare, UnitError } from "../units.ts";

/** Largest mapping: 1 TiB. The state of a page is one byte, which costs memory where there is something to say. */
const maxPages = 2 ** 28;
const maxTasks = 4096;
const maxDurationNs = 3600e9;

/** A value read by `read`, whose message becomes the problem. In the JSON Schema it is a string like the examples. */
function quantity(read: (value: unknown) => number, description: string, examples: string[]) {
  return z
    .unknown()
    .transform((value, context) => {
      try {
        return read(value);
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
        return z.NEVER;
      }
    })
    .meta({ description, examples });
}

const duration = quantity(parseDuration, "a duration with its unit", ["10us", "1.5ms", "2s"]);
const pages = quantity(parsePages, "a size with its unit, in whole pages of 4 KiB", ["128KiB", "4GiB", "8 pages"]);
const share = quantity(parseShare, "a share", ["60%"]);
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, "a name has small letters, digits, - and _, and begins with a letter or digit");
const costsName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, "a name of costs has small letters, digits, dots, - and _");
const count = z.int().min(1).max(maxTasks);

const positive = duration.refine((ns) => ns > 0, "must be longer than 0");
const lawForms = z.union(
  [
    z.strictObject({ constant: duration }),
    z.strictObject({
      uniform: z
        .strictObject({ min: duration, max: duration })
        .refine(({ min, max }) => max >= min, "max is less than min"),
    }),
    z.strictObject({ exponential: positive }),
    z.strictObject({
      lognormal: z
        .strictObject({ p50: positive, p99: positive })
        .refine(({ p50, p99 }) => p99 >= p50, "p99 is less than p50"),
    }),
    z.strictObject({ pareto: z.strictObject({ min: positive, alpha: z.number().positive() }) }),
    z.strictObject({ fio: z.string().min(1), job: z.string().optional(), io: z.enum(["read", "write"]).optional() }),
    z.strictObject({ hgrm: z.string().min(1), unit: z.enum(["ns", "us", "ms", "s"]).optional() }),
  ],
  {
    error:
      "expected a duration or one of constant, uniform {min, max}, exponential, lognormal {p50, p99}, pareto {min, alpha}, fio, hgrm",
  },
);

/** A law of durations. A duration alone is a constant. */
export const law = z.unknown().transform((value, context): z.output<typeof lawForms> => {
  if (typeof value !== "object" || value === null) {
    const read = duration.safeParse(value);
    if (read.success) return { constant: read.data };
    context.addIssue({ code: "custom", message: read.error.issues[0]?.message ?? "not a duration" });
    return z.NEVER;
  }
  const form = formOf(value);
  const read = (form ?? lawForms).safeParse(value, { reportInput: true });
  if (read.success) return read.data as z.output<typeof lawForms>;
  for (const issue of read.error.issues) context.addIssue(issue as never);
  return z.NEVER;
});

/** The member of the union that the first key names, so that its own problems are reported. */
function formOf(value: object): z.ZodType | undefined {
  const [key = ""] = Object.keys(value);
  return lawForms.options.find((option) => Object.keys(option.shape)[0] === key);
}

const stalls = z.strictObject({ share, stall: law });

const device = z.strictObject({
  kind: z.enum(["swap", "file", "fuse", "zram", "userfaultfd"]),
  latency: law,
  depth: z
    .union([z.int().min(1).max(65536), z.literal("unlimited")], {
      error: "expected a whole number of at least 1, or unlimited",
    })
    .default(32),
  queue: z.int().min(1).max(1_000_000).optional(),
  readahead: pages.default(1),
  user_mode_only: z.boolean().default(false),
  delay_queue: z.boolean().default(false),
  server: z.strictObject({ mm: name, takes: z.enum(["mmap", "proc"]) }).optional(),
  stalls: stalls.optional(),
  ends: z.strictObject({ after: duration, how: z.enum(["hangs", "exits"]) }).optional(),
});

const vmaSize = pages.refine((n) => n <= maxPages, "is more than 1TiB");

const vma = z.strictObject({
  kind: z.enum(["anon", "file", "shmem", "hugetlb"]),
  size: vmaSize,
  resident: share.default(1),
  keep: share.optional(),
  backing: name.optional(),
  reclaim: law.optional(),
  random: z.boolean().default(false),
  thp: z.boolean().default(false),
  cow: share.default(0),
  poisoned: share.default(0),
  io_errors: share.default(0),
  direct_reclaim: stalls.optional(),
  dirty_throttle: stalls.optional(),
});

const otherVmas = z.int().min(0).max(65536);
const mm = z.strictObject({
  vmas: z.record(name, vma),
  other_vmas: z
    .union([otherVmas, z.strictObject({ count: otherVmas, pages: vmaSize })], {
      error: "expected a whole number from 0 to 65536, or {count, pages}",
    })
    .default(0),
  arg_start: name.optional(),
});

const pace = {
  count: count.default(1),
  every: law.optional(),
  think: law.optional(),
  compute: law.optional(),
  timer_slack: duration.default(50_000),
  start: duration.optional(),
  once: z.boolean().default(false),
};
const asyncPf = z.union([z.boolean(), z.strictObject({ possible: share.default(1), user_mode: share.default(1) })]);

/** Sites whose conversion can be chosen: those of the patch that a role of a scenario can reach. */
const convertibleNames = [...new Set([...patchSites.map((one) => one.site), "madvise_populate"])];
const order = z.enum(["random", "sequential", "shared"]).default("random");
const pageCount = z.int().min(1).max(1024);
const task = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("kvm_vcpu"),
    ...pace,
    mm: name,
    touch: name,
    order,
    write: share.default(1),
    guest_tasks: z.int().min(1).max(1024).default(1),
    async_pf: asyncPf.default(true),
  }),
  z.strictObject({
    role: z.literal("user_thread"),
    ...pace,
    mm: name,
    touch: name,
    order,
    write: share.default(1),
    access: z.enum(["user", "kernel"]).default("user"),
  }),
  z.strictObject({ role: z.literal("madvise_populate"), ...pace, mm: name, touch: name, order, pages: pageCount }),
  z.strictObject({
    role: z.literal("proc_reader"),
    ...pace,
    file: z.enum(Object.keys(procFiles)),
    target: name,
    cycles: z.int().min(1).max(1_000_000).optional(),
  }),
  z.strictObject({
    role: z.literal("mm_writer"),
    ...pace,
    mm: name,
    op: z.literal("mmap+munmap"),
    size: vmaSize,
    touch: z.int().min(0).max(maxPages).default(0),
    merges: z.boolean().default(true),
  }),
  z.strictObject({ role: z.literal("process_vm_readv"), ...pace, target: name, touch: name, order, pages: pageCount }),
  z.strictObject({ role: z.literal("proc_mem"), ...pace, target: name, touch: name, order, pages: pageCount }),
  z.strictObject({
    role: z.literal("gup_caller"),
    ...pace,
    site: z.enum(patchSites.map((one) => one.site)),
    form: z.enum(siteForms),
    vmas: z.boolean().default(false),
    mm: name,
    touch: name,
    order,
    pages: pageCount.optional(),
  }),
  z.strictObject({
    role: z.literal("mm_call"),
    ...pace,
    call: z.enum(callerNames),
    mm: name,
    touch: name,
    order,
    pages: pageCount.optional(),
  }),
  z.strictObject({ role: z.literal("page_migration"), ...pace, mm: name, touch: name, away: law }),
  z.strictObject({ role: z.literal("writeback"), ...pace, mm: name, touch: name, away: law }),
]);

/** A duration with its unit (then ns), or a plain number. */
const amount = z.union([z.number(), z.string()]).transform((value, context): number => {
  if (typeof value === "number") return value;
  const read = duration.safeParse(value);
  if (read.success) return read.data;
  context.addIssue({ code: "custom", message: read.error.issues[0]?.message ?? "not a duration" });
  return z.NEVER;
});

const measuredCell = z.strictObject({
  metric: z.string().min(1),
  stat: z.enum(["rate", "count", "mean", "p50", "p90", "p99", "max"]),
  per: z.string().optional(),
  value: amount,
  range: z.tuple([amount, amount]).optional(),
  within: share.optional(),
  factor: z.number().min(1).optional(),
  plus: amount.optional(),
  rounds: z
    .strictObject({ of: z.string().min(1), number: z.union([z.int().min(1), z.literal("any")]), within: share })
    .optional(),
});

const measured = z.strictObject({
  source: z.string().min(1),
  variant: z.string().min(1),
  cells: z.record(z.string().min(1), measuredCell),
});

const maxSpeedup = 1000;

/** Pauses of some task groups divided by each step in turn, in one run. */
const load = z.strictObject({
  tasks: z.array(name).min(1),
  steps: z.array(z.number().min(0.01).max(1000)).min(1).max(100),
  each: positive,
});

const endings = ["deadlock", "orphaned-lock", "leaked-lock", "event-limit"] as const;

/** The YAML of a scenario, before names are looked up and latency files are read. */
export const scenarioFile = z.strictObject({
  schema: z.literal("gupsim/scenario/v1"),
  name,
  question: z.string().min(1),
  outcome: z.string().min(1).optional(),
  extends: z.string().min(1).optional(),
  params: z.record(name, paramForm).default({}),
  kind: z.enum(["steady", "terminating"]).default("terminating"),
  machine: z
    .strictObject({
      cpus: z
        .union([z.int().min(1).max(4096), z.literal("unlimited")], {
          error: "expected a whole number from 1 to 4096, or unlimited",
        })
        .default("unlimited"),
      costs: costsName.default("server-2014"),
      cost: z.partialRecord(z.enum(costNames), law).default({}),
    })
    .default({ cpus: "unlimited", costs: "server-2014", cost: {} }),
  devices: z.record(name, device).default({}),
  mms: z.record(name, mm).refine((mms) => Object.keys(mms).length > 0, "there must be at least one mm"),
  tasks: z
    .record(name, task)
    .refine((tasks) => Object.keys(tasks).length > 0, "there must be at least one task")
    .refine(
      (tasks) => Object.values(tasks).reduce((sum, t) => sum + t.count, 0) <= maxTasks,
      `there are more than ${maxTasks} tasks in all`,
    ),
  variants: z.array(z.string().min(1)).min(1).default(["plain", "unlocked"]),
  duration: positive.refine((ns) => ns <= maxDurationNs, "is more than 1 h"),
  converted: z.array(z.enum(convertibleNames)).optional(),
  io_speedup: z.partialRecord(z.enum(Object.keys(sites)), z.number().min(1).max(maxSpeedup)).default({}),
  load: load.optional(),
  expected: z.record(z.string(), z.enum(endings)).default({}),
  assumptions: z.array(z.string().min(1)).default([]),
  measured: measured.optional(),
  sweep: z
    .strictObject({ grid: z.array(z.string().min(1)).min(1), metrics: z.array(z.string().min(1)).default([]) })
    .optional(),
  bugs: z.enum(["stop", "ignore"]).default("stop"),
  budgets: z.array(budgetForm).default([]),
});

export type ScenarioFile = z.output<typeof scenarioFile>;
export type LawForm = z.output<typeof lawForms>;

/** The JSON Schema (draft 2020-12) of scenario files, for editors. */
export function jsonSchema(): unknown {
  return z.toJSONSchema(scenarioFile, { io: "input", unrepresentable: "any" });
}
