import { describe, expect, test } from "vitest";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { Digest } from "../../sim/trace/digest.ts";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { countWhere, type Metrics, samplesWhere } from "../../sim/measure/metrics/metrics.ts";
import { Operations } from "../../sim/measure/operations.ts";
import { runScenario } from "../../sim/run.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { KvmVcpu } from "../../sim/roles/kvm-vcpu.ts";
import type { MmWriter } from "../../sim/roles/mm-writer.ts";
import type { ProcReader } from "../../sim/roles/proc-reader.ts";
import type { RemoteReader } from "../../sim/roles/remote-reader.ts";
import type { UserThread } from "../../sim/roles/user-thread.ts";
import { disk, constant, Lines, run, smallScenario, swapped, testCosts } from "../support/small-scenario.ts";

const vcpus: KvmVcpu = {
  role: "kvm_vcpu",
  order: "random",
  count: 4,
  schedule: { kind: "think", law: { kind: "exponential", mean_ns: 1_000_000 } },
  mm: "mm",
  touch: "ram",
  write: 1,
  guest_tasks: 3,
  async_pf: { possible: 0.8, user_mode: 0.7 },
};
const readers: ProcReader = {
  role: "proc_reader",
  cycles: null,
  count: 2,
  file: "maps",
  target: "mm",
  schedule: { kind: "every", law: constant(2_000_000) },
};
const writer: MmWriter = {
  role: "mm_writer",
  touch: 0,
  merges: true,
  count: 1,
  op: "mmap+munmap",
  mm: "mm",
  pages: 16,
  schedule: { kind: "every", law: { kind: "exponential", mean_ns: 1_000_000 } },
};
const user: UserThread = {
  role: "user_thread",
  order: "random",
  access: "user",
  count: 2,
  mm: "mm",
  touch: "ram",
  write: 1,
  schedule: { kind: "think", law: constant(500_000) },
};

const big = {
  mms: { mm: { vmas: { ram: swapped({ pages: 4096, resident: 0.5, keep: 0.5 }) }, other_vmas: 60, arg_start: null } },
};

function measure(scenario: Scenario, variant: string): { lock: Metrics; ops: Metrics; digest: string; ending: string } {
  const lockStat = new LockStat(["swap"]);
  const operations = new Operations();
  const digest = new Digest();
  const end = run(scenario, variant, [lockStat, operations, digest]);
  return { lock: lockStat.metrics(), ops: operations.metrics(), digest: digest.hex(), ending: end.ending };
}

describe("a long reader hurts nobody but writers (trap 1)", () => {
  const quiet = smallScenario({ vcpus, readers }, big);

  test.each(["plain", "unlocked"])("without a writer no reader waits under %s", (variant) => {
    const wait = samplesWhere(measure(quiet, variant).lock, "mmap_sem.wait", { mode: "R" });
    expect(wait.count).toBeGreaterThan(100);
    expect(wait.max).toBe(0);
  });

  test("with a writer readers wait for the IO of others under plain, and hardly at all under unlocked", () => {
    const busy = smallScenario({ vcpus, readers, writer }, big);
    const waits = ["plain", "unlocked"].map((variant) =>
      samplesWhere(measure(busy, variant).lock, "mmap_sem.wait", { mode: "R", role: "proc_reader" }),
    );
    expect(waits[0]?.max).toBeGreaterThan(500_000);
    expect(waits[1]?.max).toBeLessThan(50_000);
  });
});

test("on zram plain and unlocked take, hold and wait for the lock alike, to the nanosecond (trap 11)", () => {
  const devices = {
    disk: { ...disk(), kind: "zram", latency: constant(2_000), depth: null, readahead_pages: 1 },
  } as const;
  const scenario = smallScenario({ vcpus, readers, writer }, { ...big, devices });
  const lines = ["plain", "unlocked"].map((variant) => {
    const seen = new Lines((e) => e.kind.startsWith("mmap_lock"));
    run(scenario, variant, [seen]);
    return seen.lines;
  });
  expect(lines[0]?.length).toBeGreaterThan(500);
  expect(lines[1]).toEqual(lines[0]);
});

