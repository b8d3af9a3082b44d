import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testKernel } from "../../../test/support/test-kernel.ts";
import { BlockDevice } from "../../machine/block-device.ts";
import { mm_struct, pte_present, pte_swap, vm_area_struct } from "../include/linux/mm_types.ts";
import { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { get_user_pages_locked, type LockedPointer } from "./gup.ts";

/** Calls get_user_pages_locked over pages of `P` (present) and `I` (swapped); says what came back and whether the lock is held. */
function call(pages: string, variant: string): { ret: number; locked: number; held: boolean } {
  const kernel = testKernel({ variant });
  const mm = new mm_struct(kernel, "mm");
  const device = new BlockDevice(kernel.sim, kernel.trace, "disk", { kind: "constant", value_ns: 1000 }, null, "1");
  const vma = new vm_area_struct({
    mm,
    name: "ram",
    start: mm.unmappedArea(pages.length),
    pages: pages.length,
    kind: "anon",
    random: false,
    backing: { device, synchronous: false, synchronousReadpage: false, ioClass: "swap", maxReadahead: 1 },
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: () => Number.POSITIVE_INFINITY,
  });
  for (const [i, page] of [...pages].entries()) vma.pte[i] = page === "P" ? pte_present : pte_swap;
  mm.mm_rb.insert(vma);
  const task = new task_struct(kernel, "t", "test", mm);
  const locked: LockedPointer = { value: 1 };
  let ret = 0;
  let held = false;
  kernel.start(
    task,
    (function* () {
      yield* down_read(task, mm.mmap_sem, "test");
      ret = yield* get_user_pages_locked(task, mm, vma.vm_start, pages.length, false, false, [], locked);
      held = task.held.length > 0;
      if (held) yield* up_read(task, mm.mmap_sem, "test");
    })(),
  );
  kernel.sim.run();
  return { ret, locked: locked.value, held };
}

describe("get_user_pages_locked tells by its pointer whether the lock was dropped", () => {
  test.each(["rfc", "reviewed", "v4.0"])("%s: locked stays 1 when no page needs IO", (variant) => {
    expect(call("PPP", variant)).toEqual({ ret: 3, locked: 1, held: true });
  });

  test.each(["reviewed", "v4.0"])("%s: locked is 0 after a drop although all pages were got (trap 36)", (variant) => {
    expect(call("PIP", variant)).toEqual({ ret: 3, locked: 0, held: false });
    expect(call("PPI", variant)).toEqual({ ret: 3, locked: 0, held: false });
  });

  test("v3.17 never drops", () => {
    expect(call("PIP", "v3.17")).toEqual({ ret: 3, locked: 1, held: true });
  });

  test("rfc's immediate_unlock is the opposite of notify_drop: both make _locked tell the caller, and let go (trap 6)", () => {
    expect(call("PPI", "rfc")).toEqual({ ret: 3, locked: 0, held: false });
    expect(call("PPI", "v4.0")).toEqual({ ret: 3, locked: 0, held: false });
  });

  test("dropped is reported and reported is dropped, and the lock is held exactly when locked says so (trap 36)", () => {
    const vector = fc.array(fc.constantFrom("P", "I"), { minLength: 1, maxLength: 8 }).map((pages) => pages.join(""));
    fc.assert(
      fc.property(vector, fc.constantFrom("v3.17", "reviewed", "v4.0", "v5.4", "v6.18"), (pages, variant) => {
        const { ret, locked, held } = call(pages, variant);
        const drops = pages.includes("I") && variant !== "v3.17";
        expect({ ret, locked, held }).toEqual({ ret: pages.length, locked: drops ? 0 : 1, held: !drops });
      }),
      { numRuns: 200 },
    );
  });
});
