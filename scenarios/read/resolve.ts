import type { Law } from "../../sim/engine/law.ts";
import type { Measured, MeasuredCell, Tolerance } from "../../sim/measured.ts";
import type { Costs } from "../../sim/costs.ts";
import type { Device, LoadSteps, Mm, Scenario, Schedule, StallLaw, Vma } from "../../sim/scenario.ts";
import type { TaskGroup } from "../../sim/roles/roles.ts";
import { parseFio } from "../../traces/latency/fio.ts";
import { parseHgrm } from "../../traces/latency/hgrm.ts";
import { LatencyFileError } from "../../traces/latency/latency-file-error.ts";
import type { ReadLaw as ReadTaskLaw } from "../roles/role.ts";
import { type TaskForm, writtenRoles } from "../roles/roles.ts";
import type { LawForm } from "../schema/law.ts";
import type { ScenarioFile } from "../schema/scenario-file.ts";
import { type Problem, ScenarioError } from "../problem.ts";

type VmaForm = ScenarioFile["mms"][string]["vmas"][string];

/**
 * The plain scenario of a checked file.
 *
 * @param readText reads a latency file named at a path.
 * @throws ScenarioError when a latency file cannot be used.
 */
export function resolveScenario(
  file: ScenarioFile,
  costs: Costs,
  readText: (path: readonly PropertyKey[], name: string) => string,
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Scenario {
  const law = (path: readonly string[], form: LawForm): Law => lawOf(form, path, readText, problemAt);
  return {
    schema: file.schema,
    name: file.name,
    question: file.question,
    kind: file.kind,
    duration_ns: file.duration,
    cpus: file.machine.cpus,
    costs_name: file.machine.costs,
    costs,
    devices: mapValues(
      file.devices,
      (device, name): Device => ({
        kind: device.kind,
        latency: law(["devices", name, "latency"], device.latency),
        depth: device.depth === "unlimited" ? null : device.depth,
        queue: device.queue ?? null,
        readahead_pages: device.readahead,
        user_mode_only: device.user_mode_only,
        delay_queue: device.delay_queue,
        server: device.server ?? null,
        stalls: stallLaw(device.stalls, ["devices", name, "stalls"], law),
        ends: device.ends === undefined ? null : { after_ns: device.ends.after, how: device.ends.how },
      }),
    ),
    mms: mapValues(
      file.mms,
      (mm, mmName): Mm => ({
        vmas: mapValues(mm.vmas, (vma, name) => vmaOf(vma, ["mms", mmName, "vmas", name], law)),
        ...(typeof mm.other_vmas === "number"
          ? { other_vmas: mm.other_vmas }
          : { other_vmas: mm.other_vmas.count, other_vma_pages: mm.other_vmas.pages }),
        arg_start: mm.arg_start ?? null,
      }),
    ),
    tasks: mapValues(file.tasks, (task, name) =>
      taskOf(task, loadOf(file, name), (key, form) => law(["tasks", name, key], form)),
    ),
    variants: file.variants,
    converted: file.converted ?? null,
    io_speedup: mapValues(file.io_speedup, (factor = 1) => factor),
    expected: file.expected,
    assumptions: file.assumptions,
    measured: measuredOf(file.measured),
    outcome: file.outcome ?? null,
    sweep: file.sweep ?? null,
    bugs: file.bugs,
  };
}

type CellForm = NonNullable<ScenarioFile["measured"]>["cells"][string];

function measuredOf(form: ScenarioFile["measured"]): Measured | null {
  if (form === undefined) return null;
  const cells = mapValues(
    form.cells,
    (cell): MeasuredCell => ({
      metric: cell.metric,
      stat: cell.stat,
      per: cell.per ?? null,
      value: cell.value,
      range: cell.range ?? null,
      tolerance: toleranceOf(cell),
    }),
  );
  return { source: form.source, variant: form.variant, cells };
}

function toleranceOf(cell: CellForm): Tolerance | null {
  const { within, factor, plus, rounds } = cell;
  if (rounds !== undefined) {
    const number = rounds.number === "any" ? null : rounds.number;
    return { kind: "rounds", of: rounds.of, number, share: rounds.within };
  }
  if (within !== undefined) return { kind: "within", share: within };
  if (factor !== undefined) return { kind: "factor", factor };
  return plus === undefined ? null : { kind: "plus", amount: plus };
}

type ReadLaw = (path: readonly string[], form: LawForm) => Law;

function stallLaw(form: VmaForm["direct_reclaim"], at: readonly string[], law: ReadLaw): StallLaw | null {
  return form === undefined ? null : { share: form.share, stall: law([...at, "stall"], form.stall) };
}

function vmaOf(vma: VmaForm, at: readonly string[], law: ReadLaw): Vma {
  return {
    kind: vma.kind,
    pages: vma.size,
    resident: vma.resident,
    keep: vma.keep ?? null,
    backing: vma.backing ?? null,
    reclaim: vma.reclaim === undefined ? null : law([...at, "reclaim"], vma.reclaim),
    random: vma.random,
    thp: vma.thp,
    cow: vma.cow,
    poisoned: vma.poisoned,
    io_errors: vma.io_errors,
    direct_reclaim: stallLaw(vma.direct_reclaim, [...at, "direct_reclaim"], law),
    dirty_throttle: stallLaw(vma.dirty_throttle, [...at, "dirty_throttle"], law),
  };
}

function loadOf({ load }: ScenarioFile, name: string): { load?: LoadSteps } {
  return load?.tasks.includes(name) ? { load: { steps: load.steps, each_ns: load.each } } : {};
}

function taskOf(task: TaskForm, load: { load?: LoadSteps }, law: ReadTaskLaw): TaskGroup {
  const kind: Schedule["kind"] = task.every !== undefined ? "every" : task.think !== undefined ? "think" : "compute";
  const start = task.start === undefined ? {} : { start_ns: task.start };
  const once = task.once ? { once: true } : {};
  const schedule = {
    kind,
    law: law(kind, task[kind] as LawForm),
    slack_ns: task.timer_slack,
    ...start,
    ...once,
    ...load,
  };
  // The record is that of the task's own role: each resolves what its form has read.
  const resolve = writtenRoles[task.role].resolve as (form: TaskForm, read: ReadTaskLaw) => object;
  return { role: task.role, count: task.count, schedule, ...resolve(task, law) } as TaskGroup;
}

/** The law of a form; latency files are read. */
export function lawOf(
  form: LawForm,
  path: readonly string[],
  readText: (path: readonly PropertyKey[], name: string) => string,
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Law {
  if ("constant" in form) return { kind: "constant", value_ns: form.constant };
  if ("uniform" in form) return { kind: "uniform", min_ns: form.uniform.min, max_ns: form.uniform.max };
  if ("exponential" in form) return { kind: "exponential", mean_ns: form.exponential };
  if ("lognormal" in form) return { kind: "lognormal", p50_ns: form.lognormal.p50, p99_ns: form.lognormal.p99 };
  if ("pareto" in form) return { kind: "pareto", scale_ns: form.pareto.min, alpha: form.pareto.alpha };
  const [key, name] = "fio" in form ? (["fio", form.fio] as const) : (["hgrm", form.hgrm] as const);
  const text = readText([...path, key], name);
  try {
    return "fio" in form ? parseFio(text, name, form.job, form.io) : parseHgrm(text, name, form.unit);
  } catch (error) {
    if (error instanceof LatencyFileError)
      throw new ScenarioError([problemAt([...path, key], `"${name}" ${error.message}`)]);
    throw error;
  }
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
