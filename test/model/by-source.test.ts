import { describe, expect, test } from "vitest";
import { type Caller, type CallerName, callers } from "../../sim/callers/callers.ts";
import { userfaultfd_ctx } from "../../sim/linux/fs/userfaultfd.ts";
import { pte_none, pte_present, pte_swap } from "../../sim/linux/include/linux/mm_types.ts";
import { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { down_write, up_write } from "../../sim/linux/kernel/locking/rwsem.ts";
import { get_user_pages_unlocked } from "../../sim/linux/mm/gup.ts";
import { vm_mmap_pgoff } from "../../sim/linux/mm/util.ts";
import { type FaultWorld, fault, faultWorld } from "../support/fault-world.ts";

/** A task named `name` that does `call` to `pages` pages from the first at `at` us. */
function calls(world: FaultWorld, name: string, at: number, call: CallerName, pages = 1): number[] {
  const results: number[] = [];
  world.spawn(name, at, function* (current) {
    const { steps }: Caller = callers[call];
    results.push(yield* steps(current, world.mm, world.vma.vm_start, pages));
  });
  return results;
}

/** All pages of the world are there. */
function allThere(world: FaultWorld): FaultWorld {
  world.vma.populateAtStart(1, pte_none);
  return world;
}

test("KVM of v5.4 looks locklessly first each time, also where it may wait; v4.0 does not", () => {
  const holds = (variant: string): number => {
    const world = allThere(faultWorld(variant));
    world.spawn("vcpu", 0, function* (current) {
      const pfn = yield* current.kernel.ops.hva_to_pfn(current, world.mm, world.vma.vm_start, false, true);
      expect(pfn).toBe("pfn");
    });
    return world.run("vcpu").filter((line) => line.endsWith("+R")).length;
  };
  expect([holds("v4.0"), holds("v5.4"), holds("v6.18")]).toEqual([1, 0, 0]);
});

describe("khugepaged", () => {
  // v3.17 mm/huge_memory.c has down_read(), v4.15, v5.4 and v6.18 mm/khugepaged.c "Don't wait for semaphore".
  test.each([
    ["v3.17", "10000 k +R"],
    ["v5.4", "1000 k fails R"],
    ["v6.18", "1000 k fails R"],
  ])("%s behind a writer of 10 ms: %s", (variant, expected) => {
    const world = allThere(faultWorld(variant));
    world.spawn("w", 0, function* (current) {
      yield* down_write(current, world.mm.mmap_sem, "test");
      if (current.sleeps(10_000_000)) yield;
      yield* up_write(current, world.mm.mmap_sem, "test");
    });
    calls(world, "k", 1000, "khugepaged");
    expect(world.run("k")[0]).toBe(expected);
  });

  test("MADV_COLLAPSE waits", () => {
    const world = allThere(faultWorld("v6.18"));
    world.spawn("w", 0, function* (current) {
      yield* down_write(current, world.mm.mmap_sem, "test");
      if (current.sleeps(10_000_000)) yield;
      yield* up_write(current, world.mm.mmap_sem, "test");
    });
    calls(world, "k", 1000, "madv_collapse");
    expect(world.run("k")[0]).toBe("10000 k +R");
  });
});

describe("MADV_DONTNEED of v6.18 takes mmap_lock", () => {
  const held = ["0 a +vma", "0 a -vma", "0 a +R", "1 a -R"];

  test("where missing pages are a server's", () => {
    const world = allThere(faultWorld("v6.18"));
    world.vma.userfaultfd = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
    calls(world, "a", 0, "madv_dontneed");
    expect(world.run("a")).toEqual(held);
  });

  test("where the range leaves the mapping", () => {
    const world = faultWorld("v6.18");
    world.vma.setPte(0, pte_present);
    world.vma.rss = 1;
    calls(world, "a", 0, "madv_dontneed", 65);
    expect(world.run("a")).toEqual(held);
  });

  test("where the mm is another's", () => {
    const world = allThere(faultWorld("v6.18"));
    const other = new task_struct(world.kernel, "a", "test", null);
    world.kernel.start(other, work());
    expect(world.run("a")).toEqual(held);

    function* work() {
      yield* callers.madv_dontneed.steps(other, world.mm, world.vma.vm_start, 1);
    }
  });
});

describe("writers that grow a mapping write-lock it (v6.18 mm/vma.c, vma_expand)", () => {
  test("brk: a fault on the heap meanwhile goes to mmap_lock, and waits", () => {
    const world = faultWorld("v6.18", { more: { do_brk: 50_000 } });
    calls(world, "brk", 0, "brk");
    world.spawn("t", 10, fault(world, 0));
    const lines = world.run();
    expect(lines.slice(0, 4)).toEqual(["0 brk +W", "10 t falls back: write-locked", "10 t fails R", "50 brk -W"]);
  });

  test("mmap that merges: a fault on the neighbour goes to mmap_lock; one that does not merge leaves it alone", () => {
    const falls = (merges: boolean): boolean => {
      const world = faultWorld("v6.18", { more: { mmap_region: 50_000 } });
      let arena = 0;
      world.spawn("m", 0, function* (current) {
        arena = yield* vm_mmap_pgoff(current, world.mm, 8, false);
        yield* vm_mmap_pgoff(current, world.mm, 8, merges);
      });
      world.spawn("t", 60, function* (current) {
        yield* current.kernel.ops.do_user_addr_fault(current, world.mm, arena, true, true);
      });
      return world.run("t").includes("60 t falls back: write-locked");
    };
    expect([falls(true), falls(false)]).toEqual([true, false]);
  });
});

test("a read of a fresh anonymous mapping prepares nothing: v6.18 takes no mmap_lock for it (do_anonymous_page: the zero page)", () => {
  const world = faultWorld("v6.18");
  world.vma.pte.fill(pte_none);
  world.vma.anon_vma = false;
  world.spawn("r", 0, fault(world, 0));
  world.spawn("w", 100, fault(world, 1, { write: true }));
  expect(world.run("r")).toEqual(["0 r +vma", "5 r -vma"]);
  expect(world.run("w").slice(0, 3)).toEqual(["100 w +vma", "100 w +R", "101 w -R"]);
});

describe("zram", () => {
  test("v3.17 decompresses each page of the window in the fault, one after the other; v5.4 the one page", () => {
    const window = (variant: string): number => {
      const world = faultWorld(variant, { device: "zram", readahead: 8, io: 20 });
      world.vma.ra.swapin_readahead_hits = 8;
      world.spawn("a", 0, fault(world, 0, { write: true }));
      return Number((world.run("a").at(-1) as string).split(" ")[0]);
    };
    expect(window("v3.17")).toBe(8 * 20 + 5);
    expect(window("v5.4")).toBe(20 + 5);
  });
});

test("a killed task stops before the next page that is there, too (v3.17 and v6.18 mm/gup.c)", () => {
  for (const [variant, errno] of [
    ["v3.17", -512],
    ["v6.18", -4],
  ] as const) {
    const world = allThere(faultWorld(variant));
    const results: number[] = [];
    const task = world.spawn("a", 0, function* (current) {
      current.kill();
      results.push(yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 8, false, false, []));
    });
    world.run();
    expect([task.sigkill, results]).toEqual([true, [errno]]);
  }
});