describe("converted callers", () => {
  const busy = smallScenario({ vcpus, readers, writer }, big);

  test("hold over IO before the patch, and not after it", () => {
    const holdIo = (variant: string, site: string): number =>
      samplesWhere(measure(busy, variant).lock, "mmap_sem.hold_io", { site }).count;
    expect(holdIo("plain", "async_pf_execute")).toBeGreaterThan(20);
    expect(holdIo("plain", "hva_to_pfn_slow")).toBeGreaterThan(2);
    expect(holdIo("unlocked", "async_pf_execute")).toBe(0);
    expect(holdIo("unlocked", "hva_to_pfn_slow")).toBe(0);
  });

  test("the worker's hold is what remains of the IO that the vcpu started (trap 30)", () => {
    const hold = samplesWhere(measure(busy, "plain").lock, "mmap_sem.hold", { site: "async_pf_execute" });
    expect(hold.percentile(50)).toBeGreaterThan(980_000);
    expect(hold.max).toBeLessThan(1_010_000);
  });

  test("get_user_page_nowait never sleeps for IO with the lock (trap 7)", () => {
    for (const variant of ["plain", "unlocked"]) {
      const io = samplesWhere(measure(busy, variant).lock, "mmap_sem.hold_io", { site: "get_user_page_nowait" });
      expect(io.count).toBe(0);
    }
  });
});

test("cmdline holds the lock over the IO of a swapped argv in every variant (trap 18)", () => {
  const mms = { mm: { vmas: { args: swapped({ pages: 1 }) }, other_vmas: 5, arg_start: "args" } };
  const ps: ProcReader = { ...readers, count: 1, file: "cmdline" };
  for (const variant of ["plain", "unlocked", "rfc", "reviewed"]) {
    const io = samplesWhere(measure(smallScenario({ ps }, { mms }), variant).lock, "mmap_sem.hold_io", {
      site: "proc_pid_cmdline_read",
    });
    expect([io.count, io.max]).toEqual([1, 1_000_000]);
  }
});

test("maps lets go of the lock between buffers of 4 KiB: 200 mappings are 3 holds (trap 19)", () => {
  const mms = { mm: { vmas: { ram: swapped() }, other_vmas: 199, arg_start: null } };
  const seen = new Lines((e) => e.kind === "mmap_lock_released" || e.kind === "op_end");
  run(smallScenario({ readers: { ...readers, count: 1 } }, { mms }), "plain", [seen]);
  expect(seen.lines.findIndex((line) => line.includes("op_end"))).toBe(3);
});

test("a v3.17 user fault is polite once: lock dropped over the first IO, held over a second (traps 9 and 24)", () => {
  const reclaimed = {
    mm: { vmas: { ram: swapped({ pages: 1, reclaim: constant(0) }) }, other_vmas: 0, arg_start: null },
  };
  const seen = new Lines((e) => e.kind === "io_submit" || e.kind === "mmap_lock_released");
  run(smallScenario({ user: { ...user, count: 1 } }, { mms: reclaimed }), "plain", [seen]);
  const times = seen.lines.map((line) => [line.split(" ")[2], Number(line.split(" ")[0])] as const);
  const [first, drop, second, release] = times;
  expect([first?.[0], drop?.[0], second?.[0], release?.[0]]).toEqual([
    "io_submit",
    "mmap_lock_released",
    "io_submit",
    "mmap_lock_released",
  ]);
  expect(drop?.[1]).toBe(first?.[1]);
  expect((release?.[1] ?? 0) - (second?.[1] ?? 0)).toBeGreaterThanOrEqual(1_000_000);
});

describe("process_vm_readv of a batch", () => {
  const reads: RemoteReader = {
    role: "process_vm_readv",
    order: "random",
    count: 1,
    target: "mm",
    touch: "ram",
    pages: 16,
    schedule: { kind: "think", law: constant(1_000_000) },
  };
  const scenario = smallScenario({ reads, readers, writer }, big);

  test("the patch as posted BUGs with the lock held for read; every later writer and reader hangs (trap 3)", () => {
    const { ending, ops, lock } = measure(scenario, "rfc");
    expect(ending).toBe("orphaned-lock");
    expect(countWhere(ops, "bug", {})).toBe(1);
    expect(countWhere(lock, "mmap_sem.wait_open", {})).toBe(3);
  });

  test("as merged it holds a page's work at a time and retries once a page with IO (trap 40)", () => {
    const plain = measure(scenario, "plain");
    const merged = measure(scenario, "unlocked");
    const hold = (m: Metrics): number =>
      samplesWhere(m, "mmap_sem.hold", { site: "process_vm_rw_single_vec" }).max ?? 0;
    expect(hold(plain.lock)).toBeGreaterThan(3_000_000);
    expect(hold(merged.lock)).toBeLessThan(50_000);
    expect(countWhere(merged.ops, "gup.retry", {})).toBeGreaterThan(50);
  });

  test("one page at a time cannot tell the posted patch from the merged one (trap 4)", () => {
    const single = smallScenario({ reads: { ...reads, pages: 1 }, readers, writer }, big);
    expect(measure(single, "rfc").digest).toBe(measure(single, "reviewed").digest);
    expect(measure(single, "rfc").digest).toBe(measure(single, "v4.0+kvm=rfc").digest);
  });
});

