import { describe, expect, test } from "vitest";
import { replicate } from "../support/replicate.ts";
import { loadScenario, ScenarioError } from "../../scenarios/load.ts";
import { FOLL_GET, FOLL_NOWAIT, FOLL_TOUCH } from "../../sim/linux/include/linux/mm.ts";
import type { vm_area_struct } from "../../sim/linux/include/linux/mm_types.ts";
import type { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { down_read, down_write, up_read, up_write } from "../../sim/linux/kernel/locking/rwsem.ts";
import {
  __get_user_pages,
  __get_user_pages_unlocked,
  get_user_pages,
  get_user_pages_locked,
  isHeld,
  type LockedPointer,
} from "../../sim/linux/mm/gup.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { type FaultWorld, faultWorld } from "../support/fault-world.ts";

const polite = ["rfc", "v4.0", "v4.0+gup=retry:3", "v5.4", "v6.18"];

/** Runs `call` with the lock of the world held for read. */
function withLock(world: FaultWorld, call: (current: task_struct) => Generator<void, void, void>): void {
  world.spawn("a", 0, function* (current) {
    yield* down_read(current, world.mm.mmap_sem, "test");
    yield* call(current);
  });
  world.run();
}

describe("the locked pointer has three states (S21, S40, trap 36)", () => {
  test.each(polite)("%s: held and never dropped: 1 stays 1, for resident pages and for errors", (variant) => {
    const world = faultWorld(variant);
    world.vma.populateAtStart(1, 0);
    const locked: LockedPointer = { value: 1 };
    let got = 0;
    withLock(world, function* (current) {
      got = yield* get_user_pages_locked(current, world.mm, world.vma.vm_start, 4, false, false, [], locked);
      yield* up_read(current, world.mm.mmap_sem, "test");
    });
    expect([got, locked.value, world.mm.mmap_sem.readers]).toEqual([4, 1, 0]);
  });

  test.each(polite)("%s: dropped at any moment: 1 becomes 0, although every page was got (S69)", (variant) => {
    const world = faultWorld(variant);
    const locked: LockedPointer = { value: 1 };
    let got = 0;
    withLock(world, function* (current) {
      got = yield* get_user_pages_locked(current, world.mm, world.vma.vm_start, 1, false, false, [], locked);
    });
    expect([got, isHeld(locked), world.mm.mmap_sem.readers]).toEqual([1, false, 0]);
  });

  test("not droppable (NULL): the lock is held over the IO, and on return (S54: one pass)", () => {
    const world = faultWorld("v4.0");
    withLock(world, function* (current) {
      yield* get_user_pages(current, world.mm, world.vma.vm_start, 1, false, false, []);
      if (current.settles()) yield;
      expect(world.mm.mmap_sem.readers).toBe(1);
      expect(current.sim.now).toBeGreaterThan(1_000_000);
      yield* up_read(current, world.mm.mmap_sem, "test");
    });
    expect(world.mm.mmap_sem.readers).toBe(0);
  });

  test("a caller that did not initialise it is caught by BUG_ON (S51)", () => {
    const world = faultWorld("v4.0");
    withLock(world, function* (current) {
      const locked: LockedPointer = { value: 0 };
      yield* get_user_pages_locked(current, world.mm, world.vma.vm_start, 1, false, false, [], locked);
    });
    expect(world.kernel.findings[0]?.text).toContain("BUG_ON(*locked != 1)");
  });
});

describe("vmas", () => {
  test.each(["rfc", "rfc+gup=rfc:one-page", "reviewed", "v4.0", "v5.4"])(
    "%s: asking for them with a droppable lock is a BUG (S25, S50)",
    (variant) => {
      const world = faultWorld(variant);
      withLock(world, function* (current) {
        const vmas: vm_area_struct[] = [];
        const locked: LockedPointer = { value: 1 };
        const { mm, vma } = world;
        const gup = world.kernel.ops.__get_user_pages_locked;
        yield* gup(current, mm, vma.vm_start, 1, FOLL_TOUCH | FOLL_GET, [], locked, true, vmas);
      });
      expect(world.kernel.findings[0]?.text).toContain("BUG_ON(vmas)");
    },
  );

  test("plain gup gives one for each page; kept past the unlock, one munmap makes it stale (S26)", () => {
    const world = faultWorld("v3.17");
    const { mm, vma } = world;
    const vmas: vm_area_struct[] = [];
    withLock(world, function* (current) {
      yield* get_user_pages(current, mm, vma.vm_start, 2, false, false, [], vmas);
      expect(vmas).toEqual([vma, vma]);
      yield* up_read(current, mm.mmap_sem, "test");
      yield* world.kernel.ops.vm_munmap(current, mm, vma.vm_start, vma.nrPages);
    });
    expect(mm.mm_rb.at(vmas[0]?.vm_start as number)).toBeNull();
  });

  test("a scenario that asks a site for them and lets it drop the lock is refused (S25)", () => {
    const site =
      "tasks.x={role: gup_caller, site: sgl_map_user_pages, mm: target, touch: heap, every: 1ms, vmas: true, form: ";
    expect(() => loadScenario("pvm-readv-batch", [`${site}before}`])).not.toThrow();
    expect(() => loadScenario("pvm-readv-batch", [`${site}rfc}`])).toThrow(ScenarioError);
    expect(() => loadScenario("pvm-readv-batch", [`${site}merged}`])).toThrow(
      "asks for vmas, which are valid only as long as the lock is held: the merged form of sgl_map_user_pages may drop it",
    );
  });
});

describe("FOLL_NOWAIT with a locked pointer (S42, trap 8)", () => {
  const end = (variant: string) => {
    const world = faultWorld(variant);
    const flags = FOLL_TOUCH | FOLL_GET | FOLL_NOWAIT;
    let held = true;
    world.spawn("a", 0, function* (current) {
      yield* __get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 1, flags, null);
      held = current.held.length > 0;
    });
    let gotIt = false;
    const writer = world.spawn("w", 2_000, function* (current) {
      yield* down_write(current, world.mm.mmap_sem, "test");
      gotIt = true;
      yield* up_write(current, world.mm.mmap_sem, "test");
    });
    world.run();
    return { held, gotIt, writer: writer.finished };
  };

  test("up to v4.15 its RETRY is taken for a drop: the lock leaks, and every later writer hangs", () => {
    expect(end("v4.0")).toEqual({ held: true, gotIt: false, writer: false });
  });

  test("since then the pointer stays 1, and the lock is let go", () => {
    expect(end("v5.4")).toEqual({ held: false, gotIt: true, writer: true });
    expect(end("v6.18")).toEqual({ held: false, gotIt: true, writer: true });
  });

  test("without the pointer, as KVM called it, it neither waits nor drops (S1, S41)", () => {
    for (const variant of ["v3.17", "v4.0"]) {
      const world = faultWorld(variant);
      let at = 0;
      withLock(world, function* (current) {
        const flags = FOLL_TOUCH | FOLL_GET | FOLL_NOWAIT;
        expect(yield* __get_user_pages(current, world.mm, world.vma.vm_start, 1, flags, [], null)).toBe(0);
        if (current.settles()) yield;
        at = current.sim.now;
        expect(world.mm.mmap_sem.readers).toBe(1);
        yield* up_read(current, world.mm.mmap_sem, "test");
      });
      expect(at).toBe(10_000);
    }
  });
});

