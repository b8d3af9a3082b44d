import { hearsSaved } from "../support/saved-events.ts";
import { describe, expect, test } from "vitest";
import { FAULT_FLAG_WRITE } from "../../sim/linux/include/linux/mm.ts";
import type { Scenario, Vma } from "../../sim/scenario.ts";
import type { KvmVcpu } from "../../sim/roles/kvm-vcpu.ts";
import { constant, disk, run, smallScenario, swapped } from "../support/small-scenario.ts";

const vcpu = (async_pf: KvmVcpu["async_pf"]): KvmVcpu => ({
  role: "kvm_vcpu",
  order: "random",
  count: 1,
  schedule: { kind: "think", law: constant(5_000_000) },
  mm: "mm",
  touch: "ram",
  write: 1,
  guest_tasks: 1,
  async_pf,
});

/** The read holds from the first guest fault to the end of its operation, as `task site hold-in-us`. */
function acquisitions(variant: string, async_pf: KvmVcpu["async_pf"], changes: Partial<Scenario> = {}): string[] {
  const seen: string[] = [];
  const since = new Map<number, number>();
  let ops = 0;
  const listener = hearsSaved((e, tasks) => {
    if (e.kind === "op_end") ops++;
    if (ops > 0 || tasks[e.task]?.role === "userfaultfd") return;
    if (e.kind === "mmap_lock_acquire_returned") since.set(e.task, e.time);
    if (e.kind === "mmap_lock_released") {
      const held = Math.round((e.time - (since.get(e.task) ?? 0)) / 1000);
      seen.push(`${tasks[e.task]?.role === "kworker" ? "kworker" : "vcpu"} ${e.site} ${held}`);
    }
  });
  run(smallScenario({ vcpu: vcpu(async_pf) }, changes), variant, [listener]);
  return seen;
}

const always = { possible: 1, user_mode: 1 };

describe("a missing guest page takes the lock (trap 30)", () => {
  test("v3.17 async: twice in the vcpu, once in the worker over the remaining IO, never at completion", () => {
    expect(acquisitions("v3.17", always)).toEqual([
      "vcpu get_user_page_nowait 5",
      "vcpu hva_to_pfn 0",
      "kworker async_pf_execute 1000",
    ]);
  });

  test("v4.0 async: twice in the vcpu, once in the worker without the IO, once at completion, for the worker maps nothing", () => {
    expect(acquisitions("v4.0", always)).toEqual([
      "vcpu get_user_page_nowait 5",
      "vcpu hva_to_pfn 0",
      "kworker async_pf_execute 0",
      "vcpu get_user_page_nowait 0",
    ]);
  });

  test("v3.19, with KVM's own polite look-up: as v4.0, async and synchronous (S117)", () => {
    expect(acquisitions("v3.19", always)).toEqual(acquisitions("v4.0", always));
    expect(acquisitions("v3.19", null)).toEqual(acquisitions("v4.0", null));
  });

  test("v3.17 synchronous: three times, the third over the IO", () => {
    expect(acquisitions("v3.17", null)).toEqual([
      "vcpu get_user_page_nowait 5",
      "vcpu hva_to_pfn 0",
      "vcpu hva_to_pfn_slow 1000",
    ]);
  });

  test("v4.0 synchronous: four times, none over the IO", () => {
    expect(acquisitions("v4.0", null)).toEqual([
      "vcpu get_user_page_nowait 5",
      "vcpu hva_to_pfn 0",
      "vcpu hva_to_pfn_slow 0",
      "vcpu hva_to_pfn_slow 0",
    ]);
  });

  test.each(["v5.4", "v6.18"])(
    "%s async: twice in the vcpu, twice in the worker that maps the page, never at completion",
    (preset) => {
      expect(acquisitions(preset, always)).toEqual([
        "vcpu hva_to_pfn_slow 5",
        "vcpu hva_to_pfn 0",
        "kworker async_pf_execute 0",
        "kworker async_pf_execute 0",
      ]);
    },
  );

  test.each(["v5.4", "v6.18"])("%s synchronous: four times, none over the IO", (preset) => {
    expect(acquisitions(preset, null)).toEqual([
      "vcpu hva_to_pfn_slow 5",
      "vcpu hva_to_pfn 0",
      "vcpu hva_to_pfn_slow 0",
      "vcpu hva_to_pfn_slow 0",
    ]);
  });

  test.each([
    ["a file without read-ahead", { kind: "file" as const, random: true }, disk({ kind: "file" })],
    ["swapped shmem", { kind: "shmem" as const }, disk()],
  ])("v6.18 on %s: once, and the NOWAIT look-up holds over the IO; no async fault is raised", (_what, vma, device) => {
    const changes = {
      devices: { disk: device },
      mms: { mm: { vmas: { ram: swapped(vma) }, other_vmas: 0, arg_start: null } },
    };
    expect(acquisitions("v6.18", always, changes)).toEqual(["vcpu hva_to_pfn_slow 1005"]);
  });

  test("v3.17 on a file without read-ahead submits and does not wait: the async fault is raised", () => {
    const changes = {
      devices: { disk: disk({ kind: "file" }) },
      mms: { mm: { vmas: { ram: swapped({ kind: "file", random: true }) }, other_vmas: 0, arg_start: null } },
    };
    expect(acquisitions("v3.17", always, changes)).toEqual([
      "vcpu get_user_page_nowait 5",
      "vcpu hva_to_pfn 0",
      "kworker async_pf_execute 1000",
    ]);
  });

  test("a userfaultfd: the NOWAIT look-up returns at once, and the server is asked by the worker", () => {
    const changes = {
      devices: { disk: disk({ kind: "userfaultfd", depth: 2 }) },
      mms: { mm: { vmas: { ram: swapped() }, other_vmas: 0, arg_start: null } },
    };
    expect(acquisitions("v6.18", always, changes)).toEqual([
      "vcpu hva_to_pfn_slow 0",
      "vcpu hva_to_pfn 0",
      "kworker async_pf_execute 0",
      "kworker async_pf_execute 0",
    ]);
  });
});

