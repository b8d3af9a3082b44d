import { describe, expect, test } from "vitest";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { runScenario } from "../../sim/run.ts";
import type { Device, Scenario, Schedule } from "../../sim/scenario.ts";
import type { TaskGroup } from "../../sim/roles/roles.ts";
import type { Listener } from "../../sim/trace/trace.ts";
import { constant, disk, smallScenario, swapped } from "../support/small-scenario.ts";

const ms = 1_000_000;
const every = (ns: number, more: Partial<Schedule> = {}): Schedule => ({ kind: "every", law: constant(ns), ...more });

/** When each operation began, by task, and which page it touched, of a run of 10 ms. */
function began(tasks: Record<string, TaskGroup>, changes: Partial<Scenario> = {}): { task: string; time: number }[] {
  const seen: { task: string; time: number }[] = [];
  const scenario = smallScenario(tasks, { duration_ns: 10 * ms, ...changes });
  const listener: Listener = {
    hears: {
      op_begin: (e, all) => seen.push({ task: all[e.task]?.comm ?? "", time: e.time }),
    },
  };
  runScenario(scenario, parseVariant("v6.18"), "1", [listener]);
  return seen;
}

function toucher(schedule: Schedule, more: { count?: number; order?: "sequential" | "shared" } = {}): TaskGroup {
  const { count = 1, order = "sequential" } = more;
  return { role: "user_thread", mm: "mm", touch: "ram", order, write: 0, access: "user", count, schedule };
}

const resident = { mms: { mm: { vmas: { ram: swapped({ resident: 1 }) }, other_vmas: 0, arg_start: null } } };

describe("when a task does its operations", () => {
  test("a sleep ends after the timer slack, and a real-time task has none", () => {
    const [lazy] = began({ t: toucher(every(ms, { slack_ns: 50_000, start_ns: ms })) }, resident);
    const [punctual] = began({ t: toucher(every(ms, { slack_ns: 0, start_ns: ms })) }, resident);
    expect([lazy?.time, punctual?.time]).toEqual([ms + 50_000, ms]);
  });

  test("a schedule that is behind goes on after slack, not after a nanosecond", () => {
    // Each miss takes the disk 1 ms, and the next was to begin after 0.1 ms.
    const times = began({ t: toucher(every(100_000, { slack_ns: 50_000, start_ns: 0 })) }).map(({ time }) => time);
    const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_050_000);
  });

  test("a task may begin at a time, and do one thing once", () => {
    const seen = began({ t: toucher(every(ms, { start_ns: 3 * ms, once: true })) }, resident);
    expect(seen).toEqual([{ task: "t", time: 3 * ms }]);
  });

  test("tasks with one cursor touch each page once between them", () => {
    const pages: number[] = [];
    const tasks = { t: toucher(every(200_000), { count: 2, order: "shared" }) };
    const listener: Listener = {
      hears: { io_submit: (e) => pages.push(e.page) },
    };
    runScenario(smallScenario(tasks, { duration_ns: 10 * ms }), parseVariant("v6.18"), "1", [listener]);
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.toSorted((a, b) => a - b)).toEqual(pages.map((_, i) => i));
  });
});

describe("a server that is one thread with a delay queue", () => {
  const served = (device: Partial<Device>, vma: Parameters<typeof swapped>[0]) => {
    const devices = { disk: disk({ latency: constant(5 * ms), delay_queue: true, ...device }) };
    const mms = { mm: { vmas: { ram: swapped(vma) }, other_vmas: 0, arg_start: null } };
    const ends: number[] = [];
    const servers = new Set<number>();
    const listener: Listener = {
      hears: {
        op_end: (e) => ends.push(e.time),
        work_begin: (e) => servers.add(e.task),
      },
    };
    const tasks = { t: toucher(every(100 * ms, { start_ns: 0 }), { count: 4 }) };
    runScenario(smallScenario(tasks, { devices, mms, duration_ns: 30 * ms }), parseVariant("v6.18"), "1", [listener]);
    return { ends, servers: servers.size };
  };

  test.each([
    ["fuse", "file"],
    ["userfaultfd", "anon"],
  ] as const)("of a %s device serves four requests in the time of one", (kind, vma) => {
    const { ends, servers } = served({ kind }, { kind: vma, random: true });
    expect(servers).toBe(1);
    expect(ends).toHaveLength(4);
    // 5 ms, and 50 us of slack.
    for (const end of ends) expect(end).toBeGreaterThanOrEqual(5_050_000);
    for (const end of ends) expect(end).toBeLessThan(5_200_000);
  });
});