describe("a caller's critical section (S23, S70, S72)", () => {
  test("is lost once a call that dropped, however often it did", () => {
    const { scenario } = loadScenario("pvm-readv-batch", ["duration=300ms"]);
    const { metrics } = replicate(scenario, parseVariant("v4.0"), ["1"], [], { checkInvariants: false });
    const lost = metrics.counts.get("section_lost{site=process_vm_rw_single_vec}") ?? 0;
    const retries = metrics.counts.get("gup.retry{n=1,site=process_vm_rw_single_vec}") ?? 0;
    const second = metrics.counts.get("gup.retry{n=2,site=process_vm_rw_single_vec}") ?? 0;
    expect(lost).toBe(retries);
    expect(second).toBeGreaterThan(0);
  });
});

describe("killing a task (S75)", () => {
  test("v4.0 retakes the lock uninterruptibly: a killed task dies when the queue lets it; v6.18 leaves at once", () => {
    const dies = (variant: string): number => {
      const world = faultWorld(variant);
      let at = 0;
      const task = world.spawn("a", 0, function* (current) {
        yield* __get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 1, FOLL_TOUCH | FOLL_GET, []);
        if (current.settles()) yield;
        at = current.sim.now / 1000;
      });
      world.spawn("w", 500, function* (current) {
        yield* down_write(current, world.mm.mmap_sem, "test");
        if (current.sleeps(10_000_000)) yield;
        yield* up_write(current, world.mm.mmap_sem, "test");
      });
      world.spawn("killer", 2_000, function* () {
        task.kill();
      });
      world.run();
      return at;
    };
    expect(dies("v4.0")).toBeGreaterThan(10_000);
    expect(dies("v6.18")).toBe(2_000);
  });
});
