import { KeyedDraws } from "./engine/random.ts";
import { samplerOf } from "./engine/sampler.ts";
import { InvariantError } from "./engine/invariant-error.ts";
import { kvm, kvm_vcpu } from "./linux/include/linux/kvm_host.ts";
import {
  type Backing,
  mm_struct,
  pte_file,
  pte_none,
  pte_swap,
  vm_area_struct,
} from "./linux/include/linux/mm_types.ts";
import { task_struct } from "./linux/include/linux/sched.ts";
import type { Kernel } from "./linux/kernel.ts";
import { workqueue_struct } from "./linux/kernel/workqueue.ts";
import { BlockDevice } from "./machine/block-device.ts";
import { vcpuThread } from "./roles/kvm-vcpu.ts";
import { mmWriter, processVmReadv, procReader, userThread } from "./roles/roles.ts";
import type { Scenario, TaskGroup, Vma } from "./scenario.ts";

/** Pages of each mapping that a scenario only counts (libraries, stacks, heaps). */
const otherVmaPages = 16;

/** Fills a fresh kernel with what the scenario describes: devices, address spaces, and tasks, which are started. */
export function populate(kernel: Kernel, scenario: Scenario): void {
  const devices = new Map(Object.keys(scenario.devices).map((name) => [name, backing(kernel, scenario, name)]));
  const mms = new Map<string, mm_struct>();
  for (const [name, description] of Object.entries(scenario.mms)) {
    const mm = new mm_struct(kernel, name);
    for (const [vmaName, vma] of Object.entries(description.vmas)) {
      const made = addVma(mm, vmaName, vma, vma.backing === null ? null : known(devices, vma.backing));
      if (description.arg_start === vmaName) mm.arg_start = made;
    }
    for (let i = 0; i < description.other_vmas; i++) addVma(mm, `other-${i}`, otherVma, null);
    mms.set(name, mm);
  }
  const host = { workqueue: new workqueue_struct(kernel) };
  for (const [name, group] of Object.entries(scenario.tasks)) startGroup(kernel, mms, host, name, group);
}

const otherVma: Vma = {
  kind: "anon",
  pages: otherVmaPages,
  resident: 1,
  keep: null,
  backing: null,
  reclaim: null,
  random: false,
};

function backing(kernel: Kernel, scenario: Scenario, name: string): Backing {
  const { sim, trace, seed } = kernel;
  const device = scenario.devices[name];
  if (device === undefined) throw new InvariantError(`no device ${name}`, 0, "");
  return {
    device: new BlockDevice(sim, trace, name, device.latency, device.depth, seed),
    synchronous: device.kind === "zram",
    ioClass: device.kind === "file" ? "file" : "swap",
    maxReadahead: device.readahead_pages,
  };
}

function addVma(mm: mm_struct, name: string, vma: Vma, from: Backing | null): vm_area_struct {
  const { seed } = mm.kernel;
  const entity = `${mm.name}/${name}`;
  const lifetime = vma.reclaim === null ? null : samplerOf(vma.reclaim);
  const lifetimes = new KeyedDraws(seed, entity, "reclaim");
  const made = new vm_area_struct({
    mm,
    name,
    start: mm.unmappedArea(vma.pages),
    pages: vma.pages,
    kind: vma.kind,
    random: vma.random,
    backing: from,
    keep: vma.keep === null ? Number.POSITIVE_INFINITY : Math.round(vma.keep * vma.pages),
    reclaimAfter: (index, nth) =>
      lifetime === null ? Number.POSITIVE_INFINITY : lifetime.sample(lifetimes.uniform(index, nth)),
  });
  const resident = new KeyedDraws(seed, entity, "resident");
  const away = from === null ? pte_none : vma.kind === "anon" ? pte_swap : pte_file;
  made.populateAtStart((index) => vma.resident === 1 || resident.uniform(index, 0) < vma.resident, away);
  mm.mm_rb.setElement(made.vm_start, made);
  return made;
}

function startGroup(
  kernel: Kernel,
  mms: ReadonlyMap<string, mm_struct>,
  host: { workqueue: workqueue_struct },
  name: string,
  group: TaskGroup,
): void {
  const machine = group.role === "kvm_vcpu" ? virtualMachine(mms, group.mm, group.touch) : null;
  for (let i = 0; i < group.count; i++) {
    const comm = group.count === 1 ? name : `${name.slice(0, 11)}-${i}`;
    const own = "mm" in group ? known(mms, group.mm) : null;
    const task = new task_struct(kernel, comm, group.role, own);
    switch (group.role) {
      case "kvm_vcpu":
        kernel.start(task, vcpuThread(new kvm_vcpu(machine as kvm, task, i), group, host));
        break;
      case "user_thread": {
        const mm = known(mms, group.mm);
        kernel.start(task, userThread(task, mm, vmaOf(mm, group.touch), group));
        break;
      }
      case "proc_reader":
        kernel.start(task, procReader(task, known(mms, group.target), group));
        break;
      case "mm_writer":
        kernel.start(task, mmWriter(task, known(mms, group.mm), group));
        break;
      case "process_vm_readv": {
        const mm = known(mms, group.target);
        kernel.start(task, processVmReadv(task, mm, vmaOf(mm, group.touch), group));
        break;
      }
    }
  }
}

/** Groups of vcpus on the same memory are vcpus of one machine. */
function virtualMachine(mms: ReadonlyMap<string, mm_struct>, mmName: string, touch: string): kvm {
  const mm = known(mms, mmName);
  const memslot = vmaOf(mm, touch);
  return new kvm(mm, memslot);
}

function vmaOf(mm: mm_struct, name: string): vm_area_struct {
  let found: vm_area_struct | undefined;
  mm.mm_rb.forEach(([, vma]) => {
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
