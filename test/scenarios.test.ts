import { describe, expect, test } from "vitest";
import { replicate } from "../bin/replications.ts";
import type { VariantOutcome } from "../reports/outcome.ts";
import { locksAgree } from "../reports/compare.ts";
import { loadScenario } from "../scenarios/load.ts";
import { parseVariant } from "../sim/linux/variant.ts";
import { samplesWhere, tagValues } from "../sim/measure/metrics.ts";

/** Runs a bundled scenario for half a second of its time. */
function compare(name: string, variants = ["plain", "unlocked"]): VariantOutcome[] {
  const { scenario } = loadScenario(name, ["duration=500ms"]);
  return variants.map((variant) =>
    replicate(scenario, parseVariant(variant), ["1", "2"], [], { checkInvariants: true }, () => {}),
  );
}

const p = (
  outcome: VariantOutcome | undefined,
  percentile: number,
  metric: string,
  tags: Record<string, string>,
): number => samplesWhere((outcome as VariantOutcome).metrics, metric, tags).percentile(percentile) ?? 0;

/** The sites that sleep for IO with the lock. */
const holders = (outcome: VariantOutcome | undefined): string[] => {
  const { metrics } = outcome as VariantOutcome;
  return tagValues(metrics, "mmap_sem.hold_io", "site", {}).filter(
    (site) => samplesWhere(metrics, "mmap_sem.hold_io", { site }).count > 0,
  );
};

describe("each bundled scenario answers its question", () => {
  test.each(["kvm-swap", "kvm-filemap", "proc-readers"])(
    "%s: reader wait is of IO size under plain, tens of us at most under unlocked",
    (name) => {
      const [plain, unlocked] = compare(name);
      expect(holders(plain)).toEqual(expect.arrayContaining(["async_pf_execute", "hva_to_pfn_slow"]));
      expect(holders(unlocked)).toEqual([]);
      expect(p(plain, 99, "mmap_sem.wait", { mode: "R" })).toBeGreaterThan(5_000_000);
      expect(p(unlocked, 99, "mmap_sem.wait", { mode: "R" })).toBeLessThan(100_000);
    },
  );

  test("kvm-swap: under plain the worker's hold is the IO less its dispatch", () => {
    const [plain] = compare("kvm-swap");
    const hold = p(plain, 50, "mmap_sem.hold", { site: "async_pf_execute" });
    const io = p(plain, 50, "mmap_sem.hold_io", { site: "async_pf_execute" });
    expect(hold).toBeGreaterThan(6_000_000);
    expect(hold / io).toBeCloseTo(1, 1);
  });

  test("kvm-no-async-pf: only the synchronous look-up holds, and the patch ends it", () => {
    const [plain, unlocked] = compare("kvm-no-async-pf");
    expect(holders(plain)).toEqual(["hva_to_pfn_slow"]);
    expect(holders(unlocked)).toEqual([]);
  });

  test("kvm-swap-nvme: hold_io vanishes, and the p99 of reader wait changes by less than the IO", () => {
    const [plain, unlocked] = compare("kvm-swap-nvme");
    expect(holders(plain)).toContain("async_pf_execute");
    expect(holders(unlocked)).toEqual([]);
    const gain = p(plain, 99, "mmap_sem.wait", { mode: "R" }) - p(unlocked, 99, "mmap_sem.wait", { mode: "R" });
    expect(gain).toBeLessThan(80_000);
  });

  test("readers-without-writer: nobody waits in either variant (trap 1)", () => {
    for (const outcome of compare("readers-without-writer", ["plain", "unlocked", "rfc", "v4.0+rwsem=strict-fifo"])) {
      expect(p(outcome, 100, "mmap_sem.wait", { mode: "R" })).toBe(0);
    }
  });

  test("kvm-zram: plain and unlocked agree to the nanosecond (trap 11)", () => {
    const [plain, unlocked] = compare("kvm-zram");
    expect(locksAgree(plain as VariantOutcome, unlocked as VariantOutcome)).toBe(true);
  });

  test("pvm-readv-batch: plain holds over the batch, rfc BUGs with the lock held, unlocked holds for a page", () => {
    const [plain, rfc, unlocked] = compare("pvm-readv-batch", ["plain", "rfc", "unlocked"]);
    expect(holders(plain)).toEqual(["process_vm_rw_single_vec"]);
    expect(rfc?.ending).toBe("orphaned-lock");
    expect(rfc?.findings[0]).toContain(
      "BUG_ON(ret > 1) in process_vm_rw_single_vec and holds target for read for ever",
    );
    expect(holders(unlocked)).toEqual([]);
  });
});
