import { paired } from "../../sim/spans/paired.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { WindowRecorder } from "../../sim/measure/window/event-window.ts";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { runScenario } from "../../sim/run.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { chromeTrace } from "../../traces/chrome-trace.ts";
import { type ChromeFile, faultsOf, slicesOf, threadNames } from "../support/chrome-timeline.ts";
import { randomScenario, randomVariant } from "../support/random-scenario.ts";

const stamp = { version: "0.0.0" };

function record(scenario: Scenario, variant: string, [from, to]: readonly [number, number], limit = 100_000) {
  const [recorder, stat] = [new WindowRecorder(from, to, limit), new LockStat([])];
  runScenario(scenario, parseVariant(variant), "1", paired([recorder, stat]), { moveLimit: 300_000 });
  return { window: recorder.window(scenario.name, variant, "1"), stat };
}

function exported(window: EventWindow): ChromeFile {
  return JSON.parse(chromeTrace(window, stamp)) as ChromeFile;
}

const stretch = fc
  .tuple(fc.integer({ min: 0, max: 20_000_000 }), fc.integer({ min: 1, max: 20_000_000 }))
  .map(([from, length]): readonly [number, number] => [from, from + length]);
const limit = fc.constantFrom(10, 200, 100_000);

test("the timeline of any window nests, and each of its arrows has two ends inside slices", () => {
  const seen = { arrows: 0, lanes: 0, marks: 0, cut: 0 };
  fc.assert(
    fc.property(randomScenario, randomVariant, stretch, limit, (scenario, variant, part, most) => {
      const { window } = record(scenario, variant, part, most);
      const file = exported(window);
      expect(faultsOf(file)).toEqual([]);
      seen.arrows += file.traceEvents.filter(({ ph }) => ph === "s").length;
      seen.marks += file.traceEvents.filter(({ ph }) => ph === "i").length - 1;
      seen.lanes += [...threadNames(file).values()].filter((name) => / [2-9]$/.test(name)).length;
      seen.cut += window.left_out;
    }),
    { numRuns: 120 },
  );
  for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(0);
});

test("the holds and waits of a whole run are those of lock_stat, to the nanosecond", () => {
  fc.assert(
    fc.property(randomScenario, randomVariant, (scenario, variant) => {
      const { window, stat } = record(scenario, variant, [0, 1_000_000_000], 1_000_000);
      const slices = slicesOf(exported(window));
      const { histograms } = stat.metrics();
      for (const mode of ["R", "W"]) {
        const drawn = (cat: string, pid: number): number => {
          const ended = slices.filter(({ event: { args, ...event } }) => {
            return (
              event.pid === pid &&
              event.cat === cat &&
              args.mode === mode &&
              "lock" in args &&
              !("mm" in args) &&
              !("ends_ns" in args)
            );
          });
          return ended.reduce((sum, { event: { args } }) => sum + Number(args.ns), 0);
        };
        expect(drawn("hold", 2)).toBe(histograms.get(`mmap_sem.hold{mode=${mode}}`)?.sum);
        expect(drawn("wait", 1)).toBe(histograms.get(`mmap_sem.wait{mode=${mode}}`)?.sum);
      }
    }),
    { numRuns: 60 },
  );
});

test("kvm-swap plain: a writer waits for the hold of an async page fault, which is in swap IO, and that lets it in", () => {
  const { window } = record(loadScenario("kvm-swap").scenario, "plain", [520_000_000, 590_000_000]);
  const file = exported(window);
  expect(faultsOf(file)).toEqual([]);
  const names = [...threadNames(file).values()];
  expect(names).toEqual(
    expect.arrayContaining([...window.tasks.map(({ comm }) => comm), "qemu mmap_sem W", "swapdev 1", "async_pf 1"]),
  );
  const arrows = new Set(file.traceEvents.filter(({ ph }) => ph === "s").map(({ name }) => name));
  expect([...arrows].sort()).toEqual(["is in IO", "lets in", "waits for"]);
  const causes = slicesOf(file)
    .filter(({ event }) => event.cat === "wait")
    .map(({ event }) => event.args.cause);
  expect(causes).toContain("swap");
});
