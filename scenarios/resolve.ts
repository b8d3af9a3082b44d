import type { Law } from "../sim/engine/law.ts";
import type { Costs, Device, Mm, Scenario, Schedule, TaskGroup, Vma } from "../sim/scenario.ts";
import { parseFio } from "../traces/fio.ts";
import { parseHgrm } from "../traces/hgrm.ts";
import { LatencyFileError } from "../traces/latency-file-error.ts";
import { nearName } from "./near-name.ts";
import type { LawForm, ScenarioFile } from "./schema.ts";
import { type Problem, ScenarioError } from "./source-text.ts";

/** A rule that spans several values, broken at `path`. */
export interface Conflict {
  readonly path: readonly string[];
  readonly message: string;
}

type TaskForm = ScenarioFile["tasks"][string];
type VmaForm = ScenarioFile["mms"][string]["vmas"][string];

/** What the schema alone cannot see: names that lead nowhere, and keys that do not go together. */
export function crossCheck(file: ScenarioFile): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const [mmName, mm] of Object.entries(file.mms)) {
    const at = ["mms", mmName];
    for (const [vmaName, vma] of Object.entries(mm.vmas)) {
      conflicts.push(...checkVma(file, vma, [...at, "vmas", vmaName]));
    }
    if (mm.arg_start !== undefined) conflicts.push(...checkName(mm.arg_start, mm.vmas, "vma", [...at, "arg_start"]));
  }
  for (const [name, task] of Object.entries(file.tasks)) conflicts.push(...checkTask(file, task, ["tasks", name]));
  return conflicts;
}

function checkVma(file: ScenarioFile, vma: VmaForm, at: readonly string[]): Conflict[] {
  const conflicts: Conflict[] = [];
  const clash = (key: string, message: string): void => void conflicts.push({ path: [...at, key], message });
  if (vma.backing === undefined) {
    if (vma.kind === "file") clash("kind", "a file mapping needs a backing device of kind file");
    if (vma.keep !== undefined) clash("keep", "keep pushes pages out to a backing device, and there is none");
    if (vma.reclaim !== undefined)
      clash("reclaim", "reclaim takes pages that were read, and there is no backing device");
    return conflicts;
  }
  const device = file.devices[vma.backing];
  if (device === undefined) return checkName(vma.backing, file.devices, "device", [...at, "backing"]);
  if (vma.kind === "file" && device.kind !== "file")
    clash("backing", `a file mapping needs a device of kind file, ${vma.backing} is of kind ${device.kind}`);
  if (vma.kind === "anon" && device.kind === "file")
    clash("backing", `an anonymous mapping needs a device of kind swap or zram, ${vma.backing} is of kind file`);
  if (vma.keep !== undefined && vma.keep * vma.size < 1) clash("keep", "keeps less than one page");
  return conflicts;
}

function checkTask(file: ScenarioFile, task: TaskForm, at: readonly string[]): Conflict[] {
  const conflicts: Conflict[] = [];
  if ((task.every === undefined) === (task.think === undefined)) {
    const message =
      task.every === undefined
        ? "needs every (a schedule) or think (a pause after each operation)"
        : "has both every and think: choose one";
    conflicts.push({ path: [...at], message });
  }
  const [key, mmName] = "mm" in task ? (["mm", task.mm] as const) : (["target", task.target] as const);
  const mm = file.mms[mmName];
  if (mm === undefined) return conflicts.concat(checkName(mmName, file.mms, "mm", [...at, key]));
  if ("touch" in task) conflicts.push(...checkName(task.touch, mm.vmas, "vma", [...at, "touch"]));
  if (task.role === "process_vm_readv") {
    const vma = mm.vmas[task.touch];
    if (vma !== undefined && vma.size < task.pages) {
      conflicts.push({
        path: [...at, "pages"],
        message: `reads ${task.pages} pages, and ${task.touch} has ${vma.size}`,
      });
    }
  }
  if (task.role === "proc_reader" && task.file === "cmdline" && mm.arg_start === undefined) {
    conflicts.push({ path: [...at, "file"], message: `cmdline reads argv, and mms.${mmName} has no arg_start` });
  }
  return conflicts;
}

function checkName(
  name: string,
  known: Readonly<Record<string, unknown>>,
  what: string,
  path: readonly string[],
): Conflict[] {
  if (Object.hasOwn(known, name)) return [];
  const names = Object.keys(known);
  const near = nearName(name, names);
  const hint =
    near !== null
      ? ` (did you mean "${near}"?)`
      : names.length > 0
        ? `: one of ${names.join(", ")}`
        : ": there is none";
  return [{ path, message: `no ${what} "${name}"${hint}` }];
}

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
        readahead_pages: device.readahead,
      }),
    ),
    mms: mapValues(
      file.mms,
      (mm, mmName): Mm => ({
        vmas: mapValues(
          mm.vmas,
          (vma, name): Vma => ({
            kind: vma.kind,
            pages: vma.size,
            resident: vma.resident,
            keep: vma.keep ?? null,
            backing: vma.backing ?? null,
            reclaim: vma.reclaim === undefined ? null : law(["mms", mmName, "vmas", name, "reclaim"], vma.reclaim),
            random: vma.random,
          }),
        ),
        other_vmas: mm.other_vmas,
        arg_start: mm.arg_start ?? null,
      }),
    ),
    tasks: mapValues(file.tasks, (task, name) => taskOf(task, (key, form) => law(["tasks", name, key], form))),
    variants: file.variants,
    expected: file.expected,
  };
}

function taskOf(task: TaskForm, law: (key: string, form: LawForm) => Law): TaskGroup {
  const kind: Schedule["kind"] = task.every === undefined ? "think" : "every";
  const base = { count: task.count, schedule: { kind, law: law(kind, (task.every ?? task.think) as LawForm) } };
  switch (task.role) {
    case "kvm_vcpu": {
      const { role, mm, touch, write, guest_tasks } = task;
      const always = { possible: 1, user_mode: 1 };
      const async_pf = task.async_pf === false ? null : task.async_pf === true ? always : task.async_pf;
      return { role, ...base, mm, touch, write, guest_tasks, async_pf };
    }
    case "user_thread":
      return { role: task.role, ...base, mm: task.mm, touch: task.touch, write: task.write };
    case "proc_reader":
      return { role: task.role, ...base, file: task.file, target: task.target };
    case "mm_writer":
      return { role: task.role, ...base, op: task.op, mm: task.mm, pages: task.size };
    case "process_vm_readv":
      return { role: task.role, ...base, target: task.target, touch: task.touch, pages: task.pages };
  }
}

function lawOf(
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
    return "fio" in form ? parseFio(text, name, form.job) : parseHgrm(text, name);
  } catch (error) {
    if (error instanceof LatencyFileError)
      throw new ScenarioError([problemAt([...path, key], `"${name}" ${error.message}`)]);
    throw error;
  }
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