test("a swap read that failed stays in the swap cache: the next fault is SIGBUS without another read", () => {
  const world = faultWorld("v6.18");
  world.vma.readFails = () => true;
  const result: number[] = [];
  world.spawn("a", 0, fault(world, 0, { result }));
  world.spawn("b", 5000, fault(world, 0, { result }));
  world.run();
  expect([result, world.vma.readsOf(0), world.vma.pte[0]]).toEqual([[-14, -14], 1, pte_swap]);
});

test("a core dump of v6.18 keeps the lock from a hole to the next page", () => {
  const world = allThere(faultWorld("v6.18"));
  for (const hole of [1, 2]) world.vma.setPte(hole, 4);
  calls(world, "a", 0, "coredump", 4);
  expect(world.run("a").filter((line) => line.endsWith("+R"))).toHaveLength(3 - 1);
});

test("maps of v6.18 behind a writer takes mmap_lock to find its mapping, and makes the line under the lock of the mapping", () => {
  const world = faultWorld("v6.18", { more: { show_map_vma: 5000, do_brk: 50_000 } });
  calls(world, "brk", 0, "brk");
  calls(world, "m", 10, "proc_maps");
  const lines = world.run("m");
  expect(lines[0]).toBe("10 m falls back: write-locked");
  expect(lines.slice(-4)).toEqual(["50 m +R", "50 m +vma", "50 m -R", "55 m -vma"]);
});
