/** How a scenario is written. Each key says what it means and what it does to hold or wait times: editors, `describe --keys` and docs/SCENARIO.md have it from here. */
import { z } from "zod";
import { sites } from "../../sim/callers/callers.ts";
import { patchSites } from "../../sim/callers/patch-sites.ts";
import { taskForm } from "../roles/roles.ts";
import { budgetForm } from "./budget.ts";
import { device } from "./device.ts";
import { machine } from "./machine.ts";
import { mm } from "./mapping.ts";
import { measured } from "./measured.ts";
import { paramForm } from "./param.ts";
import { maxTasks, name, positive } from "./quantities.ts";

const maxDurationNs = 3600e9;
const maxSpeedup = 1000;

/** Sites whose conversion can be chosen: those of the patch that a role of a scenario can reach. */
const convertibleNames = [...new Set([...patchSites.map((one) => one.site), "madvise_populate"])];

/** Pauses of some task groups divided by each step in turn, in one run. */
const load = z.strictObject({
  tasks: z.array(name).min(1).describe("The task groups whose pauses change."),
  steps: z
    .array(z.number().min(0.01).max(1000))
    .min(1)
    .max(100)
    .describe("What their pauses are divided by, in turn; the last step stays until the end."),
  each: positive.describe("How long each step lasts."),
});

const endings = ["deadlock", "orphaned-lock", "leaked-lock", "event-limit"] as const;

/** The YAML of a scenario, before names are looked up and latency files are read. */
export const scenarioFile = z.strictObject({
  schema: z.literal("gupsim/scenario/v1").describe("The format of the file. There is one."),
  name: name.describe("What reports and result files call it. It changes no time."),
  question: z.string().min(1).describe("What the scenario is to answer. It changes no time."),
  outcome: z.string().min(1).optional().describe("What is expected to come out, in words. It changes no time."),
  extends: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A bundled scenario, or a file beside this one, that has what this file leaves out. Maps are merged key by key; whatever else is given replaces what was there.",
    ),
  params: z
    .record(name, paramForm)
    .default({})
    .describe("Values with a short name: `--set NAME=VALUE` changes what stands at the path of each."),
  kind: z
    .enum(["steady", "terminating"])
    .default("terminating")
    .describe(
      "steady: the load goes on as it began, and an automatic warm-up may leave the start out of the statistics. terminating: a story with an end, of which everything counts.",
    ),
  machine: machine
    .default({ cpus: "unlimited", costs: "server-2014", cost: {} })
    .describe("CPUs, and how long each step of the kernel takes."),
  devices: z.record(name, device).default({}).describe("Where pages come from that are not in memory, by name."),
  mms: z
    .record(name, mm)
    .refine((mms) => Object.keys(mms).length > 0, "there must be at least one mm")
    .describe("The address spaces by name. Each has one lock, the mmap_sem that everything is about."),
  tasks: z
    .record(name, taskForm)
    .refine((tasks) => Object.keys(tasks).length > 0, "there must be at least one task")
    .refine(
      (tasks) => Object.values(tasks).reduce((sum, t) => sum + t.count, 0) <= maxTasks,
      `there are more than ${maxTasks} tasks in all`,
    )
    .describe("Groups of like tasks, by name: who takes the locks, and how often."),
  variants: z
    .array(z.string().min(1))
    .min(1)
    .default(["plain", "unlocked"])
    .describe(
      "The kernels that are simulated where the command line names none: presets, with changed axes if need be (v6.18+gup=plain).",
    ),
  duration: positive
    .refine((ns) => ns <= maxDurationNs, "is more than 1 h")
    .describe("Simulated time of one run. The longer, the more samples; what goes on at the end counts with its age."),
  converted: z
    .array(z.enum(convertibleNames))
    .optional()
    .describe(
      "The call sites that call the new functions; all others keep plain get_user_pages, and hold the lock over their IO. Without it all are converted.",
    ),
  io_speedup: z
    .partialRecord(z.enum(Object.keys(sites)), z.number().min(1).max(maxSpeedup))
    .default({})
    .describe(
      "By site: how many times faster an IO goes from the moment at which the site begins to wait for it. It shows what that wait costs everybody; draws stay the same.",
    ),
  load: load
    .optional()
    .describe(
      "A load that goes up and down during one run, for `metastable`: at 4 the tasks pause a quarter as long. Without it the load is 1 throughout.",
    ),
  expected: z
    .record(z.string(), z.enum(endings))
    .default({})
    .describe("By variant or preset: how its runs are meant to end. Such an ending is then no error."),
  assumptions: z
    .array(z.string().min(1))
    .default([])
    .describe("What the results rest on, a sentence each, for the head of reports. They change no time."),
  measured: measured
    .optional()
    .describe("What a real machine was measured to do, which `agree` holds a simulation against. It changes no time."),
  sweep: z
    .strictObject({
      grid: z
        .array(z.string().min(1))
        .min(1)
        .describe("The axes, as `sweep` takes them: PATH=VALUE,VALUE,... They change what they name."),
      metrics: z.array(z.string().min(1)).default([]).describe("The columns, as METRIC:STAT. They change no time."),
    })
    .optional()
    .describe("The grid that `sweep` goes through where the command line gives none."),
  bugs: z
    .enum(["stop", "ignore"])
    .default("stop")
    .describe(
      "What a failed assertion of the kernel does. stop: it ends its task, and the locks that it has stay taken; ignore: it is not compiled in.",
    ),
  budgets: z
    .array(budgetForm)
    .default([])
    .describe("What `check` holds the measured times against. They change no time."),
});

export type ScenarioFile = z.output<typeof scenarioFile>;
