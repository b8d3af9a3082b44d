import { describe, expect, test } from "vitest";
import { replicate } from "../bin/replications.ts";
import { loadScenario } from "../scenarios/load.ts";
import { callSites, lint } from "../sim/linux/call-sites.ts";
import { parseVariant } from "../sim/linux/variant.ts";
import { callers, pageKinds, runCell } from "../sim/matrix.ts";
import type { GupCaller, MmWriter } from "../sim/scenario.ts";
import { samplesWhere } from "../sim/measure/metrics.ts";
import { constant, disk, run, smallScenario, swapped, testCosts } from "./small-scenario.ts";

/** `H` held over the IO, `-` not held, `f` failed; in the order of {@link pageKinds}. */
function row(name: string, variant: string): string {
  const caller = callers[name];
  if (caller === undefined) throw new Error(`no caller ${name}`);
  return pageKinds
    .map((kind) => runCell(caller, kind, parseVariant(variant)))
    .map(({ heldOverIo, failed }) => (failed ? "f" : heldOverIo ? "H" : "-"))
    .join("");
}

describe("who holds the lock over the IO of a missing page: uffd, anonymous swap, file, swapped shmem", () => {
  // As measured on 6.18. A core dump of a uffd page and the futex and AF_XDP calls on one were not run there.
  test.each([
    ["user-mode load", "----"],
    ["user-mode store", "----"],
    ["read(2) into the page", "---H"],
    ["write(2) from the page", "---H"],
    ["process_vm_readv", "---H"],
    ["process_vm_readv, 16 pages", "---H"],
    ["process_vm_writev", "---H"],
    ["pread /proc/PID/mem", "fHHH"],
    ["pread /proc/PID/mem, 4 pages", "fHHH"],
    ["madvise(POPULATE_READ), 4 pages", "---H"],
    ["get_user_pages_fast (O_DIRECT, vmsplice, io_uring, shared futex, get_mempolicy)", "---H"],
    ["KVM guest access, synchronous", "--HH"],
    ["pin_user_pages (AF_XDP umem)", "fHHH"],
    ["fixup_user_fault (private futex)", "fHHH"],
    ["core dump", "fHHH"],
  ])("v6.18, %s: %s", (name, expected) => {
    expect(row(name, "v6.18")).toBe(expected);
  });

  test("v3.17: every gup does, and only user faults and populate are polite", () => {
    const polite = Object.keys(callers).filter((name) => row(name, "v3.17")[1] !== "H");
    expect(polite).toEqual([
      "user-mode load",
      "user-mode store",
      "read(2) into the page",
      "write(2) from the page",
      "madvise(POPULATE_READ), 4 pages",
    ]);
  });

  test("16 pages of swapped shmem are one hold of 16 IOs, 4 pages through /proc/PID/mem are four holds", () => {
    const hold = (name: string): number =>
      runCell(callers[name] as never, "shmem swap", parseVariant("v6.18")).longestHold_ns / 20e6;
    expect(hold("process_vm_readv, 16 pages")).toBeCloseTo(16, 1);
    expect(hold("madvise(POPULATE_READ), 4 pages")).toBeCloseTo(4, 1);
    expect(hold("pread /proc/PID/mem, 4 pages")).toBeCloseTo(1, 1);
  });
});

const caller = (site: string, form: GupCaller["form"], pages = 1): GupCaller => ({
  role: "gup_caller",
  site,
  form,
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
  test.each(callSites)("$site runs in each form, and ends each call without the lock", ({ site, rfc, pages }) => {
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
      const { metrics } = replicate(scenario, parseVariant("v4.0"), ["1"], [], { checkInvariants: true }, () => {});
      return samplesWhere(metrics, "mmap_sem.hold", { mode: "R" }).max;
    });
    // 16 walks of 100 ns before; gup_fast takes no lock at all.
    expect(holds).toEqual([1600, 0]);
  });

  test("a linter finds the two nested calls (S38) and no others", () => {
    const nested = callSites.filter((record) => lint(record, "rfc").some((says) => says.includes("S38")));
    expect(nested.map(({ site }) => site)).toEqual(["non_atomic_pte_lookup", "lookup_node"]);
  });
});

describe("converting only some sites", () => {
  test("of KVM's two paths, the one that is not converted keeps most of the tail (S8)", () => {
    const p99 = (converted: string): number => {
      const { scenario } = loadScenario("kvm-swap", ["duration=500ms", `converted=${converted}`]);
      const { metrics } = replicate(
        scenario,
        parseVariant("unlocked"),
        ["1", "2"],
        [],
        { checkInvariants: false },
        () => {},
      );
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
    const outcome = replicate(scenario, parseVariant("v4.0"), ["1"], [], { checkInvariants: false }, () => {});
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

  test.each(["xadd-v3.17", "modern", "strict-fifo", "steal:1", "reader-pref"])(
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
