import { describe, expect, test } from "vitest";
import { replicate } from "../support/replicate.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { patchSites, lint } from "../../sim/callers/patch-sites.ts";
import { mappingFiles } from "../../sim/callers/proc.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { matrixRows, notCovered, runCell } from "../../sim/experiments/matrix.ts";
import { isInKernel } from "../../sim/experiments/matrix-since.ts";
import { pageKinds } from "../../sim/experiments/matrix-pages.ts";
import { defaultLitmusCosts, type LitmusPage, runLitmus } from "../../sim/experiments/litmus.ts";
import { renderCompare } from "../../reports/text/compare-text.ts";
import type { GupCaller } from "../../sim/roles/gup-caller.ts";
import type { MmWriter } from "../../sim/roles/mm-writer.ts";
import { samplesWhere } from "../../sim/measure/metrics/metrics.ts";
import { constant, disk, Lines, run, smallScenario, swapped, testCosts } from "../support/small-scenario.ts";
import { axes } from "../../sim/kernels/axes.ts";

/** `H` held over the IO, `-` not held, `f` failed, `n` not in this kernel, `.` no such cell; in the order of {@link pageKinds}. */
function cells(name: string, variant: string): string {
  const row = matrixRows[name];
  if (row === undefined) throw new Error(`no row ${name}`);
  return pageKinds
    .map((kind) => (row.kinds.includes(kind) ? kind : null))
    .map((kind) => (kind !== null && !isInKernel(row, kind, parseVariant(variant)) ? ("n" as const) : kind))
    .map((kind) => (kind === null || kind === "n" ? kind : runCell(row, kind, parseVariant(variant))))
    .map((cell) => (cell === "n" ? "n" : cell === null ? "." : cell.failed ? "f" : cell.heldOverIo ? "H" : "-"))
    .join("");
}

