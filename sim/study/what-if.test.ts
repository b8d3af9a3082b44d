import { describe, expect, test } from "vitest";
import { smallScenario } from "../../test/support/small-scenario.ts";
import { Histogram } from "../measure/metrics/histogram.ts";
import { emptyMetrics } from "../measure/metrics/metrics.ts";
import type { GupCaller } from "../roles/gup-caller.ts";
import { effectOf, holdingSites, interactionOf, withConverted, withFasterIo } from "./what-if.ts";

const tape: GupCaller = {
  role: "gup_caller",
  site: "sgl_map_user_pages",
  form: "before",
  vmas: false,
  count: 1,
  schedule: { kind: "think", law: { kind: "constant", value_ns: 1 } },
  mm: "mm",
  touch: "ram",
  order: "random",
  pages: 1,
};

describe("changes to a scenario", () => {
  const scenario = smallScenario({ tape, fb: { ...tape, site: "pvr2fb_write" } }, { io_speedup: { pvr2fb_write: 3 } });

  test("a site that is converted takes its merged form, the others keep theirs", () => {
    const { tasks, converted } = withConverted(scenario, ["sgl_map_user_pages"]);
    expect(converted).toEqual(["sgl_map_user_pages"]);
    expect([tasks.tape, tasks.fb]).toMatchObject([{ form: "merged" }, { form: "before" }]);
  });

  test("faster IO for one site comes on top of what the scenario says", () => {
    const { io_speedup } = withFasterIo(scenario, "sgl_map_user_pages", 2);
    expect(io_speedup).toEqual({ pvr2fb_write: 3, sgl_map_user_pages: 2 });
  });
});

describe("the sites that hold the lock across IO", () => {
  const metrics = emptyMetrics();
  const holds = (site: string, ioClass: string, ns: number): void => {
    const histogram = new Histogram();
    histogram.record(ns);
    metrics.histograms.set(`mmap_sem.hold_io{class=${ioClass},mm=mm,mode=R,role=r,site=${site}}`, histogram);
  };
  holds("mem_rw", "swap", 5000);
  holds("async_pf_execute", "swap", 1000);
  holds("async_pf_execute", "file", 2000);
  holds("sgl_map_user_pages", "swap", 7000);
  holds("show_pid_map", "reclaim", 9000);
  metrics.counts.set("gup.call{call=get_user_pages_unlocked,site=async_pf_execute}", 2);
  metrics.counts.set("gup.call{call=get_user_pages,site=mem_rw}", 2);
  metrics.counts.set("gup.call{call=get_user_pages,site=sgl_map_user_pages}", 2);
  const merged = new Set(["sgl_map_user_pages"]);
  const found = (scenario: ReturnType<typeof smallScenario>) => holdingSites(scenario, metrics, 500_000_000, merged);

  test("come longest first, a second of simulated time, and reclaim is not IO that a conversion lets go for", () => {
    expect(found(smallScenario({ tape }))).toEqual([
      { site: "sgl_map_user_pages", hold_io_ns: 14_000, convertible: true },
      { site: "mem_rw", hold_io_ns: 10_000, convertible: false },
      { site: "async_pf_execute", hold_io_ns: 6000, convertible: true },
    ]);
  });

  test("what is converted already is not converted again", () => {
    const scenario = smallScenario({ tape }, { converted: ["async_pf_execute"] });
    expect(found(scenario).find(({ site }) => site === "async_pf_execute")?.convertible).toBe(false);
  });

  test("a site whose merged form still holds the lock cannot be converted", () => {
    const scenario = smallScenario({ gru: { ...tape, site: "non_atomic_pte_lookup" } });
    expect(found(scenario).find(({ site }) => site === "sgl_map_user_pages")?.convertible).toBe(false);
  });
});

describe("effects", () => {
  test("are taken seed by seed: what the seeds share drops out", () => {
    const { objective, change, is_certain } = effectOf([100, 200, 300], [91, 190, 289]);
    expect(objective).toBe(190);
    expect(change.point).toBe(-10);
    expect(change.high).toBeLessThan(0);
    expect(is_certain).toBe(true);
    expect(effectOf([100, 200, 300], [91, 230, 260]).is_certain).toBe(false);
  });

  test("of a single seed are never certain, and none is none", () => {
    expect(effectOf([100], [50]).is_certain).toBe(false);
    expect(effectOf([100, 200], [100, 200])).toMatchObject({ change: { point: 0 }, is_certain: false });
  });

  test("of two that help only together are more than the sum", () => {
    const { surplus, together } = interactionOf([10, 20], [10, 20], [9, 19], [2, 12]);
    expect([surplus.point, together]).toEqual([7, "more"]);
  });

  test("of two that do the same are less than the sum", () => {
    expect(interactionOf([10, 20], [5, 15], [5, 15], [5, 15])).toMatchObject({
      surplus: { point: -5 },
      together: "less",
    });
  });

  test("that may be chance are not told apart from the sum", () => {
    expect(interactionOf([10, 20], [5, 15], [5, 15], [4, 6]).together).toBeNull();
  });
});
