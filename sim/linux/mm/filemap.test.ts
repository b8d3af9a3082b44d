import { hearsSaved } from "../../../test/support/saved-events.ts";
import { describe, expect, test } from "vitest";
import { testKernel } from "../../../test/support/test-kernel.ts";
import { BlockDevice } from "../../machine/block-device.ts";
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  VM_FAULT_MAJOR,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from "../include/linux/mm.ts";
import { type Backing, mm_struct, pte_file, pte_sigbus, pte_swap, vm_area_struct } from "../include/linux/mm_types.ts";
import { task_struct } from "../include/linux/sched.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { swapin_nr_pages } from "./swap/swap_state.ts";
import { handle_mm_fault } from "./memory.ts";

const filemapCosts = {};

type Kind = "anon" | "file" | "zram";

/** A mapping of 256 pages on a device of 1000 ns, and a way to fault on it. */
function world(kind: Kind, options: { readahead?: number; random?: boolean; variant?: string } = {}) {
  const ios: string[] = [];
  const listener = hearsSaved((e) => {
    if (e.kind === "io_submit") ios.push(`${e.time} page ${e.value} +${e.aux}`);
  });
  const kernel = testKernel({ variant: options.variant ?? "v3.17", listeners: [listener], costs: filemapCosts });
  const mm = new mm_struct(kernel, "mm");
  const device = new BlockDevice(kernel.sim, kernel.trace, "disk", { kind: "constant", value_ns: 1000 }, null, "1");
  const backing: Backing = {
    device,
    synchronousReadpage: false,
    synchronous: kind === "zram",
    ioClass: kind === "file" ? "file" : "swap",
    maxReadahead: options.readahead ?? 1,
  };
  const vma = new vm_area_struct({
    mm,
    name: "ram",
    start: mm.unmappedArea(256),
    pages: 256,
    kind: kind === "file" ? "file" : "anon",
    random: options.random ?? false,
    backing,
    keep: Number.POSITIVE_INFINITY,
    reclaimAfter: () => Number.POSITIVE_INFINITY,
  });
  vma.populateAtStart(0, kind === "file" ? pte_file : pte_swap);
  mm.mm_rb.insert(vma);

  /** Takes the lock at `at`, faults page `index`, and reports the answer, when it came, and whether the lock is still held. */
  function fault(at: number, index: number, flags: number): { task: task_struct; answer: string[] } {
    const task = new task_struct(kernel, `t${kernel.tasks.length}`, "test", mm);
    const answer: string[] = [];
    kernel.start(
      task,
      (function* () {
        yield* down_read(task, mm.mmap_sem, "test");
        const ret = yield* handle_mm_fault(task, vma, vma.vm_start + index * 4096, flags);
        const bits = [
          ret & VM_FAULT_MAJOR ? "major" : "minor",
          ret & VM_FAULT_RETRY ? "retry" : "",
          ret & VM_FAULT_SIGBUS ? "sigbus" : "",
        ];
        const held = task.held.length > 0;
        answer.push(`${kernel.sim.now} ${bits.filter((bit) => bit !== "").join(" ")} ${held ? "held" : "dropped"}`);
        if (held) yield* up_read(task, mm.mmap_sem, "test");
      })(),
      at,
    );
    return { task, answer };
  }
  return { kernel, vma, fault, ios };
}

const retry = FAULT_FLAG_ALLOW_RETRY;

describe.each(["anon", "file"] as const)("a fault on a page that needs IO (%s)", (kind) => {
  const cases: [string, number, string][] = [
    ["no flags: waits with the lock held", 0, "1000 major held"],
    ["KILLABLE: waits with the lock held", FAULT_FLAG_KILLABLE, "1000 major held"],
    ["ALLOW_RETRY: waits without the lock and answers RETRY", retry, "1000 major retry dropped"],
    ["ALLOW_RETRY and KILLABLE: the same", retry | FAULT_FLAG_KILLABLE, "1000 major retry dropped"],
    ["RETRY_NOWAIT: answers RETRY at once with the lock held", retry | FAULT_FLAG_RETRY_NOWAIT, "0 major retry held"],
    ["TRIED without ALLOW_RETRY: waits with the lock held", FAULT_FLAG_TRIED, "1000 major held"],
  ];
  test.each(cases)("%s", (_title, flags, expected) => {
    const { kernel, fault } = world(kind);
    const { answer } = fault(0, 5, flags);
    kernel.sim.run();
    expect(answer).toEqual([expected]);
  });

  test("killed while it waits with the lock: RETRY, and the lock is dropped", () => {
    const { kernel, fault } = world(kind);
    const { task, answer } = fault(0, 5, FAULT_FLAG_KILLABLE);
    const killer = new task_struct(kernel, "killer", "test", null);
    kernel.start(
      killer,
      (function* () {
        task.kill();
      })(),
      300,
    );
    kernel.sim.run();
    expect(answer).toEqual(["300 major retry dropped"]);
  });

  test("a second faulter of the page submits nothing, gets RETRY, and waits for the rest of the first IO (trap 37)", () => {
    const { kernel, fault, ios } = world(kind);
    const first = fault(0, 5, retry);
    const second = fault(400, 5, retry);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 5 +1"]);
    expect(first.answer).toEqual(["1000 major retry dropped"]);
    expect(second.answer).toEqual(["1000 minor retry dropped"]);
  });

  test("the second look finds the page in the cache and maps it", () => {
    const { kernel, fault, ios } = world(kind);
    fault(0, 5, retry);
    const second = fault(1500, 5, FAULT_FLAG_TRIED);
    kernel.sim.run();
    expect(second.answer).toEqual(["1500 minor held"]);
    expect(ios).toHaveLength(1);
  });
});

