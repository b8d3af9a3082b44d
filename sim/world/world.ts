import { InvariantError } from "../engine/invariant-error.ts";
import { Alarm } from "../engine/simulation.ts";
import { KeyedDraws } from "../engine/random.ts";
import type { Steps } from "../engine/task.ts";
import { fuse_conn } from "../linux/fs/fuse/dev.ts";
import { ServerProcess } from "../linux/fs/server.ts";
import { userfaultfd_ctx, userfaultfd_release } from "../linux/fs/userfaultfd.ts";
import { type Backing, mm_struct, type vm_area_struct } from "../linux/include/linux/mm_types.ts";
import { task_struct } from "../linux/include/linux/sched.ts";
import type { Kernel } from "../linux/kernel.ts";
import { workqueue_struct } from "../linux/kernel/workqueue.ts";
import { BlockDevice, type PageSource } from "../machine/block-device.ts";
import { type Cursor, PageWalk } from "../roles/pace/pages.ts";
import type { GroupPlace, Role } from "../roles/role.ts";
import { roles, type TaskGroup } from "../roles/roles.ts";
import { userfaultDelayServer } from "../roles/servers/userfault-delay-server.ts";
import { userfaultServer } from "../roles/servers/userfault-server.ts";
import { type Device, ioClassOf, type Scenario } from "../scenario.ts";
import { addVma, otherVma, stalls } from "./vmas.ts";

/** Threads of a userfaultfd server that has no limit: more than can ever be busy at once in a scenario's vcpus and their workers. */
const unlimitedServers = 256;

/**
 * Fills a fresh kernel with what the scenario describes: devices, address spaces, and tasks, which are started.
 *
 * @param reseeded seeds of single groups of tasks, in place of the kernel's.
 */
export function populate(kernel: Kernel, scenario: Scenario, reseeded: Readonly<Record<string, string>> = {}): void {
  const devices = new Map(Object.keys(scenario.devices).map((name) => [name, backing(kernel, scenario, name)]));
  const deviceOf = new Map(Object.entries(scenario.devices));
  const servers = new Map([...devices].map(([name, { device }]) => [name, serverOf(kernel, name, device)]));
  const mms = new Map<string, mm_struct>();
  for (const [name, description] of Object.entries(scenario.mms)) {
    const mm = new mm_struct(kernel, name);
    for (const [vmaName, vma] of Object.entries(description.vmas)) {
      const made = addVma(mm, vmaName, vma, vma.backing === null ? null : known(devices, vma.backing));
      if (description.arg_start === vmaName) mm.arg_start = made;
      const from = vma.backing === null ? undefined : known(deviceOf, vma.backing);
      if (from?.kind !== "userfaultfd" || vma.backing === null) continue;
      startServers(kernel, mm, made, vmaName, from, known(servers, vma.backing));
    }
    const other = otherVma(description.other_vma_pages);
    for (let i = 0; i < description.other_vmas; i++) addVma(mm, `other-${i}`, other, null);
    mms.set(name, mm);
  }
  for (const [name, process] of servers) {
    const { server, stalls: late } = known(deviceOf, name);
    if (server !== null) process.needs = { mm: known(mms, server.mm), takes: server.takes };
    process.stalls = stalls(late, new KeyedDraws(kernel.seed, name, "stalls"));
  }
  for (const [name, { device }] of devices) scheduleEnd(kernel, known(deviceOf, name), device);
  const workqueue = new workqueue_struct(kernel);
  for (const [name, group] of Object.entries(scenario.tasks)) {
    startGroup(kernel, mms, workqueue, name, group, reseeded[name] ?? kernel.seed);
  }
}

function backing(kernel: Kernel, scenario: Scenario, name: string): Backing {
  const { sim, trace, seed } = kernel;
  const device = scenario.devices[name];
  if (device === undefined) throw new InvariantError(`no device ${name}`, 0, "");
  return {
    device:
      device.kind === "fuse"
        ? new fuse_conn(kernel, name, device.latency, device.delay_queue ? "delay-queue" : device.depth)
        : new BlockDevice(sim, trace, name, device.latency, device.depth, seed, device.queue),
    synchronous: device.kind === "zram",
    synchronousReadpage: device.kind === "fuse",
    ioClass: ioClassOf[device.kind],
    maxReadahead: device.readahead_pages,
  };
}

