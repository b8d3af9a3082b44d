import { describe, expect, test } from "vitest";
import type { Device, Scenario } from "../../sim/scenario.ts";
import type { GupCaller } from "../../sim/roles/gup-caller.ts";
import { disk, Lines, run, smallScenario, swapped } from "../support/small-scenario.ts";

const caller = (site: string, more: Partial<GupCaller> = {}): GupCaller => ({
  role: "gup_caller",
  site,
  form: "before",
  vmas: false,
  count: 1,
  schedule: { kind: "think", law: { kind: "exponential", mean_ns: 500_000 } },
  mm: "mm",
  touch: "ram",
  order: "random",
  pages: 1,
  ...more,
});

const device = (changes: Partial<Device>, ram = swapped({ pages: 4096 })): Partial<Scenario> => ({
  devices: { disk: disk({ latency: { kind: "lognormal", p50_ns: 1_000_000, p99_ns: 5_000_000 }, ...changes }) },
  mms: { mm: { vmas: { ram }, other_vmas: 0, arg_start: null } },
});

/** The sleeps of a task for IO, ns, in their order. */
function sleeps(scenario: Scenario, task: string): number[] {
  const lines = new Lines((e) => e.kind === "sleep" || e.kind === "wake");
  run(scenario, "plain", [lines]);
  const times = lines.lines.filter((line) => line.split(" ")[1] === task).map((line) => Number(line.split(" ")[0]));
  return times.flatMap((at, i) => (i % 2 === 1 ? [at - (times[i - 1] as number)] : []));
}

describe("io_speedup", () => {
  const one = { tape: caller("sgl_map_user_pages") };
  const faster = { io_speedup: { sgl_map_user_pages: 2 } };
  // A wait begins when the IO has been submitted, and the first of them are of the same pages in both runs.
  const halves = (changes: Partial<Scenario>, overhead: number): void => {
    const before = sleeps(smallScenario(one, changes), "tape");
    const after = sleeps(smallScenario(one, { ...changes, ...faster }), "tape");
    expect(before.length).toBeGreaterThan(30);
    for (const [i, ns] of before.slice(0, 20).entries()) {
      expect(Math.abs((after[i] as number) - overhead - (ns - overhead) / 2)).toBeLessThan(2);
    }
  };

  test("halves each IO of the site on a disk, with the same draws", () => {
    halves(device({}), 0);
  });

  test("of an IO that queues at the disk it halves the service", () => {
    const tasks = { tape: caller("sgl_map_user_pages"), other: caller("ivtv_udma_setup", { count: 4 }) };
    const queue = device({ depth: 1, latency: { kind: "constant", value_ns: 1_000_000 } });
    const busy = (more: Partial<Scenario>): number => {
      const lines = new Lines((e) => e.kind === "io_complete");
      run(smallScenario(tasks, { ...queue, ...more }), "unlocked", [lines]);
      return lines.lines.length;
    };
    // A disk that is never idle gets more done, and more the more of its work is faster.
    const both = { io_speedup: { sgl_map_user_pages: 2, ivtv_udma_setup: 2 } };
    const [none, some, all] = [busy({}), busy(faster), busy(both)] as [number, number, number];
    expect(none).toBeGreaterThan(95);
    expect(some).toBeGreaterThan(none + 3);
    expect(all).toBeGreaterThan(1.8 * none);
  });

  test("leaves the sites that are not named alone", () => {
    const other = { io_speedup: { ivtv_udma_setup: 2 } };
    expect(sleeps(smallScenario(one, { ...device({}), ...other }), "tape")).toEqual(
      sleeps(smallScenario(one, device({})), "tape"),
    );
  });

  test("halves the decompression of zram", () => {
    const changes = device({ kind: "zram" });
    const held = (more: Partial<Scenario>): number[] => {
      const lines = new Lines((e) => e.kind === "mmap_lock_acquire_returned" || e.kind === "mmap_lock_released");
      run(smallScenario(one, { ...changes, ...more }), "plain", [lines]);
      const times = lines.lines.map((line) => Number(line.split(" ")[0]));
      return times.flatMap((at, i) => (i % 2 === 1 ? [at - (times[i - 1] as number)] : []));
    };
    const [before, after] = [held({}), held(faster)];
    const rest = 2 * (after[0] as number) - (before[0] as number);
    expect(rest).toBeGreaterThan(0);
    for (const [i, ns] of before.slice(0, 20).entries()) {
      expect(Math.abs((after[i] as number) - rest - (ns - rest) / 2)).toBeLessThan(2);
    }
  });

  test.each([
    ["fuse", swapped({ pages: 4096, kind: "file", random: true })],
    ["userfaultfd", swapped({ pages: 4096 })],
  ] as const)("halves the service of a %s server", (kind, ram) => {
    const latency = { kind: "constant", value_ns: 1_000_000 } as const;
    const tasks = { tape: caller("sgl_map_user_pages", { form: "merged" }) };
    const served = (more: Partial<Scenario>): number[] => {
      const lines = new Lines((e) => e.kind === "sleep" || e.kind === "wake");
      const scenario = smallScenario(tasks, { ...device({ kind, latency }, ram), ...more });
      run(scenario, "v6.18", [lines]);
      const of = lines.lines.filter((line) => line.includes(" service "));
      const times = of.map((line) => Number(line.split(" ")[0]));
      return times.flatMap((at, i) => (i % 2 === 1 ? [at - (times[i - 1] as number)] : []));
    };
    expect(new Set(served({}))).toEqual(new Set([1_000_000]));
    expect(new Set(served(faster))).toEqual(new Set([500_000]));
  });
});
