import { describe, expect, test } from "vitest";
import { matrixRows, runCell } from "../../sim/experiments/matrix.ts";
import type { PageKind } from "../../sim/experiments/matrix-pages.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { pte_cow, pte_none, pte_present } from "../../sim/linux/include/linux/mm_types.ts";
import { do_mlock } from "../../sim/linux/mm/syscalls/mlock.ts";
import { faultWorld } from "../support/fault-world.ts";

const cell = (row: string, kind: PageKind, variant: string) =>
  runCell(matrixRows[row] as never, kind, parseVariant(variant));

describe("mlock and MAP_POPULATE", () => {
  // v3.17 __mlock_vma_pages_range, v5.4 and v6.18 populate_vma_page_range: each calls the core, none passes FOLL_TRIED.
  test.each(["v3.17", "v4.0", "v5.4", "v6.18"])(
    "%s never tells the fault that it was there before, so a page that is away again is dropped for again",
    (variant) => {
      for (const row of ["mlock_tried", "map_populate_tried"])
        for (const kind of ["anon swap", "file"] as const) {
          // A FUSE read was waited for inside ->readpage up to v5.0, which is no retry of populate's.
          if (kind === "file" && (variant === "v3.17" || variant === "v4.0")) continue;
          expect([row, kind, cell(row, kind, variant).heldOverIo]).toEqual([row, kind, false]);
        }
    },
  );

  test("MADV_POPULATE goes the same way up to v6.8, and holds over the second read from v6.12 on", () => {
    expect(cell("madv_populate_read_tried", "file", "v5.4").heldOverIo).toBe(false);
    expect(cell("madv_populate_read_tried", "anon swap", "v6.18")).toMatchObject({ mode: "R", heldOverIo: true });
    expect(cell("madv_populate_read_tried", "file", "v6.18")).toMatchObject({ mode: "R", heldOverIo: true });
  });

  test("a file page whose reads fail is read again for ever from v5.1 on, the lock dropped each time, until SIGKILL", () => {
    for (const variant of ["v5.4", "v6.18"]) {
      expect(cell("mlock_io_error", "file", variant)).toMatchObject({ endless: true, heldOverIo: false });
    }
    expect(cell("mlock_io_error", "file", "v3.17").endless).toBe(false);
    expect(cell("mlock_io_error", "anon swap", "v6.18").endless).toBe(false);
  });

  test.each(["v3.17", "v5.4", "v6.18"])("%s copies shared pages of private writable memory in the hold", (variant) => {
    const world = faultWorld(variant);
    world.vma.pte.fill(pte_cow);
    world.vma.rss = 64;
    world.spawn("a", 0, function* (current) {
      yield* do_mlock(current, world.mm, world.vma.vm_start, 8);
    });
    // Eight copies of 7 us, eight steps of 1 us.
    expect(world.run("a").slice(2)).toEqual(["0 a +R", "64 a -R"]);
    expect([...world.vma.pte.slice(0, 9)]).toEqual([...Array(8).fill(pte_present), pte_cow]);
  });

  test.each(["anon", "shmem"] as const)("does not write to what may not be written, or is shared: %s", (kind) => {
    const world = faultWorld("v6.18", { kind });
    world.vma.pte.fill(pte_cow);
    if (kind === "anon") world.vma.VM_WRITE = false;
    world.spawn("a", 0, function* (current) {
      yield* do_mlock(current, world.mm, world.vma.vm_start, 8);
    });
    expect(world.run("a").slice(2)).toEqual(["0 a +R", "8 a -R"]);
  });

  test("a stack guard page is counted and left alone in v3.17, which passed FOLL_MLOCK", () => {
    const pte = (variant: string): number | undefined => {
      const world = faultWorld(variant);
      world.vma.VM_GROWSDOWN = true;
      world.vma.pte.fill(pte_none);
      world.spawn("a", 0, function* (current) {
        yield* do_mlock(current, world.mm, world.vma.vm_start, 2);
      });
      world.run();
      expect(world.vma.pte[1]).toBe(pte_present);
      return world.vma.pte[0];
    };
    expect(["v3.17", "v5.4"].map(pte)).toEqual([pte_none, pte_present]);
  });

  test.each(["v5.4", "v6.18"])("%s: that loop ends with SIGKILL", (variant) => {
    const world = faultWorld(variant, { kind: "file" });
    world.vma.readFails = () => true;
    const results: number[] = [];
    const victim = world.spawn("a", 0, function* (current) {
      results.push(yield* do_mlock(current, world.mm, world.vma.vm_start, 1));
    });
    world.spawn("killer", 50_000, function* () {
      victim.kill();
    });
    const lines = world.run("a");
    expect(lines.filter((line) => line.endsWith("sleeps file")).length).toBeGreaterThan(40);
    expect(results).toEqual([variant === "v5.4" ? -512 : -4]);
  });
});
