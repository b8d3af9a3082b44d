import { expect, test } from "vitest";
import { queuedStory, storyWindow } from "../../../test/support/picture-data.ts";
import { unlockedStory } from "../../../test/support/small-outcome.ts";
import { timeTicks } from "./strip.ts";
import { longestWords, timelineCaption, timelineTitle } from "./timeline.ts";
import { lanesOf } from "./timeline-lanes.ts";

test("the strip says who waited longest, for whom, and what that one was doing", () => {
  const window = storyWindow(queuedStory, 0, 9_000_000);
  expect(timelineTitle(window)).toBe("kvm-swap, plain: 9.00 ms of its mmap_sem");
  expect(longestWords(window, lanesOf(window).longest)).toEqual([
    "longest wait: proc_reader in show_pid_map (-R), 7.99 ms; 99.9 % of it is kworker in async_pf_execute (-R) in swap IO, behind the queued writer",
    "  mm_writer",
  ]);
  const quiet = storyWindow(unlockedStory, 0, 9_000_000);
  expect(longestWords(quiet, lanesOf(quiet).longest)).toEqual(["nobody waited"]);
});

test("what is not shown is told in words", () => {
  const window = storyWindow(queuedStory, 0, 9_000_000, 7);
  const lanes = lanesOf(window);
  expect(
    timelineCaption({ ...window, tasks: [...window.tasks, { comm: "idle", role: "idle" }] }, lanes, 1, 0).join(" "),
  ).toBe(
    "1 more task with the lock not shown; 1 more lock not shown; the last 8 events of the window were not kept; 2 tasks without the lock " +
      "left out;   gupsim, scenario kvm-swap, variant plain, seed 1, times since its start",
  );
});

test("ticks are round times of the run, as precise as they are close", () => {
  const labels = (from: number, to: number): string[] => timeTicks({ from, to }).map(({ label }) => label);
  expect(labels(1_538_164_505, 1_587_532_258)).toEqual(["1,540 ms", "1,550 ms", "1,560 ms", "1,570 ms", "1,580 ms"]);
  expect(labels(944_130_000, 944_250_000).slice(0, 2)).toEqual(["944.14 ms", "944.16 ms"]);
  expect(labels(0, 800)).toEqual([
    "0.0 µs",
    "0.1 µs",
    "0.2 µs",
    "0.3 µs",
    "0.4 µs",
    "0.5 µs",
    "0.6 µs",
    "0.7 µs",
    "0.8 µs",
  ]);
});
