import { describe, expect, test } from "vitest";
import { replicate } from "../support/replicate.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { type CallerName, callerNames, callers } from "../../sim/callers/callers.ts";
import { FOLL_WRITE } from "../../sim/linux/include/linux/mm.ts";
import { pte_present } from "../../sim/linux/include/linux/mm_types.ts";
import { __get_user_pages, get_user_pages_unlocked } from "../../sim/linux/mm/gup.ts";
import { __get_user_pages_fast } from "../../sim/linux/arch/x86/mm/gup.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { type FaultWorld, faultWorld } from "../support/fault-world.ts";

/** What `call` does to the lock of a mapping of 64 pages, alone; with `resident` all of them are there. */
function diary(
  call: CallerName,
  variant: string,
  options: Parameters<typeof faultWorld>[1] & { resident?: boolean; before?: (world: FaultWorld) => void } = {},
): string[] {
  const world = faultWorld(variant, options);
  if (options.resident === true) {
    world.vma.pte.fill(pte_present);
    world.vma.rss = 64;
  }
  world.mm.arg_start = world.vma;
  options.before?.(world);
  world.spawn("a", 0, function* (current) {
    yield* callers[call].steps(current, world.mm, world.vma.vm_start, 1);
  });
  return world.run("a");
}

const writer = (world: FaultWorld, at: number): void => {
  world.spawn("w", at, function* (current) {
    yield* callers.brk.steps(current, world.mm, world.vma.vm_end);
  });
};

const walk = { more: { smaps_pte: 1000, show_rollup_vma: 1000, pagemap_pte: 1000, copy_pte: 1000, do_brk: 1000 } };

describe("/proc files", () => {
  test("smaps_rollup held the lock over all mappings; v6.18 lets go between two when someone waits", () => {
    const two = (world: FaultWorld): void => {
      world.spawn("m", 0, function* (current) {
        yield* callers.map_populate.steps(current, world.mm, world.vma.vm_start, 0);
      });
      writer(world, 10);
    };
    const options = { ...walk, resident: true, before: two };
    expect(diary("proc_smaps_rollup", "v3.17", options)).toEqual(["0 a +R", "66 a -R"]);
    // It steals the lock back as long as the writer is only waking up.
    const lines = ["0 a +R", "65 a -R", "65 a +R", "66 a -R", "66 a +R", "66 a -R"];
    expect(diary("proc_smaps_rollup", "v6.18", options)).toEqual(lines);
  });

  test("pagemap holds for 2 MiB of addresses at a time", () => {
    const lines = diary("proc_pagemap", "v3.17", {
      ...walk,
      before: (world) =>
        world.spawn("m", 0, function* (current) {
          yield* callers.map_populate.steps(current, world.mm, world.vma.vm_start, 0);
        }),
    });
    expect(lines).toEqual(["0 a +R", "64 a -R"]);
  });

  test("to list map_files is one hold over all mappings, behind a queued writer, and waits for no page", () => {
    const costs = { more: { find_vma: 1000 } };
    for (const variant of ["v3.17", "v6.18"]) {
      expect(diary("proc_map_files", variant, costs)).toEqual(["0 a +R", "1 a -R"]);
      const behind = diary("proc_map_files", variant, {
        more: { find_vma: 1000, do_brk: 5000 },
        before: (world) => writer(world, 0),
      });
      expect(behind[0]).toMatch(/^[5-9] a \+R$/);
    }
  });

  test("clear_refs was a reader and is a writer", () => {
    expect(diary("proc_clear_refs", "v3.17", walk)).toEqual(["0 a +R", "64 a -R"]);
    expect(diary("proc_clear_refs", "v6.18", walk)).toEqual(["0 a +W", "64 a -W"]);
  });

  test("cmdline and environ follow file mappings up to v4.x and not in v6.18; /proc/PID/mem and ptrace still do (trap 42)", () => {
    const onFuse = { kind: "file", device: "fuse" } as const;
    const waits = (call: CallerName, variant: string): boolean =>
      diary(call, variant, onFuse).some((line) => line.includes("sleeps fuse"));
    for (const call of ["proc_cmdline", "proc_environ"] as const) {
      expect([call, waits(call, "v3.17"), waits(call, "v6.18")]).toEqual([call, true, false]);
    }
    for (const call of ["procmem_read", "ptrace_peek"] as const) {
      expect([call, waits(call, "v3.17"), waits(call, "v6.18")]).toEqual([call, true, true]);
    }
  });
});

describe("madvise", () => {
  test("DONTNEED is a reader in v3.17, and takes the lock of its mapping only in v6.18", () => {
    expect(diary("madv_dontneed", "v3.17", { resident: true })).toEqual(["0 a +R", "1 a -R"]);
    expect(diary("madv_dontneed", "v6.18", { resident: true })).toEqual(["0 a +vma", "1 a -vma"]);
  });

  test("WILLNEED of a file submits with the lock held in v3.17, and lets go around it in v6.18", () => {
    const file = { kind: "file" } as const;
    expect(diary("madv_willneed", "v3.17", file)).toEqual(["0 a +R", "10 a -R"]);
    expect(diary("madv_willneed", "v6.18", file)).toEqual(["0 a +R", "0 a -R", "10 a +R", "10 a -R"]);
    expect(diary("madv_willneed", "v6.18")).toEqual(["0 a +R", "10 a -R"]);
  });

  test("advice that changes the mapping is a writer, POPULATE a polite reader, PAGEOUT a reader", () => {
    expect(diary("madv_hugepage", "v6.18")).toEqual(["0 a +W", "0 a -W"]);
    expect(diary("madv_pageout", "v6.18", { resident: true })).toEqual(["0 a +R", "1 a -R"]);
    expect(diary("madv_populate_read", "v6.18")).toContain("10 a sleeps swap");
  });
});

