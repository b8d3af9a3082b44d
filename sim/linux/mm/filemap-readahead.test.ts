import { describe, expect, test } from "vitest";
import { type FaultWorld, faultWorld } from "../../../test/support/fault-world.ts";
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  VM_FAULT_COMPLETED,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from "../include/linux/mm.ts";
import { pte_present, Stalls } from "../include/linux/mm_types.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { handle_mm_fault } from "./memory.ts";

const eras = ["v3.17", "v5.4", "v6.18"];

interface Answer {
  readonly bits: number;
  /** us. */
  readonly at: number;
  readonly held: boolean;
}

/** A file mapping of 64 pages, and what was read of it: `page 20 +8 at 10`, us. */
function file(
  variant: string,
  readahead = 8,
  queue?: number,
): FaultWorld & { ios: string[]; fault(at: number, index: number, flags?: number): Answer[] } {
  const ios: string[] = [];
  const world = faultWorld(variant, {
    kind: "file",
    readahead,
    ...(queue === undefined ? {} : { queue }),
    hears: { io_submit: (e) => void ios.push(`page ${e.page} +${e.pages} at ${e.time / 1000}`) },
  });
  const fault = (at: number, index: number, flags = 0): Answer[] => {
    const answers: Answer[] = [];
    world.spawn(`t${index}`, at, function* (current) {
      yield* down_read(current, world.mm.mmap_sem, "test");
      const bits = yield* handle_mm_fault(current, world.vma, world.vma.vm_start + index * 4096, flags);
      if (current.settles()) yield;
      const held = current.held.length > 0;
      answers.push({ bits, at: current.sim.now / 1000, held });
      if (held) yield* up_read(current, world.mm.mmap_sem, "test");
    });
    return answers;
  };
  return { ...world, ios, fault };
}

describe.each(eras)("read-around of %s", (variant) => {
  test.each([
    ["in the middle: half before the page and half behind", 20, "page 20 +8 at 10"],
    ["at the start: from the first page on", 1, "page 1 +8 at 10"],
    ["at the end: up to the last page", 62, "page 62 +6 at 10"],
  ])("%s", (_where, index, io) => {
    const { fault, run, ios } = file(variant);
    fault(0, index);
    run();
    expect(ios).toEqual([io]);
  });

  test("reads only what is missing", () => {
    const { fault, run, ios, vma } = file(variant);
    for (const i of [17, 19, 22]) vma.setPte(i, pte_present);
    fault(0, 20);
    run();
    expect(ios).toEqual(["page 20 +5 at 10"]);
  });

  test.each([
    [0, 1, 8],
    [98, 99, 8],
    [99, 100, 8],
    [100, 101, 1],
    [998, 999, 1],
    [999, 1000, 1],
    [1000, 1000, 1],
  ])("with %d misses before: one more is %d, and %d pages are read", (before, after, pages) => {
    const { fault, run, ios, vma } = file(variant);
    vma.ra.mmap_miss = before;
    fault(0, 20);
    run();
    expect([vma.ra.mmap_miss, ios.length, ios[0]?.split(" ")[2]]).toEqual([after, 1, `+${pages}`]);
  });

  test.each([
    [5, 3],
    [2, 0],
    [0, 0],
  ])("each hit takes a miss back: after %d misses and two hits %d are left", (before, after) => {
    const { fault, run, vma } = file(variant);
    fault(0, 20);
    run();
    vma.ra.mmap_miss = before;
    fault(2_000, 21);
    fault(3_000, 22, FAULT_FLAG_ALLOW_RETRY);
    run();
    expect(vma.ra.mmap_miss).toBe(after);
  });

  test("a look at a page after a retry is no hit: it takes back nothing, and starts no window", () => {
    const { fault, run, ios, vma } = file(variant);
    fault(0, 20);
    run();
    vma.ra.mmap_miss = 5;
    // 22 has the marker: the window was 16 to 23.
    fault(2_000, 22, FAULT_FLAG_TRIED);
    run();
    expect([vma.ra.mmap_miss, ios.length]).toEqual([5, 1]);
  });

  test("without a window larger than a page nothing is counted", () => {
    const { fault, run, vma } = file(variant, 1);
    fault(0, 20);
    fault(5_000, 21);
    run();
    expect(vma.ra.mmap_miss).toBe(0);
  });

  test("a marker starts the next window once, however many hit it", () => {
    const { fault, run, ios } = file(variant);
    fault(0, 20);
    const first = fault(2_000, 22);
    const second = fault(2_000, 22);
    run();
    expect(ios).toEqual(["page 20 +8 at 10", "page 24 +8 at 2010"]);
    // The second does not submit, and so is 10 us sooner.
    expect([first[0]?.at, second[0]?.at]).toEqual([2015, 2005]);
  });

  test("the marker at the end of the mapping starts none", () => {
    const { fault, run, ios } = file(variant);
    fault(0, 60);
    fault(2_000, 62);
    run();
    expect(ios).toEqual(["page 60 +8 at 10"]);
  });

  test("a page that another has begun to read meanwhile is not read again", () => {
    const { fault, run, ios } = file(variant, 1);
    const first = fault(0, 20);
    const second = fault(3, 20);
    run();
    expect(ios).toEqual(["page 20 +1 at 10"]);
    expect([first[0]?.at, second[0]?.at]).toEqual([1015, 1015]);
  });

  test("nor is a window", () => {
    const { fault, run, ios } = file(variant);
    fault(0, 20);
    fault(3, 20);
    run();
    expect(ios).toEqual(["page 20 +8 at 10"]);
  });
});

