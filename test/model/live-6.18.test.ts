import { describe, expect, test } from "vitest";
import type { Steps } from "../../sim/engine/task.ts";
import { mem_rw } from "../../sim/linux/fs/proc/base.ts";
import { readSmaps } from "../../sim/linux/fs/proc/task_mmu.ts";
import { pte_none, vm_area_struct } from "../../sim/linux/include/linux/mm_types.ts";
import type { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { madvise_populate } from "../../sim/linux/mm/syscalls/madvise.ts";
import { process_vm_rw_single_vec } from "../../sim/linux/mm/syscalls/process_vm_access.ts";
import { vm_mmap_pgoff } from "../../sim/linux/mm/util.ts";
import { type FaultWorld, fault, faultWorld } from "../support/fault-world.ts";

type Operation = (world: FaultWorld) => (current: task_struct) => Steps<unknown>;

const operations: Record<string, Operation> = {
  none: () => function* () {},
  "user access": (world) => fault(world, 0),
  MADV_POPULATE_READ:
    ({ mm, vma }) =>
    (current) =>
      madvise_populate(current, mm, vma.vm_start, 1),
  process_vm_readv:
    ({ mm, vma }) =>
    (current) =>
      process_vm_rw_single_vec(current, mm, vma.vm_start, 1, false),
  "/proc/PID/mem":
    ({ mm, vma }) =>
    (current) =>
      mem_rw(current, mm, vma.vm_start, 1, false),
};

/**
 * A page of a FUSE file, read in 50 ms, is missing. How long (ms) take the operation on it, an smaps read at 5 ms, mmap at 10 ms,
 * smaps and maps at 20 ms, a first anonymous fault at 22 ms?
 */
function live(operation: Operation): Record<string, number> {
  const costs = { mmap_region: 5_000, show_map_vma: 250, show_smap_vma: 2_500, find_vma: 100 };
  const world = faultWorld("v6.18", { kind: "file", device: "fuse", io: 50_000, more: costs });
  const { kernel, mm } = world;
  const anon = new vm_area_struct({
    mm,
    name: "anon",
    start: mm.unmappedArea(8),
    pages: 8,
    kind: "anon",
    random: false,
    backing: null,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: () => Number.POSITIVE_INFINITY,
  });
  anon.pte.fill(pte_none);
  mm.mm_rb.insert(anon);
  const took: Record<string, number> = {};
  const timed = (name: string, at: number, steps: (current: task_struct) => Steps<unknown>): void => {
    world.spawn(name, at * 1000, function* (current) {
      const since = kernel.sim.now;
      yield* steps(current);
      if (current.settles()) yield;
      took[name] = (kernel.sim.now - since) / 1e6;
    });
  };
  timed("op", 0, operation(world));
  timed("early", 5, (current) => readSmaps(current, mm, null));
  timed("writer", 10, (current) => vm_mmap_pgoff(current, mm, 1, true));
  timed("smaps", 20, (current) => readSmaps(current, mm, null));
  timed("maps", 20, (current) => kernel.ops.show_maps(current, mm));
  timed("fault", 22, (current) => kernel.ops.do_user_addr_fault(current, mm, anon.vm_start, true, true));
  world.run();
  return took;
}

describe("the live check on 6.18: a page of a FUSE file takes 50 ms, and who notices", () => {
  test.each(["none", "user access", "MADV_POPULATE_READ", "process_vm_readv"])("%s: nobody", (name) => {
    const { op, ...others } = live(operations[name] as Operation);
    if (name === "none") expect(op).toBe(0);
    else expect(op).toBeCloseTo(50, 0);
    for (const took of Object.values(others)) expect(took).toBeLessThan(0.1);
  });

  test("/proc/PID/mem: the writer waits for it, later smaps readers for the writer; maps and user faults for nobody", () => {
    const { op, early, writer, smaps, maps, fault } = live(operations["/proc/PID/mem"] as Operation);
    expect(op).toBeCloseTo(50, 0);
    expect(early).toBeLessThan(0.1);
    // Measured: 40.2 ms, 28.4 to 29.7 ms after the start of a hold that had begun 20 ms before.
    expect(writer).toBeCloseTo(40, 0);
    expect(smaps).toBeCloseTo(30, 0);
    expect(maps).toBeLessThan(0.1);
    expect(fault).toBeLessThan(0.1);
  });
});