function serverOf(kernel: Kernel, name: string, device: PageSource): ServerProcess {
  return device instanceof fuse_conn ? device.server : new ServerProcess(kernel, name);
}

/** The end of a FUSE server. That of a userfaultfd's is known to its threads. */
function scheduleEnd(kernel: Kernel, { ends }: Device, device: PageSource): void {
  if (ends === null || !(device instanceof fuse_conn)) return;
  const end = ends.how === "hangs" ? () => device.hang() : () => device.fuse_abort_conn();
  new Alarm(kernel.sim, end).set(ends.after_ns);
}

/** The threads that fill the missing pages of the mappings on a userfaultfd. */
function startServers(
  kernel: Kernel,
  mm: mm_struct,
  vma: vm_area_struct,
  name: string,
  device: Device,
  process: ServerProcess,
): void {
  if (vma.backing === null) return;
  const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: device.user_mode_only });
  vma.userfaultfd = ctx;
  const serve = device.delay_queue ? userfaultDelayServer : userfaultServer;
  const threads = device.delay_queue ? 1 : (device.depth ?? unlimitedServers);
  for (let i = 0; i < threads; i++) {
    const task = new task_struct(kernel, `${name.slice(0, 11)}-${i}`, "userfaultfd", null);
    kernel.start(task, serve(task, mm, ctx, vma.backing.device, process));
  }
  if (device.ends?.how === "hangs") new Alarm(kernel.sim, () => process.hang()).set(device.ends.after_ns);
  if (device.ends?.how !== "exits") return;
  const closer = new task_struct(kernel, `${name.slice(0, 11)}-end`, "userfaultfd", null);
  kernel.start(closer, closeDescriptor(closer, mm, ctx, process), device.ends.after_ns);
}

function* closeDescriptor(current: task_struct, mm: mm_struct, ctx: userfaultfd_ctx, process: ServerProcess): Steps {
  process.exit();
  yield* userfaultfd_release(current, mm, ctx);
}

/** What the kernel calls the `i`-th of the `count` tasks of a group. */
export function commOf(name: string, count: number, i: number): string {
  return count === 1 ? name.slice(0, 15) : `${name.slice(0, 11)}-${i}`;
}

function startGroup(
  kernel: Kernel,
  mms: ReadonlyMap<string, mm_struct>,
  workqueue: workqueue_struct,
  name: string,
  group: TaskGroup,
  seed: string,
): void {
  const mm = known(mms, "mm" in group ? group.mm : group.target);
  const cursor: Cursor = { next: 0 };
  const place: GroupPlace = {
    mm,
    workqueue,
    vma: (wanted) => vmaOf(mm, wanted),
    walk: (current, i, { touch, order = "random", pages = 1 }) => {
      const part = { part: i, parts: group.count, cursor };
      return new PageWalk({ seed, task: current.name, vma: vmaOf(mm, touch), order, pages, ...part });
    },
  };
  // The table has each role under the name that its groups have.
  const steps = (roles[group.role] as Role<TaskGroup>).group(group, place);
  for (let i = 0; i < group.count; i++) {
    const task = new task_struct(kernel, commOf(name, group.count, i), group.role, "mm" in group ? mm : null, seed);
    kernel.start(task, steps(task, i));
  }
}

function vmaOf(mm: mm_struct, name: string): vm_area_struct {
  let found: vm_area_struct | undefined;
  mm.mm_rb.forEach((vma) => {
    if (vma.name === name) found = vma;
  });
  if (found === undefined) throw new InvariantError(`no mapping ${name} in ${mm.name}`, 0, "");
  return found;
}

function known<T>(things: ReadonlyMap<string, T>, name: string): T {
  const thing = things.get(name);
  if (thing === undefined) throw new InvariantError(`the scenario names ${name}, which it does not have`, 0, "");
  return thing;
}
