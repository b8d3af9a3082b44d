import { describe, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { KeyedDraws } from "../../sim/engine/random.ts";
import { type Caller, type CallerName, callers } from "../../sim/callers/callers.ts";
import { pte_none, pte_present, vm_area_struct, mm_struct } from "../../sim/linux/include/linux/mm_types.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { get_user_pages_unlocked } from "../../sim/linux/mm/gup.ts";
import type { Listener } from "../../sim/trace/trace.ts";
import { testKernel } from "../support/test-kernel.ts";

const GiB4 = 2 ** 20;
const ms = 1e6;

/** The costs of the machine that was measured, ns. */
const costs = Object.fromEntries(
  Object.entries(loadScenario("real-v2-procmem").scenario.costs).map(([name, { value_ns }]) => [name, value_ns]),
);

/** Holds of `call` on an mm with one mapping of 4 GiB that has what `fill` puts there, ns, on the measured machine. */
function holds(
  call: CallerName,
  fill: "4k" | "huge" | "1 %" | "nothing",
  options: { variant?: string; pages?: number; at?: number; small?: number } = {},
): number[] {
  const found: number[] = [];
  let since = -1;
  const recorder: Listener = {
    hears: {
      mmap_lock_acquire_returned: ({ downgrade, time }) => {
        if (!downgrade) since = time;
      },
      mmap_lock_released: ({ time }) => {
        found.push(time - since);
      },
    },
  };
  const { variant = "v6.18", pages = GiB4, at = 0, small = 0 } = options;
  const kernel = testKernel({ variant, listeners: [recorder], costs, end: 60e9 });
  const mm = new mm_struct(kernel, "mm");
  const map = (name: string, nr: number): vm_area_struct => {
    const vma = new vm_area_struct({
      mm,
      name,
      start: mm.unmappedArea(nr),
      pages: nr,
      kind: "anon",
      random: false,
      backing: null,
      keep: Number.POSITIVE_INFINITY,
      reclaimAfter: () => Number.POSITIVE_INFINITY,
    });
    mm.mm_rb.insert(vma);
    return vma;
  };
  for (let i = 0; i < small; i++) map(`small-${i}`, 1);
  const vma = map("heap", GiB4);
  vma.thp = fill === "huge";
  const share = fill === "1 %" ? 0.01 : fill === "nothing" ? 0 : 1;
  vma.populateAtStart(share, pte_none, new KeyedDraws("walks", "mm/heap", "resident"));
  for (let i = 0; i < small; i++) map(`behind-${i}`, 1);
  const task = new task_struct(kernel, "a", "test", mm);
  kernel.start(task, call_(task));
  kernel.sim.run();
  return found;

  function* call_(current: task_struct) {
    const { steps }: Caller = callers[call];
    yield* steps(current, mm, vma.vm_start + at * 4096, pages);
  }
}

const total = (...args: Parameters<typeof holds>): number => holds(...args).reduce((sum, ns) => sum + ns, 0) / ms;

/** What a small process of another measurement costs beside its mapping, ms: the program of these had next to nothing else. */
const beside: Partial<Record<string, number>> = {
  fork: (costs.dup_mmap as number) / ms,
  proc_smaps_rollup: (costs.smaps_rollup as number) / ms,
};

describe("a walk of 4 GiB costs by what is there, as measured on 6.18: 4 KiB pages, huge pages, 1 % at random, nothing; ms", () => {
  test.each([
    ["proc_smaps", 39, 0.19, 2.8, 0.01],
    ["proc_smaps_rollup", 39, 0.19, 2.8, 0.01],
    ["proc_pagemap", 41, 3.5, 3.9, 3.5],
    ["fork", 66, 1.4, 7.5, 0.1],
    ["mremap", 8.7, 0.9, 8.7, 0.03],
  ] as const)("%s", (call, pages, huge, sparse, nothing) => {
    for (const [fill, expected] of [
      ["4k", pages],
      ["huge", huge],
      ["1 %", sparse],
    ] as const) {
      const got = total(call, fill) - (beside[call] ?? 0);
      expect([fill, got > expected * 0.85 && got < expected * 1.15 ? "near" : got]).toEqual([fill, "near"]);
    }
    expect(total(call, "nothing") - (beside[call] ?? 0)).toBeLessThan(nothing * 1.1);
  });

  test.each(["proc_numa_maps", "proc_clear_refs"] as const)("%s of huge pages, and of nothing", (call) => {
    expect(total(call, "huge")).toBeLessThan(0.25);
    expect(total(call, "nothing")).toBeLessThan(0.06);
  });

  test("munmap: huge pages go 20 times faster than their 4 KiB pages would", () => {
    expect(total("munmap", "4k")).toBeGreaterThan(250);
    expect(total("munmap", "huge")).toBeGreaterThan(9);
    expect(total("munmap", "huge")).toBeLessThan(23);
    expect(total("munmap", "1 %")).toBeGreaterThan(5);
    expect(total("munmap", "1 %")).toBeLessThan(15);
    expect(total("munmap", "nothing")).toBeLessThan(0.02);
  });

  test("v3.17 moves page-table entries one by one, later kernels whole page tables", () => {
    expect(total("mremap", "4k", { variant: "v3.17" })).toBeGreaterThan(50);
  });
});

test("seq_file makes the record that overflows a buffer again: a big mapping in that place is walked twice", () => {
  // Five records fit; the sixth is walked with the first five, and again alone.
  const walks = (small: number): number => holds("proc_smaps", "4k", { small }).filter((ns) => ns > 10 * ms).length;
  expect([0, 1, 2, 3, 4, 5, 6].map(walks)).toEqual([1, 1, 1, 1, 1, 2, 1]);
});

describe("munmap and mremap of a part of a mapping", () => {
  test("munmap of 512 pages zaps 512 pages, and the rest stays", () => {
    const [hold] = holds("munmap", "4k", { pages: 512, at: 1024 });
    expect(hold).toBeGreaterThan(512 * 240);
    expect(hold).toBeLessThan(0.16 * ms);
  });

  test("mremap of 16 pages moves 16 entries", () => {
    const [hold] = holds("mremap", "4k", { pages: 16, at: 5 });
    expect(hold).toBeLessThan(5_000);
  });

  test("what was unmapped is no memory any more, for faults, get_user_pages and a second munmap", () => {
    const kernel = testKernel({ variant: "v6.18" });
    const mm = new mm_struct(kernel, "mm");
    const vma = new vm_area_struct({
      mm,
      name: "heap",
      start: mm.unmappedArea(64),
      pages: 64,
      kind: "anon",
      random: false,
      backing: null,
      keep: Number.POSITIVE_INFINITY,
      reclaimAfter: () => Number.POSITIVE_INFINITY,
    });
    vma.populateAtStart(1, pte_none);
    mm.mm_rb.insert(vma);
    const results: number[] = [];
    const task = new task_struct(kernel, "a", "test", mm);
    kernel.start(task, part(task));
    kernel.sim.run();
    // Unmapped: -EFAULT. Beside it all is as before. When the last page has gone the mapping has, too.
    expect(results).toEqual([0, 0, -14, 8, 0]);
    expect(vma.pte[7]).toBe(pte_present);
    expect(mm.mm_rb.at(vma.vm_start)).toBeNull();

    function* part(current: task_struct) {
      const { vm_munmap } = kernel.ops;
      const at = (page: number): number => vma.vm_start + page * 4096;
      results.push(yield* vm_munmap(current, mm, at(8), 8));
      results.push(yield* vm_munmap(current, mm, at(8), 8));
      results.push(yield* kernel.ops.do_user_addr_fault(current, mm, at(9), true, true));
      results.push(yield* get_user_pages_unlocked(current, mm, at(0), 16, false, false, []));
      yield* vm_munmap(current, mm, at(16), 48);
      results.push(yield* vm_munmap(current, mm, at(0), 8));
    }
  });
});
