import { describe, expect, test } from "vitest";
import { userfaultfd_ctx, userfaultfd_release } from "../../sim/linux/fs/userfaultfd.ts";
import { PAGE_SIZE } from "../../sim/linux/include/linux/mm.ts";
import { pte_none, pte_present } from "../../sim/linux/include/linux/mm_types.ts";
import { get_user_pages_unlocked } from "../../sim/linux/mm/gup.ts";
import { type FaultWorld, fault, faultWorld } from "../support/fault-world.ts";

/** A mapping whose first seven pages are there; its userfaultfd is closed at 3 us. */
function closedAt3(variant: string): FaultWorld {
  const world = faultWorld(variant, { more: { fail_fault: 500 } });
  world.vma.pte.fill(pte_none).fill(pte_present, 0, 7);
  const ctx = new userfaultfd_ctx({ sigbus: false, userModeOnly: false });
  world.vma.userfaultfd = ctx;
  world.spawn("closer", 3, (current) => userfaultfd_release(current, world.mm, ctx));
  return world;
}

describe("get_user_pages on a mapping whose userfaultfd is being closed", () => {
  const eightPages = (world: FaultWorld, results: number[]) =>
    world.spawn("gup", 0, function* (current) {
      results.push(yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 8, true, false, []));
    });

  test("v6.18 lets go and comes back behind the close", () => {
    const results: number[] = [];
    const world = closedAt3("v6.18");
    eightPages(world, results);
    const lines = world.run();
    expect(lines.slice(0, 3)).toEqual(["0 gup +R", "7 gup -R", "7 closer +W"]);
    expect(results).toEqual([8]);
    expect(world.kernel.findings).toEqual([]);
  });

  test.each(["v4.0", "v5.4", "v5.4+gup=plain"])(
    "%s looks for ever with the lock held that the close waits for, and so does every later reader",
    (variant) => {
      const results: number[] = [];
      const world = closedAt3(variant);
      eightPages(world, results);
      world.spawn("reader", 20, fault(world, 0));
      expect(world.run()).toEqual(["0 gup +R", "20 reader fails R"]);
      expect(results).toEqual([]);
      const [found, ...others] = world.kernel.findings;
      expect([found?.kind, others]).toEqual(["deadlock", []]);
      for (const part of [
        "gup waits for a page whose userfaultfd is being closed, looking again and again with the lock held, closed by closer",
        "closer in userfaultfd_release waits for mmap_sem of mm for write, held by gup",
      ])
        expect(found?.text).toContain(part);
    },
  );

  test("SIGKILL ends the looking, and the close goes on", () => {
    const results: number[] = [];
    const world = closedAt3("v5.4");
    const gup = eightPages(world, results);
    world.spawn("killer", 5000, function* () {
      gup.kill();
    });
    expect(world.run("closer")).toHaveLength(2);
    expect(results).toEqual([7]);
  });

  test("the close that comes while a fault still waits for its page wakes it, whatever the version", () => {
    for (const variant of ["v5.4", "v6.18"]) {
      const world = closedAt3(variant);
      const results: number[] = [];
      world.vma.pte.fill(pte_none);
      eightPages(world, results);
      world.run();
      expect([variant, results, world.kernel.findings]).toEqual([variant, [8], []]);
    }
  });

  test.each(["v5.4", "v6.18", "v6.18+userfault=released-first"])(
    "%s: a user fault lets the lock go, comes again, and finds an ordinary page",
    (variant) => {
      const world = closedAt3(variant);
      const result: number[] = [];
      // Someone else keeps the close from its lock for 50 us.
      world.spawn("long", 0, function* (current) {
        yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 7, true, false, []);
        yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 7, true, false, []);
      });
      world.spawn("user", 4, (current) => fault(world, 20, { result })(current));
      world.run();
      expect([result, world.vma.pte[20], world.kernel.findings]).toEqual([[0], pte_present, []]);
      expect(world.vma.vm_start % PAGE_SIZE).toBe(0);
    },
  );
});