describe("writers, and what looks like one", () => {
  test("mlock is a short writer, then a polite reader", () => {
    const lines = diary("mlock", "v3.17");
    expect(lines.slice(0, 5)).toEqual(["0 a +W", "0 a -W", "0 a +R", "10 a -R", "10 a sleeps swap"]);
  });

  test("mprotect, mremap and brk are writers; exec is a short reader of the old space", () => {
    for (const call of ["mprotect", "mremap", "brk"] as const) expect(diary(call, "v3.17")[0]).toBe("0 a +W");
    expect(diary("exec", "v3.17")).toEqual(["0 a +R", "0 a -R"]);
  });

  test("fork holds for write as long as it copies page tables of private memory, and leaves files to the child", () => {
    expect(diary("fork", "v3.17", { ...walk, resident: true })).toEqual(["0 a +W", "64 a -W"]);
    expect(diary("fork", "v3.17", { ...walk, resident: true, kind: "file" })).toEqual(["0 a +W", "0 a -W"]);
  });

  test("khugepaged scans as a reader and collapses as a writer", () => {
    const more = { more: { scan_pte: 10, collapse_huge_page: 300_000 } };
    expect(diary("madv_collapse", "v3.17", { ...more, resident: true })).toEqual([
      "0 a +R",
      "5.12 a -R",
      "5.12 a +W",
      "305.12 a -W",
    ]);
  });

  test("in v6.18 it brings swapped pages in, and gives up when that dropped the lock", () => {
    expect(diary("madv_collapse", "v3.17").filter((line) => line.includes("sleeps"))).toEqual([]);
    expect(diary("madv_collapse", "v6.18").slice(2)).toEqual(["0 a +R", "10 a -R", "10 a sleeps swap"]);
  });

  test("ksmd holds for a page at a time, and passes over what is away", () => {
    expect(diary("ksmd", "v3.17").filter((line) => line.includes("+R")).length).toBe(100);
    expect(diary("ksmd", "v3.17").filter((line) => line.includes("sleeps"))).toEqual([]);
  });

  test("get_mempolicy looked its page up over the IO with the lock held; v6.18 lets go before", () => {
    expect(diary("get_mempolicy_addr", "v3.17")[1]).toBe("10 a sleeps swap");
    expect(diary("get_mempolicy_addr", "v6.18").slice(0, 5)).toEqual([
      "0 a +R",
      "0 a -R",
      "0 a +R",
      "10 a -R",
      "10 a sleeps swap",
    ]);
  });
});

describe("FOLL_FORCE", () => {
  test("a write to a mapping that may not be written is -EFAULT without it; gup_fast cannot ask for it (trap 33)", () => {
    const world = faultWorld("v3.17");
    world.vma.VM_WRITE = false;
    const results: number[] = [];
    world.spawn("a", 0, function* (current) {
      const { mm, vma } = world;
      results.push(yield* get_user_pages_unlocked(current, mm, vma.vm_start, 1, true, false, []));
      results.push(yield* get_user_pages_unlocked(current, mm, vma.vm_start, 1, true, true, []));
      results.push(yield* __get_user_pages(current, mm, vma.vm_start, 1, FOLL_WRITE, [], null));
    });
    world.run();
    expect(results).toEqual([-14, 1, -14]);
    // current, mm, start, nr_pages, write, pages: there is no force.
    expect(__get_user_pages_fast.length).toBe(6);
  });
});

describe("the role mm_call", () => {
  test.each(callerNames)("%s runs in a scenario, and nobody keeps the lock", (call) => {
    const sets = [
      "duration=100ms",
      `tasks.call={role: mm_call, call: ${call}, mm: target, touch: heap, pages: 1, every: 5ms}`,
    ];
    for (const variant of ["v3.17", "v6.18"]) {
      const { scenario } = loadScenario("pvm-readv-batch", sets);
      const outcome = replicate(scenario, parseVariant(variant), ["1"], [], { checkInvariants: true });
      expect([call, variant, outcome.ending]).toEqual([call, variant, "duration"]);
      const ended = [...outcome.metrics.counts].filter(
        ([name]) => /^op\.(count|failed)/.test(name) && name.includes(`op=${call},`),
      );
      expect(ended[0]?.[1]).toBeGreaterThan(0);
    }
  });
});

test.each(callerNames)("%s takes the lock on behalf of the function that its record names", (call) => {
  const sites: string[] = [];
  const world = faultWorld("v6.18");
  world.mm.arg_start = world.vma;
  world.spawn("a", 0, function* (current) {
    Object.defineProperty(current, "site", { set: (site: string) => sites.push(site), get: () => sites.at(-1) ?? "" });
    yield* callers[call].steps(current, world.mm, world.vma.vm_start, callers[call].pages);
  });
  world.run("a");
  expect(sites).toContain(callers[call].site);
});
