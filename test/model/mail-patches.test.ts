import { describe, expect, test } from "vitest";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { replicate } from "../support/replicate.ts";
import { meaningsOf } from "../../reports/explanations/all.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { partEffects, patchOrders, undefinedNames } from "../../sim/experiments/patch-series.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { FAULT_FLAG_ALLOW_RETRY, FAULT_FLAG_TRIED } from "../../sim/linux/include/linux/mm.ts";
import { workqueue_struct } from "../../sim/linux/kernel/workqueue.ts";
import { get_user_pages_unlocked } from "../../sim/linux/mm/gup.ts";
import { countWhere, samplesWhere, type Tags } from "../../sim/measure/metrics/metrics.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { KvmVcpu } from "../../sim/roles/kvm-vcpu.ts";
import type { TaskGroup } from "../../sim/roles/roles.ts";
import { faultWorld } from "../support/fault-world.ts";
import { constant, disk, run, smallScenario } from "../support/small-scenario.ts";

/** What the mail says of the patches as a whole: their order, their parts, what they are for. */

const of = (scenario: Scenario, variant: string): VariantOutcome =>
  replicate(scenario, parseVariant(variant), ["1"], [], { checkInvariants: false });
const shipped = (name: string, variant: string, sets: string[] = []): VariantOutcome =>
  of(loadScenario(name, sets).scenario, variant);
const held = ({ metrics }: VariantOutcome, tags: Tags): number => samplesWhere(metrics, "mmap_sem.hold_io", tags).count;

const vcpu: KvmVcpu = {
  role: "kvm_vcpu",
  order: "random",
  count: 2,
  schedule: { kind: "think", law: constant(1_000_000) },
  mm: "mm",
  touch: "ram",
  write: 1,
  guest_tasks: 1,
  async_pf: null,
};

describe("the two patches as a series", () => {
  test("as posted the first uses what the second defines, and turned round the second what the first defines: neither can be bisected (S119)", () => {
    const lacks = (order: string) => undefinedNames(patchOrders[order] ?? []);
    expect(lacks("as posted")).toEqual([["FOLL_TRIED"], []]);
    expect(lacks("turned round")).toEqual([["get_user_pages_unlocked"], []]);
    expect(lacks("split")).toEqual([[], [], [], []]);
  });

  test("in parts: each takes its share out of the holds, and the shares are the whole (S121)", () => {
    const parts = partEffects();
    expect(parts.map(({ part }) => part)).toEqual([
      "gup_fast's slow part",
      "retry conversions",
      "fast conversions",
      "KVM",
    ]);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    // Two IOs of 1 ms go from each call of a site that has a pages array, one from a prefault, which stops at the first.
    for (const { part, sites, before_ns, after_ns } of parts) {
      const saved = (before_ns - after_ns) / 1e6 / sites.length;
      expect([part, saved > 1.5 && saved < 2.1]).toEqual([part, true]);
    }
  });

  test("KVM's own patch first or the general one first: the end is the same kernel, with the same holds (S122)", () => {
    const own = parseVariant("v3.19+gup=v4.0+kvm=v4.0");
    const general = parseVariant("v3.17+gup=v4.0+kvm=v4.0");
    expect(own.axes).toEqual(general.axes);
    const holds = (variant: string): unknown =>
      shipped("kvm-no-async-pf", variant, ["duration=500ms"]).metrics.histograms.get("mmap_sem.hold{mode=R}")?.data();
    // On the way, with the general call merged and KVM's own not yet replaced, KVM's holds are what they will be.
    expect(holds("v3.19+gup=v4.0")).toEqual(holds("v4.0"));
    expect(holds("v3.17")).not.toEqual(holds("v4.0"));
  });

  test("the general form does for KVM what KVM's own did, and for the others what that did not (S86, S87, S117)", () => {
    const sets = ["duration=1s"];
    for (const variant of ["v3.19", "v4.0"]) {
      expect([variant, held(shipped("kvm-swap", variant, sets), { role: "kworker" })]).toEqual([variant, 0]);
    }
    const acquired = (variant: string): number =>
      samplesWhere(shipped("kvm-no-async-pf", variant, sets).metrics, "mmap_sem.hold", { role: "kvm_vcpu" }).count;
    expect(acquired("v3.19")).toBe(acquired("v4.0"));
    const others = (variant: string): number => held(shipped("pvm-readv-batch", variant, sets), {});
    expect(others("v3.19")).toBe(others("v3.17"));
    expect(others("v4.0")).toBeLessThan(others("v3.17") / 4);
  });
});