/** A guest memory with changes, on a disk of 1 ms. */
const ram = (changes: Partial<Vma>, device = disk()): Partial<Scenario> => ({
  devices: { disk: device },
  mms: { mm: { vmas: { ram: swapped(changes) }, other_vmas: 0, arg_start: null } },
});

describe("a synchronous look-up that fails (trap 43)", () => {
  const failing = ram({ kind: "file", random: true, io_errors: 1 }, disk({ kind: "file" }));

  test("v4.0 takes the lock once more, for a poison probe that may wait for the IO again, and for the look at the mapping", () => {
    const seen = acquisitions("v4.0", null, failing);
    expect(seen.at(-1)).toMatch(/^vcpu hva_to_pfn \d{4}$/);
  });

  test("v6.18 has no probe: one short hold", () => {
    expect(acquisitions("v6.18", null, failing).at(-1)).toBe("vcpu hva_to_pfn 0");
  });

  test("poisoned memory: v6.18 returns early, v4.0 skips the probe and looks at the mapping", () => {
    const poisoned = ram({ resident: 1, poisoned: 1 });
    expect(acquisitions("v6.18", null, poisoned)).toEqual(["vcpu hva_to_pfn_slow 0"]);
    expect(acquisitions("v4.0", null, poisoned).at(-1)).toBe("vcpu hva_to_pfn 0");
  });
});

test("the async worker always write-faults, whatever the guest did (trap 29)", () => {
  const flags: string[] = [];
  const listener = hearsSaved((e, tasks) => {
    if (e.kind !== "fault_begin") return;
    flags.push(`${tasks[e.task]?.role} ${e.aux & FAULT_FLAG_WRITE ? "write" : "read"}`);
  });
  const reading = { ...vcpu(always), write: 0 };
  run(smallScenario({ vcpu: reading }, { duration_ns: 7_000_000 }), "v3.17", [listener]);
  expect(flags.slice(0, 2)).toEqual(["kvm_vcpu read", "kworker write"]);
});

test("an invalidation while the page is being read throws the fault away at the end, and the guest faults again (trap 27)", () => {
  let looks = 0;
  const listener = hearsSaved((e) => {
    if (e.kind === "mmap_lock_acquire_returned" && e.site === "hva_to_pfn_slow") looks++;
  });
  // Two vcpus on memory with room for one page: each page that comes in throws the other vcpu's page out.
  const changes = ram({ pages: 2, keep: 0.5 }, disk());
  const twoVcpus = { ...vcpu(null), count: 2, order: "sequential" as const };
  run(smallScenario({ vcpu: twoVcpus }, { ...changes, duration_ns: 30_000_000 }), "v4.0", [listener]);
  const undisturbed = looks;
  expect(undisturbed).toBeGreaterThan(0);
  looks = 0;
  run(smallScenario({ vcpu: twoVcpus }, { ...ram({ pages: 2 }), duration_ns: 30_000_000 }), "v4.0", [listener]);
  expect(looks).toBeLessThan(undisturbed);
});

test("guest processes make async page faults worth while: with four of them a vcpu gets more touches done than synchronously", () => {
  const touches = (async_pf: KvmVcpu["async_pf"], guest_tasks: number): number => {
    let done = 0;
    const listener = hearsSaved((e) => {
      if (e.kind === "op_end") done++;
    });
    const busy = { ...vcpu(async_pf), guest_tasks, schedule: { kind: "think" as const, law: constant(100_000) } };
    const changes = ram({ pages: 4096 });
    run(smallScenario({ vcpu: busy }, { ...changes, duration_ns: 200_000_000 }), "v6.18", [listener]);
    return done;
  };
  const synchronous = touches(null, 4);
  expect(touches(always, 4)).toBeGreaterThan(2.5 * synchronous);
  // A guest with nothing else to run gains nothing.
  expect(touches(always, 1) / synchronous).toBeCloseTo(1, 1);
  // Nor does one whose faults hit its kernel: the vcpu halts.
  expect(touches({ possible: 1, user_mode: 0 }, 4) / synchronous).toBeCloseTo(1, 1);
});
