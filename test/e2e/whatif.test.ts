import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { WhatIfDocument } from "../../reports/documents/what-if.ts";
import { gupsimAt } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-whatif-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Ten callers at one lock, of which the first `n` stay. */
function scenario(n: number): string {
  const sites = [
    "get_user_pages_fast",
    "dma_pin_iovec_pages",
    "ivtv_udma_setup",
    "sgl_map_user_pages",
    "pvr2fb_write",
    "process_vm_rw_single_vec",
    "ceph_get_direct_page_vector",
    "kvm_arch_fault_in_page",
    "get_user_pages_fast (weak)",
    "hva_to_pfn_slow",
  ];
  const callers = sites.slice(0, n).map((site, i) => {
    const form = i % 2 === 0 ? "before" : "merged";
    return `  caller-${i}: { role: gup_caller, site: ${site}, form: ${form}, mm: p, touch: ram, pages: ${i + 1}, think: { exponential: 5ms } }`;
  });
  const file = join(folder, `callers-${n}.yaml`);
  writeFileSync(
    file,
    `schema: gupsim/scenario/v1
name: callers
question: which one first?
duration: 100ms
devices: { disk: { kind: swap, latency: { exponential: 1ms } } }
mms: { p: { vmas: { ram: { kind: anon, size: 4MiB, resident: 50%, keep: 50%, backing: disk } } } }
tasks:
${callers.join("\n")}
  debugger: { role: proc_mem, target: p, touch: ram, pages: 2, think: 10ms }
  reader: { role: proc_reader, file: maps, target: p, every: 1ms }
  writer: { role: mm_writer, mm: p, op: mmap+munmap, size: 8KiB, every: 1ms }
`,
  );
  return file;
}

const whatif = async (...args: string[]): Promise<{ code: number; document: WhatIfDocument; err: string }> => {
  const { code, out, err } = await gupsimAt(100, ["whatif", ...args, "--format", "json"]);
  return { code, document: JSON.parse(out), err };
};

describe("whatif", () => {
  test("the effect of a conversion is what the scenario with it measures, to the ns", async () => {
    const file = scenario(3);
    const { code, document } = await whatif(file, "--seed", "7", "--metric", "mmap_sem.wait{mode=R}:max");
    expect(code).toBe(0);
    const alone = document.sites.find(({ site }) => site === "dma_pin_iovec_pages");
    const measured = async (...sets: string[]): Promise<number> => {
      const set = sets.flatMap((one) => ["--set", one]);
      const args = ["sweep", file, "--grid", "tasks.reader.count=1", ...set, "--variants", "unlocked"];
      const column = ["--seed", "7", "--metric", "mmap_sem.wait{mode=R}:max", "--format", "ndjson"];
      return JSON.parse((await gupsimAt(100, [...args, ...column])).out).values["mmap_sem.wait{mode=R}:max"];
    };
    expect(document.today).toBe(await measured("converted=[]"));
    expect(alone?.converted.objective).toBe(await measured("converted=[dma_pin_iovec_pages]"));
    expect(alone?.faster_io.objective).toBe(await measured("converted=[]", "io_speedup.dma_pin_iovec_pages=2"));
  });

  test("with everything converted nothing holds the lock across IO but what has no new function", async () => {
    const { document } = await whatif(scenario(3), "--seeds", "2");
    expect(document.order.method).toBe("best of all");
    expect(document.sites).toHaveLength(3);
    expect(document.pairs).toHaveLength(3);
    expect(document.others.map(({ site }) => site)).toEqual(["mem_rw"]);
    const last = document.order.steps.at(-1)?.converted.objective as number;
    for (const { converted } of document.sites) expect(last).toBeLessThan(converted.objective);
  });

  test("a scenario's own conversions are where it starts", async () => {
    const set = ["--set", "converted=[dma_pin_iovec_pages]"];
    const { document } = await whatif(scenario(3), "--seeds", "2", ...set);
    expect(document.converted).toEqual(["dma_pin_iovec_pages"]);
    expect(document.sites.map(({ site }) => site).sort()).toEqual(["get_user_pages_fast", "ivtv_udma_setup"]);
  });

  test("more than eight sites are taken greedily, and it says so", async () => {
    const { document } = await whatif(scenario(9), "--seed", "1");
    expect(document.sites).toHaveLength(9);
    expect(document.order.method).toBe("greedy");
    expect(document.order.steps).toHaveLength(9);
    expect(document.greedy).toBeNull();
  });

  test("gives the same bytes on two threads", async () => {
    const args = ["whatif", scenario(3), "--seeds", "2", "--format", "json"];
    const [one, two] = [await gupsimAt(100, args), await gupsimAt(100, [...args, "--jobs", "2"])];
    expect(two.out).toBe(one.out);
  });

  test.each([
    [["--variants", "plain"], "plain has no new functions that a site could call: its gup is plain"],
    [["--variants", "v4.0,v5.4"], 'whatif looks at one variant, "v4.0,v5.4" are several'],
    [["--speedup", "2"], '--speedup: expected a factor above 1 and at most 1000x, such as 2x, got "2"'],
    [["--speedup", "1x"], '--speedup: expected a factor above 1 and at most 1000x, such as 2x, got "1x"'],
    [["--metric", "wait"], "--metric wait: expected METRIC:STAT"],
    [
      ["--metric", "op.latency{op=fork}:p99"],
      "--metric op.latency{op=fork}:p99: the run with seed 1 has no sample of it",
    ],
  ])("refuses %j", async (args, message) => {
    const { code, out, err } = await gupsimAt(100, ["whatif", scenario(3), ...args]);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });
});