describe.each(eras)("a read of %s", (variant) => {
  test.each([1, 8])(
    "with a window of %d waits for memory first, with the lock held, and is submitted then",
    (readahead) => {
      const { fault, run, ios, vma } = file(variant, readahead);
      vma.direct_reclaim = new Stalls(() => 50_000);
      const answers = fault(0, 20);
      run();
      expect(ios).toEqual([`page 20 +${readahead} at 60`]);
      expect(answers[0]).toMatchObject({ at: 1065, held: true });
    },
  );

  test.each([1, 8])("with a window of %d waits for room in the queue of the device", (readahead) => {
    const { fault, run, ios } = file(variant, readahead, 1);
    fault(0, 20);
    fault(100, 50);
    run();
    expect(ios).toEqual([`page 20 +${readahead} at 10`, `page 50 +${readahead} at 1010`]);
  });

  test.each([1, 8])("with a window of %d that fails is SIGBUS in the end, with the lock held", (readahead) => {
    const { fault, run, vma } = file(variant, readahead);
    vma.readFails = () => true;
    const answers = fault(0, 20);
    run();
    expect(answers[0]).toMatchObject({ held: true });
    expect((answers[0] as Answer).bits & VM_FAULT_SIGBUS).toBe(VM_FAULT_SIGBUS);
    // A page that a read-ahead left broken is read once more; so is any in v3.17.
    expect((answers[0] as Answer).at).toBe(readahead === 1 && variant !== "v3.17" ? 1010 : 2010);
  });

  test("with MADV_RANDOM counts neither misses nor hits", () => {
    const { fault, run, vma } = file(variant, 1);
    expect(vma.VM_RAND_READ).toBe(true);
    vma.ra.mmap_miss = 5;
    fault(0, 20, FAULT_FLAG_ALLOW_RETRY);
    fault(2_000, 20, FAULT_FLAG_ALLOW_RETRY);
    run();
    expect(vma.ra.mmap_miss).toBe(5);
  });
});

describe("a wait for a page", () => {
  const flags = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE;
  /** A faulter that may retry, of a page that is being read, killed at 500 us. */
  const killed = (variant: string, more: number): Answer | undefined => {
    const { fault, run, kernel, spawn } = file(variant);
    fault(0, 20);
    const answers = fault(100, 21, more);
    spawn("killer", 500, function* () {
      kernel.tasks.find(({ name }) => name === "t21")?.kill();
    });
    run();
    return answers[0];
  };

  test.each(eras)("%s: killed, it ends at once, with RETRY and without the lock, whoever let it go", (variant) => {
    const gone = { at: 500, held: false };
    expect(killed(variant, flags)).toMatchObject(gone);
    expect(killed(variant, FAULT_FLAG_KILLABLE)).toMatchObject(gone);
    expect((killed(variant, FAULT_FLAG_KILLABLE)?.bits ?? 0) & VM_FAULT_RETRY).toBe(VM_FAULT_RETRY);
  });

  test.each(eras)("%s: not killable, it lasts to the end of the IO", (variant) => {
    expect(killed(variant, 0)).toMatchObject({ at: 1015, held: true });
  });

  test("v6.18 lets the lock go on the first attempt only; v3.17 to v5.4 on any that may retry", () => {
    const again = (variant: string): boolean | undefined => {
      const { fault, run } = file(variant);
      fault(0, 20);
      const answers = fault(100, 21, flags | FAULT_FLAG_TRIED);
      run();
      return answers[0]?.held;
    };
    expect(again("v6.18")).toBe(true);
    expect(again("v3.17")).toBe(false);
  });
});

describe("who has dirtied too much", () => {
  const writes = (variant: string, flags: number): Answer => {
    const world = file(variant);
    world.vma.dirty_throttle = new Stalls(() => 50_000);
    const answers: Answer[] = [];
    world.spawn("writer", 0, function* (current) {
      yield* down_read(current, world.mm.mmap_sem, "test");
      const bits = yield* world.kernel.ops.fault_dirty_shared_page(current, world.vma, 3, flags);
      if (current.settles()) yield;
      const held = current.held.length > 0;
      answers.push({ bits, at: current.sim.now / 1000, held });
      if (held) yield* up_read(current, world.mm.mmap_sem, "test");
    });
    world.run();
    return answers[0] as Answer;
  };

  test.each([
    ["v3.17", FAULT_FLAG_ALLOW_RETRY, { bits: 0, at: 50, held: true }],
    ["v5.4", FAULT_FLAG_ALLOW_RETRY, { bits: VM_FAULT_RETRY, at: 50, held: false }],
    ["v5.4", 0, { bits: 0, at: 50, held: true }],
    ["v6.18", FAULT_FLAG_ALLOW_RETRY, { bits: VM_FAULT_COMPLETED, at: 50, held: false }],
    ["v6.18", FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT, { bits: 0, at: 50, held: true }],
    ["v6.18", FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_TRIED, { bits: 0, at: 50, held: true }],
    ["v6.18", 0, { bits: 0, at: 50, held: true }],
  ] as const)("waits in %s with flags %d, and %o", (variant, flags, expected) => {
    expect(writes(variant, flags)).toEqual(expected);
  });
});
