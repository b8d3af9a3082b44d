import { nearName } from "../near-name.ts";
import type { Broken } from "../roles/role.ts";
import { type TaskForm, writtenRoles } from "../roles/roles.ts";
import type { ScenarioFile } from "../schema/scenario-file.ts";

/** A rule that spans several values, broken at `path`. */
export interface Conflict {
  readonly path: readonly string[];
  readonly message: string;
}

type VmaForm = ScenarioFile["mms"][string]["vmas"][string];

/** What the schema alone cannot see: names that lead nowhere, and keys that do not go together. */
export function crossCheck(file: ScenarioFile): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const [name, device] of Object.entries(file.devices)) {
    const isServed = device.kind === "fuse" || device.kind === "userfaultfd";
    for (const key of ["server", "stalls", "ends", "delay_queue"] as const) {
      if (device[key] === undefined || device[key] === false || isServed) continue;
      conflicts.push({
        path: ["devices", name, key],
        message: `only a fuse or userfaultfd device has a server, ${name} is of kind ${device.kind}`,
      });
    }
    if (device.server === undefined) continue;
    conflicts.push(...checkName(device.server.mm, file.mms, "mm", ["devices", name, "server", "mm"]));
  }
  for (const [mmName, mm] of Object.entries(file.mms)) {
    const at = ["mms", mmName];
    for (const [vmaName, vma] of Object.entries(mm.vmas)) {
      conflicts.push(...checkVma(file, vma, [...at, "vmas", vmaName]));
    }
    if (mm.arg_start !== undefined) conflicts.push(...checkName(mm.arg_start, mm.vmas, "vma", [...at, "arg_start"]));
  }
  for (const [name, task] of Object.entries(file.tasks)) conflicts.push(...checkTask(file, task, ["tasks", name]));
  return conflicts.concat(checkLoad(file));
}

function checkLoad({ load, tasks, duration }: ScenarioFile): Conflict[] {
  if (load === undefined) return [];
  const conflicts = load.tasks.flatMap((name, i) => checkName(name, tasks, "task", ["load", "tasks", String(i)]));
  const { steps, each } = load;
  if (steps.length * each > duration) {
    const message = `${steps.length} steps of ${each / 1e6} ms are longer than the duration, ${duration / 1e6} ms`;
    conflicts.push({ path: ["load", "steps"], message });
  }
  return conflicts;
}

/** Which devices a mapping can have, and what that is called in a message. */
const devicesOf: Readonly<Record<VmaForm["kind"], { kinds: readonly string[]; what: string }>> = {
  anon: { kinds: ["swap", "zram", "userfaultfd"], what: "an anonymous mapping" },
  file: { kinds: ["file", "fuse"], what: "a file mapping" },
  shmem: { kinds: ["swap", "zram"], what: "a shmem mapping" },
  hugetlb: { kinds: [], what: "a hugetlb mapping" },
};

function checkVma(file: ScenarioFile, vma: VmaForm, at: readonly string[]): Conflict[] {
  const conflicts: Conflict[] = [];
  const clash = (key: string, message: string): void => void conflicts.push({ path: [...at, key], message });
  if (vma.backing === undefined) {
    if (vma.kind === "file") clash("kind", "a file mapping needs a backing device of kind file or fuse");
    if (vma.keep !== undefined) clash("keep", "keep pushes pages out to a backing device, and there is none");
    if (vma.reclaim !== undefined)
      clash("reclaim", "reclaim takes pages that were read, and there is no backing device");
    if (vma.io_errors > 0) clash("io_errors", "io_errors are reads that fail, and there is no backing device");
    return conflicts;
  }
  const device = file.devices[vma.backing];
  if (device === undefined) return checkName(vma.backing, file.devices, "device", [...at, "backing"]);
  const { kinds, what } = devicesOf[vma.kind];
  if (!kinds.includes(device.kind)) {
    const needs = kinds.length === 0 ? "has no backing device" : `needs a device of kind ${kinds.join(" or ")}`;
    clash("backing", `${what} ${needs}, ${vma.backing} is of kind ${device.kind}`);
  }
  if (vma.keep !== undefined && device.kind === "userfaultfd")
    clash("keep", "keep pushes pages out to a backing device, and a userfaultfd takes none");
  if (vma.keep !== undefined && vma.keep * vma.size < 1) clash("keep", "keeps less than one page");
  return conflicts;
}

function checkTask(file: ScenarioFile, task: TaskForm, at: readonly string[]): Conflict[] {
  const conflicts: Conflict[] = [];
  const paces = (["every", "think", "compute"] as const).filter((pace) => task[pace] !== undefined);
  if (paces.length !== 1) {
    const message =
      paces.length === 0
        ? "needs every (a schedule), think (a pause after each operation) or compute (the same, on the CPU)"
        : `has ${paces.length === 2 ? "both " : ""}${paces.join(" and ")}: choose one`;
    conflicts.push({ path: [...at], message });
  }
  const [key, mmName] = "mm" in task ? (["mm", task.mm] as const) : (["target", task.target] as const);
  const mm = file.mms[mmName];
  const check = writtenRoles[task.role].check as (form: TaskForm, on: typeof mm) => readonly Broken[];
  for (const { key: broken, message } of check(task, mm)) conflicts.push({ path: [...at, broken], message });
  if (mm === undefined) return conflicts.concat(checkName(mmName, file.mms, "mm", [...at, key]));
  if ("touch" in task && typeof task.touch === "string") {
    conflicts.push(...checkName(task.touch, mm.vmas, "vma", [...at, "touch"]));
  }
  if ("touch" in task && "pages" in task) {
    const vma = mm.vmas[task.touch];
    if (vma !== undefined && task.pages !== undefined && vma.size < task.pages) {
      conflicts.push({
        path: [...at, "pages"],
        message: `reads ${task.pages} pages, and ${task.touch} has ${vma.size}`,
      });
    }
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
