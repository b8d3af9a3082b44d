import { describe, expect, test } from "vitest";
import type { KvmVcpu } from "../sim/scenario.ts";
import { constant, Lines, run, smallScenario } from "./small-scenario.ts";

const vcpu = (async_pf: KvmVcpu["async_pf"]): KvmVcpu => ({
  role: "kvm_vcpu",
  count: 1,
  schedule: { kind: "think", law: constant(5_000_000) },
  mm: "mm",
  touch: "ram",
  write: 1,
  guest_tasks: 1,
  async_pf,
});

/** The read holds from the first guest fault to the end of its operation, as `task site hold-in-us`. */
function acquisitions(variant: string, async_pf: KvmVcpu["async_pf"]): string[] {
  const seen: string[] = [];
  const since = new Map<number, number>();
  let ops = 0;
  const listener = new Lines((e) => {
    if (e.kind === "op_end") ops++;
    if (ops > 0) return false;
    if (e.kind === "mmap_lock_acquire_returned") since.set(e.task, e.time);
    if (e.kind === "mmap_lock_released") {
      seen.push(
        `${e.task === 0 ? "vcpu" : "kworker"} ${e.site} ${Math.round((e.time - (since.get(e.task) ?? 0)) / 1000)}`,
      );
    }
    return false;
  });
  run(smallScenario({ vcpu: vcpu(async_pf) }), variant, [listener]);
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
});