describe("who holds the lock over the IO of a missing page: uffd, anonymous swap, file, swapped shmem", () => {
  // As measured on 6.18; a `?` was not run there. Private and shared files are one kind here.
  test.each([
    ["touch_read", "----"],
    ["touch_write", "----"],
    ["read_into", "---H"],
    ["write_from", "---H"],
    ["vmread", "---H"],
    ["vmread_tried", ".?H."],
    ["vmread16", "---H"],
    ["vmwrite", "---H"],
    ["procmem_read", "fHHH"],
    ["procmem_read4", "fHHH"],
    ["procmem_write", "fHHH"],
    ["ptrace_peek", "fHHH"],
    ["proc_cmdline", "-H??"],
    ["proc_environ", "-H??"],
    ["madv_populate_read", "---H"],
    ["mlock", "---H"],
    ["map_populate", "??-?"],
    ["madv_willneed", "?---"],
    ["madv_collapse", "f-.."],
    ["odirect_read", "---H"],
    ["move_pages", "---?"],
    ["get_mempolicy_addr", "---H"],
    ["futex_unlock_pi_private", "?--?"],
    ["futex_wake_shared", "---H"],
    ["uffdio_copy_slow_src", "?--H"],
    ["coredump", "?HHH"],
    ["swapoff", "?H?H"],
    ["munmap_dirty", "..H."],
    ["mmap_fixed_over_dirty", "..H."],
    ["mremap_dirty", "..H."],
    ["msync_dirty", "..-."],
    ["touch_write_writeback", "..-."],
    ["vmwrite_wb", "..H."],
    ["fault_then_mprotect", "---H"],
    ["fault_then_munmap", "---H"],
    ["mincore", "?--?"],
    ["proc_smaps", "?--?"],
    ["proc_maps", "?--?"],
    ["proc_smaps_rollup", "?-??"],
    ["proc_numa_maps", "?-??"],
    ["proc_pagemap", "?-??"],
    ["kvm_run_apf0", "--HH"],
    ["kvm_run_apf1", "--HH"],
    ["kvm_run_apf0_readahead", "..-."],
    ["kvm_run_apf1_readahead", "..-."],
    // Read in the source, or said in the measurement's summary.
    ["xdp_umem_reg", "fHHH"],
    ["futex_wake_op_private", "fHHH"],
    ["vmsplice", "---H"],
    ["io_uring_register", "---H"],
  ])("v6.18, %s: %s", (name, expected) => {
    const got = cells(name, "v6.18");
    expect([...got].map((cell, i) => (expected[i] === "?" ? "?" : cell)).join("")).toBe(expected);
  });

  // Each read in the source of its kernel: v3.17, v4.15, v5.4, v5.9, v5.15, v6.8, v6.12 and v6.18.
  test.each([
    ["io_uring_register", "v3.17", "nnnn", "came with v5.1"],
    ["io_uring_register", "v5.4", "fHHH", "v5.4 fs/io_uring.c (io_sqe_buffer_register)"],
    ["swapoff", "v3.17", "n--", "v3.17 mm/swapfile.c (try_to_unuse waits before unuse_mm takes the lock)"],
    ["swapoff", "v5.4", "?H", "v5.4 mm/swapfile.c (unuse_mm)"],
    ["coredump", "v3.17", "n---", "v3.17 mm/gup.c (get_dump_page)"],
    ["coredump", "v5.4", "?---", "v5.4 mm/gup.c (get_dump_page), fs/binfmt_elf.c"],
    ["get_mempolicy_addr", "v3.17", "nHHH", "v3.17 mm/mempolicy.c (lookup_node)"],
    ["get_mempolicy_addr", "v5.4", "---H", "v5.4 mm/mempolicy.c (get_user_pages_locked)"],
    ["proc_cmdline", "v5.4", "-H--", "v5.4 fs/proc/base.c (FOLL_ANON)"],
    ["proc_environ", "v5.4", "-H--", "v5.4 fs/proc/base.c (FOLL_ANON)"],
    ["madv_pageout", "v4.0", "nnnn", "came with v5.4"],
    ["madv_pageout", "v5.4", "----", "v5.4 mm/madvise.c (madvise_pageout)"],
    ["madv_collapse", "v5.4", "nn..", "came with v6.1"],
    ["xdp_umem_reg", "v4.0", "nnnn", "came with v4.18"],
    ["madv_populate_read", "v5.4", "nnnn", "came with v5.14"],
    ["proc_smaps_rollup", "v4.0", "nnnn", "came with v4.14"],
    ["io_uring_register", "v6.12", "---H", "v6.12 io_uring/memmap.c (pin_user_pages_fast)"],
    ["coredump", "v6.12", "?HHH", "v6.12 fs/coredump.c (dump_user_range)"],
    ["touch_read", "v4.0", "n-", "userfaultfd came with v4.3"],
    ["touch_write_throttled", "v3.17", "..H.", "v3.17 mm/memory.c (do_shared_fault)"],
    ["touch_write_throttled", "v5.4", "..-.", "v5.4 mm/memory.c (fault_dirty_shared_page)"],
    ["touch_write_throttled", "v6.18", "..-.", "v6.18 mm/memory.c (fault_dirty_shared_page)"],
  ])("%s, %s: %s, for %s", (name, variant, expected) => {
    const got = cells(name, variant);
    const compared = [...expected].map((cell, i) => (cell === "?" ? "?" : got[i])).join("");
    expect(compared).toBe(expected);
  });

  test("MADV_WILLNEED of a file submits without the lock in v5.4, too", () => {
    const file = runCell(matrixRows.madv_willneed as never, "file", parseVariant("v5.4"));
    expect(file.longestHold_ns).toBeLessThan(1000);
  });

  test("move_pages migrates in its hold up to v4.15, and holds for the look-up of a page from v5.4 on", () => {
    const hold = (variant: string): number =>
      runCell(matrixRows.move_pages_resident as never, "anon swap", parseVariant(variant)).longestHold_ns;
    expect(["v3.17", "v4.0"].map(hold)).toEqual([16 * 1770, 16 * 1770]);
    expect(["v5.4", "v6.18"].map(hold)).toEqual([270, 270]);
  });

  test("khugepaged of v5.4 brings swapped pages in, of v3.17 it does not", () => {
    const cell = (variant: string) => runCell(matrixRows.khugepaged as never, "anon swap", parseVariant(variant));
    expect(cell("v3.17").longestHold_ns).toBeLessThan(25_000);
    expect([cell("v5.4").failed, cell("v3.17").failed]).toEqual([false, true]);
  });

  test("munmap of dirty FUSE pages waits as a reader, MAP_FIXED and mremap over them as a writer", () => {
    const longest = (name: string, variant: string) =>
      runCell(matrixRows[name] as never, "file", parseVariant(variant));
    const names = ["munmap_dirty", "mmap_fixed_over_dirty", "mremap_dirty", "fault_then_munmap"];
    expect(names.map((name) => longest(name, "v6.18").mode)).toEqual(["R", "W", "W", "W"]);
    expect(longest("munmap_dirty", "v3.17")).toMatchObject({ mode: "W", heldOverIo: true });
  });

  test("v3.17: every gup does, and only user faults, populate and what starts no fault are polite", () => {
    const all = Object.keys(matrixRows).filter((name) => !["H", "n", "."].includes(cells(name, "v3.17")[1] as string));
    const files = Object.keys(mappingFiles);
    // Came with v4.14.
    expect(files.filter((name) => !all.includes(name))).toEqual(["proc_smaps_rollup"]);
    const polite = all.filter((name) => !files.includes(name));
    expect(polite).toMatchInlineSnapshot(`
      [
        "touch_read",
        "touch_write",
        "read_into",
        "write_from",
        "mlock",
        "map_populate",
        "madv_willneed",
        "madv_dontneed",
        "madv_hugepage",
        "khugepaged",
        "ksmd",
        "move_pages",
        "futex_unlock_pi_private",
        "coredump",
        "swapoff",
        "mincore",
        "msync",
        "mprotect",
        "mremap",
        "munmap",
        "brk",
        "fork",
        "exec",
        "mlock_tried",
        "map_populate_tried",
        "mlock_io_error",
        "move_pages_resident",
        "fault_then_mprotect",
        "fault_then_munmap",
      ]
    `);
  });

  test("every call that was measured is a row here, or is listed as not covered", () => {
    const measured = [
      "coredump fault_then_mprotect fault_then_munmap futex_unlock_pi_private futex_wake_shared",
      "get_mempolicy_addr kvm_run_apf0 kvm_run_apf0_readahead kvm_run_apf1 kvm_run_apf1_readahead",
      "madv_collapse madv_populate_read madv_willneed map_populate map_populate_priv mincore mlock",
      "mmap_fixed_over_dirty move_pages mremap_dirty msync_dirty munmap_dirty munmap_part_dirty",
      "odirect_read proc_cmdline proc_environ proc_maps proc_numa_maps proc_pagemap proc_smaps",
      "proc_smaps_rollup process_madvise_pageout process_madvise_willneed procmap_query_buildid",
      "procmem_read procmem_read4 procmem_write ptrace_peek read_into swapoff touch_read touch_write",
      "touch_write_writeback uffdio_copy_slow_src vmread vmread16 vmread_tried vmwrite vmwrite_wb",
      "write_from",
    ].flatMap((line) => line.split(" "));
    const known = [...Object.keys(matrixRows), ...Object.keys(notCovered)];
    expect(measured.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("16 pages of swapped shmem are one hold of 16 IOs, 4 pages through /proc/PID/mem are four holds", () => {
    const hold = (name: string): number =>
      runCell(matrixRows[name] as never, "shmem swap", parseVariant("v6.18")).longestHold_ns / 20e6;
    expect(hold("vmread16")).toBeCloseTo(16, 1);
    expect(hold("madv_populate_read")).toBeCloseTo(4, 1);
    expect(hold("procmem_read4")).toBeCloseTo(1, 1);
  });
});

const caller = (site: string, form: GupCaller["form"], pages = 1): GupCaller => ({
  role: "gup_caller",
  site,
  form,
  vmas: false,
  count: 2,
  schedule: { kind: "think", law: constant(100_000) },
  mm: "mm",
  touch: "ram",
  order: "random",
  pages,
});
const writer: MmWriter = {
  role: "mm_writer",
  op: "mmap+munmap",
  count: 1,
  schedule: { kind: "think", law: constant(150_000) },
  mm: "mm",
  pages: 1,
  touch: 0,
  merges: true,
};

describe("the call sites of the patch", () => {
  test.each(patchSites)("$site runs in each form, and ends each call without the lock", ({ site, rfc, pages }) => {
    for (const form of ["before", "rfc", "merged"] as const) {
      const tasks = { caller: caller(site, form, Math.min(pages, 8)) };
      const { ending } = run(smallScenario(tasks, { duration_ns: 20_000_000 }), "v4.0", []);
      expect([site, form, ending]).toEqual([site, form, "duration"]);
    }
    expect(rfc).not.toBe("gup");
  });

  test.each(["lookup_node", "non_atomic_pte_lookup"])(
    "%s as posted takes the lock twice: a deadlock with a writer, and none without one or with reader preference (S105, S108, trap 2)",
    (site) => {
      const end = (variant: string, tasks: Parameters<typeof smallScenario>[0], duration = 200_000_000): string =>
        run(smallScenario(tasks, { duration_ns: duration }), variant, []).ending;
      const nested = { caller: caller(site, "rfc") };
      expect(end("v4.0", { ...nested, writer })).toBe("deadlock");
      expect(end("v6.18", { ...nested, writer })).toBe("deadlock");
      expect(end("v4.0", nested)).toBe("duration");
      expect(end("v4.0+rwsem=reader-pref", { ...nested, writer })).toBe("duration");
      expect(end("v4.0", { caller: caller(site, "merged"), writer })).toBe("duration");
    },
  );

  test("ceph held the lock around its whole loop: it gains even when every page is resident (S113, trap 17)", () => {
    const holds = (["before", "rfc"] as const).map((form) => {
      const scenario = smallScenario(
        { caller: caller("ceph_get_direct_page_vector", form, 16) },
        { mms: { mm: { vmas: { ram: swapped({ resident: 1 }) }, other_vmas: 0, arg_start: null } } },
      );
      const { metrics } = replicate(scenario, parseVariant("v4.0"), ["1"], [], { checkInvariants: true });
      return samplesWhere(metrics, "mmap_sem.hold", { mode: "R" }).max;
    });
    // 16 walks of 100 ns before; gup_fast takes no lock at all.
    expect(holds).toEqual([1600, 0]);
  });

  test("a linter finds the two nested calls (S38) and no others", () => {
    const nested = patchSites.filter((record) => lint(record, "rfc").some((says) => says.includes("S38")));
    expect(nested.map(({ site }) => site)).toEqual(["non_atomic_pte_lookup", "lookup_node"]);
  });
});

describe("converting only some sites", () => {
  test("of KVM's two paths, the one that is not converted keeps most of the tail (S8)", () => {
    const p99 = (converted: string): number => {
      const { scenario } = loadScenario("kvm-swap", ["duration=500ms", `converted=${converted}`]);
      const { metrics } = replicate(scenario, parseVariant("unlocked"), ["1", "2"], [], { checkInvariants: false });
      return samplesWhere(metrics, "mmap_sem.wait", { mode: "R" }).percentile(99) as number;
    };
    const [none, worker, sync, both] = [
      "[]",
      "[async_pf_execute]",
      "[hva_to_pfn_slow]",
      "[async_pf_execute,hva_to_pfn_slow]",
    ].map(p99) as [number, number, number, number];
    expect(none).toBeGreaterThan(5_000_000);
    expect(worker).toBeGreaterThan(none / 3);
    expect(sync).toBeGreaterThan(none / 3);
    expect(both).toBeLessThan(100_000);
  });

  test("mempolicy-nested ends in the deadlock that it announces, with task and writer named", () => {
    const { scenario } = loadScenario("mempolicy-nested");
    const outcome = replicate(scenario, parseVariant("v4.0"), ["1"], [], { checkInvariants: false });
    expect(outcome.ending).toBe("deadlock");
    expect(outcome.findings[0]).toMatch(
      /(mempolicy-\d) in lookup_node waits for mmap_sem of process for read, queued behind allocator; allocator in vm_m\w+ waits for mmap_sem of process for write, held by mempolicy-\d$/,
    );
  });
});

describe("a FUSE server in the same mm as its clients (S13, trap 41)", () => {
  const end = (variant: string, takes: "mmap" | "proc", withWriter = false) => {
    const changes = {
      costs: testCosts({ server_read: 100_000, mmap_region: 1000, io_submit: 1000 }),
      devices: { disk: disk({ kind: "fuse", server: { mm: "mm", takes } }) },
      mms: { mm: { vmas: { ram: swapped({ kind: "file", random: true }) }, other_vmas: 0, arg_start: null } },
      duration_ns: 50_000_000,
    };
    const reader = { caller: caller("process_vm_rw_single_vec", "merged") };
    return run(smallScenario(withWriter ? { ...reader, writer } : reader, changes), variant, []);
  };

  test.each(Object.keys(axes.rwsem).map((name) => name.replace(/:N$/, ":1")))(
    "that maps memory deadlocks under plain with %s, and under unlocked it does not",
    (rwsem) => {
      const plain = end(`v5.4+gup=plain+rwsem=${rwsem}`, "mmap");
      expect(plain.ending).toBe("deadlock");
      expect(plain.findings[0]?.text).toMatch(
        /caller-\d in process_vm_rw_single_vec waits for the server of disk, served by disk-\d/,
      );
      expect(end(`v5.4+rwsem=${rwsem}`, "mmap").ending).toBe("duration");
    },
  );

  test("that reads /proc deadlocks only once a writer queues between", () => {
    expect(end("v5.4+gup=plain", "proc").ending).toBe("duration");
    expect(end("v5.4+gup=plain", "proc", true).ending).toBe("deadlock");
    expect(end("v5.4", "proc", true).ending).toBe("duration");
  });
});

describe("what a caller makes of a short answer (trap 34)", () => {
  const answers = (name: string, form: "before" | "rfc" | "merged", vector: string, variant: string) => {
    const record = patchSites.find(({ site }) => site === name);
    if (record === undefined) throw new Error(`no site ${name}`);
    const how = { prefault: false, mlock: false, ignoreBugs: true, site: { record, form } };
    const { result, errno } = runLitmus([...vector] as LitmusPage[], parseVariant(variant), defaultLitmusCosts, how);
    return errno ?? result;
  };

  test("process_vm_readv copies the pages before a bad one, and reports -EFAULT on its next turn (trap 34)", () => {
    const results = new Lines((e) => e.kind === "gup_end");
    const ended = new Lines((e) => e.kind === "op_end" && e.aux === 0);
    const vmas = { ram: swapped({ io_errors: 0.3 }) };
    const tasks = {
      reader: {
        role: "process_vm_readv",
        count: 1,
        schedule: { kind: "think", law: constant(100_000) },
        target: "mm",
        touch: "ram",
        order: "random",
        pages: 8,
      } as const,
    };
    run(smallScenario(tasks, { mms: { mm: { vmas, other_vmas: 0, arg_start: null } } }), "v4.0", [results, ended]);
    const got = results.lines.map((line) => Number(line.split(" ").at(-1)));
    const short = got.findIndex((pages) => pages > 0 && pages < 8);
    expect(short).toBeGreaterThanOrEqual(0);
    expect(got[short + 1]).toBe(-14);
    expect(ended.lines.length).toBeGreaterThan(0);
  });

  test("0, a short count and -errno are different things to them: a prefault's 0 is success, lookup_node's 0 an unset page (trap 34)", () => {
    // The worker asks without a pages array: 0 after the wait, and goes on.
    expect(answers("async_pf_execute", "merged", "I", "v4.0")).toBe(0);
    expect(patchSites.find(({ site }) => site === "lookup_node")?.onShort).toContain("0 would use an unset page");
    // The reviewed form turns an error into that 0.
    expect(answers("process_vm_rw_single_vec", "merged", "E", "v4.0")).toBe("EFAULT");
    expect(answers("process_vm_rw_single_vec", "merged", "E", "reviewed")).toBe(0);
    // An error after progress is a short count, for the slow part of gup_fast too.
    expect(answers("get_user_pages_fast", "merged", "PPE", "v4.0")).toBe(2);
  });
});

describe("what the lock's own statistics cannot see (trap 39)", () => {
  test("user faults under VMA locks and gup_fast on resident pages are in no count of acquisitions (trap 39)", () => {
    const tasks = {
      toucher: {
        role: "user_thread",
        count: 1,
        schedule: { kind: "think", law: constant(100_000) },
        mm: "mm",
        touch: "ram",
        order: "random",
        write: 1,
        access: "user",
      } as const,
      pinner: { ...caller("get_user_pages_fast", "merged"), touch: "there" },
    };
    const vmas = { ram: swapped({ backing: null }), there: swapped({ backing: null, resident: 1 }) };
    const acquisitions = (variant: string): number => {
      const lines = new Lines((e) => e.kind === "mmap_lock_acquire_returned");
      run(smallScenario(tasks, { mms: { mm: { vmas, other_vmas: 0, arg_start: null } } }), variant, [lines]);
      return lines.lines.length;
    };
    expect(acquisitions("v5.4")).toBe(64);
    expect(acquisitions("v6.18")).toBe(0);
  });

  test("a comparison across the border says so (trap 39)", () => {
    const { scenario } = loadScenario("readers-without-writer", ["duration=50ms"]);
    const outcomes = ["v5.4", "v6.18"].map((variant) =>
      replicate(scenario, parseVariant(variant), ["1"], [], { checkInvariants: false }),
    );
    expect(renderCompare(scenario, outcomes, 400)).toContain("user faults under these take no mmap_sem");
    const [first] = outcomes as [(typeof outcomes)[number]];
    expect(renderCompare(scenario, [first, first], 400)).not.toContain("take no mmap_sem");
  });
});