describe("IO under the lock", () => {
  test("is counted by its class and by its site, where the handler was willing to drop and was not allowed to (S2, S12)", () => {
    const swap = shipped("kvm-swap", "plain", ["duration=300ms"]);
    const file = shipped("kvm-filemap", "plain", ["duration=300ms"]);
    expect([held(swap, { class: "swap" }) > 50, held(swap, { class: "file" })]).toEqual([true, 0]);
    expect([held(file, { class: "file" }) > 50, held(file, { class: "swap" })]).toEqual([true, 0]);
    const bySite = [...swap.metrics.histograms]
      .filter(([key, histogram]) => key.startsWith("mmap_sem.hold_io{") && histogram.count > 0)
      .flatMap(([key]) => /site=([\w ()]+)/.exec(key)?.slice(1) ?? []);
    // KVM's worker and its synchronous look-up; nothing that may not sleep, and no user fault.
    expect([...new Set(bySite)].sort()).toEqual(["async_pf_execute", "hva_to_pfn_slow"]);
    const [worker, vcpus] = ["async_pf_execute", "hva_to_pfn_slow"].map((site) => held(swap, { class: "swap", site }));
    expect((worker as number) + (vcpus as number)).toBe(held(swap, { class: "swap" }));
    expect(held(shipped("kvm-swap", "unlocked", ["duration=300ms"]), {})).toBe(0);
  });

  test("one worker instead of 256: the others' pages come while they wait in the queue, so plain holds for less, and the vcpus wait longer (S4)", () => {
    // The look-up of each vcpu has started its IO of 1000 us at once; its work is done in order.
    const last = (workers: number): { longest: number; end: number } => {
      const world = faultWorld("v3.17");
      const queue = new workqueue_struct(world.kernel, workers);
      let end = 0;
      for (let i = 0; i < 4; i++) {
        world.spawn(`vcpu${i}`, 0, function* (current) {
          const address = world.vma.vm_start + i * 4096;
          yield* world.kernel.ops.hva_to_pfn_slow(current, world.mm, address, true, true);
          if (current.settles()) yield;
          queue.schedule_work(function* (worker) {
            yield* get_user_pages_unlocked(worker, world.mm, address, 1, true, false, null);
            if (worker.settles()) yield;
            end = Math.max(end, worker.sim.now / 1000);
          }, i);
        });
      }
      const since = new Map<string, number>();
      const holds: number[] = [];
      for (const line of world.run()) {
        const [time, who = "", what] = line.split(" ");
        if (!who.startsWith("kworker")) continue;
        if (what === "+R") since.set(who, Number(time));
        if (what === "-R") holds.push(Number(time) - (since.get(who) ?? 0));
      }
      expect(holds).toHaveLength(4);
      return { longest: Math.max(...holds.slice(1)), end };
    };
    const [many, one] = [last(256), last(1)];
    expect(many.longest).toBeGreaterThan(900);
    expect(one.longest).toBeLessThan(100);
    expect(one.end).toBeGreaterThan(many.end);
  });

  test("with all sites converted but one is that one's, as if all droppable had been made so but its callers (S37)", () => {
    const sites = ["process_vm_rw_single_vec", "get_user_pages_fast", "sgl_map_user_pages", "ivtv_udma_setup"];
    const rest = ["pvr2fb_write", "ceph_get_direct_page_vector"];
    const outcome = shipped("adoption-slider", "unlocked", [
      "duration=1s",
      `converted=[${[...sites, ...rest].filter((site) => site !== "sgl_map_user_pages").join(",")}]`,
    ]);
    expect(held(outcome, { site: "sgl_map_user_pages" })).toBeGreaterThan(0);
    expect(held(outcome, {})).toBe(held(outcome, { site: "sgl_map_user_pages" }));
  });
});

describe("userfaults", () => {
  test("fail a guest's access where the look-up may not drop: KVM_RUN ends with -EFAULT in post-copy, and with the patch it does not (S124, S128)", () => {
    const scenario = smallScenario(
      { vcpu },
      { devices: { disk: disk({ kind: "userfaultfd", latency: constant(200_000) }) }, duration_ns: 50_000_000 },
    );
    const failed = (variant: string): [boolean, boolean] => {
      const { metrics } = of(scenario, variant);
      return [countWhere(metrics, "op.failed", {}) > 0, countWhere(metrics, "op.count", { op: "touch" }) > 10];
    };
    expect(failed("v3.17")[0]).toBe(true);
    for (const variant of ["v3.19", "v4.0", "v6.18"])
      expect([variant, failed(variant)]).toEqual([variant, [false, true]]);
  });
});

describe("who has ALLOW_RETRY", () => {
  test("does not always come back with FAULT_TRIED: populate asks for a page that is gone again and again, never with TRIED (S129)", () => {
    const flagsOf = (task: TaskGroup): number[] => {
      const flags: number[] = [];
      const scenario = smallScenario({ task }, { duration_ns: 20_000_000 });
      run(scenario, "v3.17", [{ hears: { fault_begin: (e) => void flags.push(e.flags) } }]);
      return flags;
    };
    const populate: TaskGroup = {
      role: "madvise_populate",
      count: 1,
      schedule: { kind: "think", law: constant(100_000) },
      mm: "mm",
      touch: "ram",
      order: "sequential",
      pages: 4,
    };
    const asked = flagsOf(populate);
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((flags) => flags & FAULT_FLAG_TRIED)).toEqual([]);
    expect(asked.every((flags) => (flags & FAULT_FLAG_ALLOW_RETRY) !== 0)).toBe(true);
    const thread: TaskGroup = {
      role: "user_thread",
      count: 1,
      schedule: { kind: "think", law: constant(100_000) },
      mm: "mm",
      touch: "ram",
      order: "sequential",
      write: 1,
      access: "user",
    };
    expect(flagsOf(thread).some((flags) => (flags & FAULT_FLAG_TRIED) !== 0)).toBe(true);
  });
});

describe("explain tells what cannot be run", () => {
  const textOf = (name: string): string => JSON.stringify(meaningsOf(name));

  test("counts that were long and are an int in gup_fast (S134)", () => {
    for (const site of ["dma_pin_iovec_pages", "ceph_get_direct_page_vector", "pvr2fb_write"]) {
      expect([site, textOf(site)]).toEqual([site, expect.stringMatching(/count becomes an int/)]);
    }
  });

  test("a BUILD_BUG_ON on a parameter, which compiles only where the function is inlined (S135)", () => {
    expect(textOf("BUILD_BUG_ON")).toMatch(/only if the function is inlined/);
  });

  test("architectures whose fault handler did not give ALLOW_RETRY: the model has x86 only (S136)", () => {
    expect(textOf("ALLOW_RETRY")).toMatch(/x86 only/);
  });
});