test("zram is read inside the fault: never RETRY, always with the lock held (trap 11)", () => {
  const { kernel, fault, ios } = world("zram");
  const { answer } = fault(0, 5, retry | FAULT_FLAG_RETRY_NOWAIT);
  kernel.sim.run();
  expect(answer).toEqual(["1000 major held"]);
  expect(ios).toEqual([]);
});

test("a page beyond the end of the file is SIGBUS with the lock held", () => {
  const { kernel, vma, fault } = world("file");
  vma.pte[5] = pte_sigbus;
  const { answer } = fault(0, 5, retry);
  kernel.sim.run();
  expect(answer).toEqual(["0 minor sigbus held"]);
});

describe("read-ahead (trap 10)", () => {
  test("a file fault reads a window around the page as one IO", () => {
    const { kernel, fault, ios } = world("file", { readahead: 32 });
    fault(0, 100, 0);
    const neighbour = fault(2000, 101, 0);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 100 +32"]);
    expect(neighbour.answer).toEqual(["2000 minor held"]);
  });

  test("MADV_RANDOM reads one page", () => {
    const { kernel, fault, ios } = world("file", { readahead: 32, random: true });
    fault(0, 100, 0);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 100 +1"]);
  });

  test("a hit on the marker starts the next window before it is needed", () => {
    const { kernel, fault, ios } = world("file", { readahead: 32 });
    fault(0, 100, 0);
    fault(2000, 108, 0);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 100 +32", "2000 page 116 +32"]);
  });

  test("after 100 misses without a hit synchronous read-around is given up", () => {
    const { kernel, vma, fault, ios } = world("file", { readahead: 32 });
    vma.ra.mmap_miss = 100;
    fault(0, 100, 0);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 100 +1"]);
  });

  test("the swap window is 1 without hits, 2 beside the last fault, 4 or 8 with hits, and never halves twice", () => {
    const { vma } = world("anon", { readahead: 8 });
    const next = (offset: number, hits: number): number => {
      vma.ra.swapin_readahead_hits = hits;
      return swapin_nr_pages(vma, offset, 8);
    };
    expect([next(10, 0), next(50, 0), next(51, 0)]).toEqual([1, 1, 2]);
    expect([next(90, 1), next(130, 4), next(7, 20)]).toEqual([4, 8, 8]);
    expect([next(200, 0), next(100, 0), next(3, 0), next(33, 0)]).toEqual([4, 2, 1, 1]);
  });

  test("swap neighbours come with the same IO and are minor faults afterwards", () => {
    const { kernel, vma, fault, ios } = world("anon", { readahead: 8 });
    vma.ra.swapin_readahead_hits = 6;
    fault(0, 13, 0);
    const neighbour = fault(2000, 14, 0);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 13 +8"]);
    expect(neighbour.answer).toEqual(["2000 minor held"]);
  });

  test("since v4.14 swap is read ahead from the fault on where faults go up, and back from it where they go down", () => {
    const reads = (variant: string, before: number, index: number): string[] => {
      const { kernel, vma, fault, ios } = world("anon", { readahead: 8, variant });
      vma.ra.vma_prev = before;
      vma.ra.swapin_readahead_hits = 6;
      vma.ra.vma_hits = 6;
      fault(0, index, 0);
      kernel.sim.run();
      expect(ios).toEqual([`0 page ${index} +8`]);
      return [...vma.cache.keys()].map(String);
    };
    expect(reads("v3.17", 12, 13)).toEqual(["8", "9", "10", "11", "12", "14", "15"]);
    expect(reads("v6.18", 12, 13)).toEqual(["14", "15", "16", "17", "18", "19", "20"]);
    expect(reads("v5.4", 14, 13)).toEqual(["6", "7", "8", "9", "10", "11", "12"]);
    expect(reads("v5.4", 99, 13)).toEqual(["10", "11", "12", "14", "15", "16", "17"]);
  });

  test("since v4.14 a page of read-ahead that is found makes the next swap window larger, and lets it start where it was found", () => {
    const { kernel, vma, fault, ios } = world("anon", { readahead: 8, variant: "v6.18" });
    vma.ra.vma_hits = 0;
    vma.ra.vma_prev = 12;
    fault(0, 13, 0);
    fault(2000, 14, 0);
    fault(4000, 15, 0);
    kernel.sim.run();
    expect(ios).toEqual(["0 page 13 +2", "4000 page 15 +4"]);
    expect([...vma.cache.keys()]).toEqual([16, 17, 18]);
  });
});