describe("an async page fault", () => {
  const only = (changes: Partial<KvmVcpu>): Scenario =>
    smallScenario({ vcpu: { ...vcpus, count: 1, ...changes } }, { ...big, devices: slow });
  const slow = { disk: { ...disk(), latency: constant(50_000_000), depth: null, readahead_pages: 1 } } as const;
  const first = (scenario: Scenario, n: number): string[] => {
    const seen = new Lines((e) => e.kind.startsWith("kvm_async_pf") || (e.kind === "sleep" && e.site === ""));
    run(scenario, "plain", [seen]);
    return seen.lines.slice(0, n).map((line) => line.split(" ").slice(2, 7).join(" "));
  };

  test("in guest user mode parks the process, and the vcpu runs another one", () => {
    const lines = first(only({ guest_tasks: 2, async_pf: { possible: 1, user_mode: 1 } }), 3);
    expect(lines.filter((line) => line.includes("not_present")).length).toBe(2);
    expect(lines[2]).toContain("guest-idle");
  });

  test("in guest kernel mode halts the vcpu (trap 28)", () => {
    const lines = first(only({ guest_tasks: 2, async_pf: { possible: 1, user_mode: 0 } }), 2);
    expect(lines[0]).toContain("not_present");
    expect(lines[1]).toContain("apf-halt");
  });

  test("the 65th outstanding one of a vcpu is synchronous (trap 28)", () => {
    const seen = new Lines(
      (e) => e.kind.startsWith("kvm_async_pf") || (e.kind === "sleep" && e.site === "hva_to_pfn_slow"),
    );
    const fast = { kind: "think", law: constant(10_000) } as const;
    // So many pages that no two touches meet: a second touch of a page in flight would halt the vcpu.
    const wide = { mm: { vmas: { ram: swapped({ pages: 1 << 20 }) }, other_vmas: 0, arg_start: null } };
    const scenario = only({ guest_tasks: 100, schedule: fast, async_pf: { possible: 1, user_mode: 1 } });
    run({ ...scenario, mms: wide }, "plain", [seen]);
    const at = seen.lines.findIndex((line) => line.includes("hva_to_pfn_slow"));
    expect(at).toBe(64);
    expect(seen.lines.slice(0, 64).every((line) => line.includes("not_present"))).toBe(true);
  });
});

describe("a run", () => {
  const busy = smallScenario({ vcpus, readers, writer, user }, big);

  test("is the same run again, and with none, one or all listeners", () => {
    const moves = [[], [new LockStat(["swap"])], [new LockStat(["swap"]), new Operations(), new Digest()]].map(
      (listeners) => run(busy, "plain", listeners),
    );
    expect(moves[1]).toEqual(moves[0]);
    expect(moves[2]).toEqual(moves[0]);
    expect(measure(busy, "plain").digest).toBe(measure(busy, "plain").digest);
  });

  test.each(["v3.17", "v5.4", "v6.18"])(
    "on two shared CPUs as %s is the same with none, one or all listeners",
    (preset) => {
      const costs = testCosts({
        sched_slice: 100_000,
        context_switch: 1_000,
        wake_up: 4_000,
        wake_up_p99: 20_000,
        show_map_vma: 250,
      });
      const shared = { ...busy, cpus: 2, costs };
      const lists = [[], [new LockStat(["swap"])], [new LockStat(["swap"]), new Operations(), new Digest()]];
      const ends = lists.map((listeners) => run(shared, preset, listeners));
      expect(ends[1]).toEqual(ends[0]);
      expect(ends[2]).toEqual(ends[0]);
      expect(measure(shared, preset).digest).toBe(measure(shared, preset).digest);
    },
  );

  test("with another seed is another run", () => {
    const digests = ["1", "2"].map((seed) => {
      const digest = new Digest();
      runScenario(busy, parseVariant("plain"), seed, [digest]);
      return digest.hex();
    });
    expect(digests[0]).not.toBe(digests[1]);
  });
});
