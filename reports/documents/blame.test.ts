import { describe, expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { metricKey } from "../../sim/measure/metrics/metrics.ts";
import { replicateOnce } from "../../sim/study/replication.ts";
import { run, smallScenario } from "../../test/support/small-scenario.ts";
import { BlameLedger } from "../../sim/measure/blame/blame.ts";
import { blameBy, blameRows, blameSentence, holderText } from "./blame.ts";
import { blameText } from "../text/blame-text.ts";

interface Entry {
  mode?: "R" | "W";
  site?: string;
  carrier?: string;
  holder?: string;
  holderMode?: "R" | "W" | "none";
  cause?: string;
  sum: number;
}

function rows(...entries: Entry[]) {
  return blameRows(
    entries.map(
      ({ mode = "R", site = "maps", carrier = "none", holder = "gup", holderMode = "R", cause = "swap", sum }) => {
        const tags = { mm: "qemu", mode, role: "reader", site, carrier, cause };
        const by = { holder_mode: holderMode, holder_role: "worker", holder_site: holder };
        return [metricKey("mmap_sem.blame", { ...tags, ...by }), { count: 1, sum, max: sum }] as const;
      },
    ),
  );
}

describe("the sentence", () => {
  test("names the IO, its sites and who carried it", () => {
    const all = rows(
      { sum: 700, carrier: "mmap" },
      { sum: 250, holder: "slow", carrier: "munmap" },
      { sum: 50, cause: "cpu" },
    );
    expect(blameSentence(all, "R")).toBe(
      "95.0 % of wait-R is IO under gup (70.0 %) and slow (25.0 %), carried by queued writers in mmap and munmap",
    );
  });

  test("says what it is instead when little is IO", () => {
    const all = rows({ sum: 900, cause: "cpu", holder: "smaps" }, { sum: 100, holderMode: "none", holder: "mmap" });
    expect(blameSentence(all, "R")).toBe(
      "wait-R, 1.00 µs in all, is 90.0 % smaps (-R) on the CPU, 10.0 % the wake-up of mmap",
    );
  });

  test("says that nobody waited", () => {
    expect(blameSentence(rows({ sum: 5 }), "W")).toBe("no writer waited");
  });
});

test("the view of the waiters and that of the holders have the same sum, to the ns", () => {
  const ledger = new BlameLedger();
  const scenario = smallScenario({
    maps: { role: "proc_reader", count: 2, file: "maps", target: "mm", cycles: null, schedule: every(300_000) },
    map: {
      role: "mm_writer",
      op: "mmap+munmap",
      count: 1,
      mm: "mm",
      pages: 2,
      touch: 0,
      merges: false,
      schedule: every(500_000),
    },
    read: {
      role: "process_vm_readv",
      count: 2,
      target: "mm",
      touch: "ram",
      order: "random",
      pages: 4,
      schedule: every(900_000),
    },
  });
  run(scenario, "plain", [ledger]);
  const all = blameRows(ledger.metrics().totals);
  const total = all.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
  expect(total).toBeGreaterThan(1_000_000);
  for (const view of [
    blameBy(all, ({ waiter }) => waiter.site),
    blameBy(all, ({ holder }) => holder.site),
    blameBy(all, holderText),
  ]) {
    expect(view.reduce((sum, { sum_ns }) => sum + sum_ns, 0)).toBe(total);
    expect(view.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  }
  expect(blameText(ledger.metrics(), 80)).toMatch(
    /% +[\d.]+ [mµ]s +[\d.]+ [mµ]s +process_vm_rw_single_vec \(-R\) in swap IO/,
  );
});

test("on proc-readers nearly all reader wait is IO under the converted sites, and after conversion what remains is named", () => {
  const { scenario } = loadScenario("proc-readers");
  const sentence = (variant: string): string => {
    const { metrics } = replicateOnce(scenario, parseVariant(variant), "1");
    return blameSentence(blameRows(metrics.totals), "R");
  };
  expect(sentence("plain")).toMatch(
    /^9[5-9]\.\d % of wait-R is IO under async_pf_execute \([\d.]+ %\) and hva_to_pfn_slow \([\d.]+ %\), carried by queued writers in vm_mmap_pgoff$/,
  );
  expect(sentence("unlocked")).toMatch(/^wait-R, \d+ µs in all, is [\d.]+ % show_pid_smap \(-R\) waking up, /);
});

function every(value_ns: number) {
  return { kind: "every" as const, law: { kind: "constant" as const, value_ns } };
}
