import { expect, test } from "vitest";
import { emptyMetrics } from "../../sim/measure/metrics/metrics.ts";
import { Histogram } from "../../sim/measure/metrics/histogram.ts";
import { plainStory, smallOutcome } from "../../test/support/small-outcome.ts";
import { lockStatTable } from "./lock-stat-table.ts";
import { log2Histogram } from "./log2-histogram.ts";

const { metrics } = smallOutcome("plain", plainStory);

/** Readers' waits of these lengths, and a hold of 1 us for each. */
function waits(of: readonly number[]) {
  const [wait, hold] = [new Histogram(), new Histogram()];
  for (const ns of of) {
    wait.record(ns);
    hold.record(1000);
  }
  const made = emptyMetrics();
  made.histograms.set("mmap_sem.wait{mode=R}", wait);
  made.histograms.set("mmap_sem.hold{mode=R}", hold);
  return made;
}

/** A cell of the readers' row of the whole table. */
function cell(of: ReturnType<typeof waits>, head: string): string | undefined {
  const [heads = "", ...rows] = lockStatTable(of, 300).split("\n");
  const at = heads.split(/\s{2,}/).indexOf(head);
  return rows.find((row) => row.startsWith("&mm->mmap_sem-R"))?.split(/\s{2,}/)[at];
}

test("a wide table has lock_stat's columns, the percentiles and the time held across IO", () => {
  expect(`\n${lockStatTable(metrics, 200).split("\n").slice(0, 6).join("\n")}\n`).toBe(`
class name               contentions  wait-max  wait-total  wait-avg  wait-p50  wait-p99  acquisitions  hold-max  hold-total  hold-avg  hold-p50  hold-p99  hold-p99.9  hold-io
&mm->mmap_sem-W                    1   8.00 ms     8.00 ms   8.00 ms         -         -             1   2.00 µs     2.00 µs   2.00 µs         -         -           -        -
  role mm_writer                   1   8.00 ms     8.00 ms   8.00 ms         -         -             1   2.00 µs     2.00 µs   2.00 µs         -         -           -        -
  site vm_munmap                   1   8.00 ms     8.00 ms   8.00 ms         -         -             1   2.00 µs     2.00 µs   2.00 µs         -         -           -        -
&mm->mmap_sem-R                    1   7.99 ms     7.99 ms   7.99 ms         -         -             2   8.01 ms     8.02 ms   4.01 ms         -         -           -  8.00 ms
  role kworker                     0      0 ns        0 ns         -         -         -             1   8.01 ms     8.01 ms   8.01 ms         -         -           -  8.00 ms
`);
});

test("every width from 80 is kept by leaving columns out, never a count or a maximum, and what is left out is said", () => {
  for (let width = 80; width <= 180; width++) {
    const lines = lockStatTable(metrics, width).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^class name +contentions .*wait-max .*acquisitions .*hold-max/);
    if (!lines[0]?.includes("hold-p99 ")) expect(lines.slice(-3).join(" ")).toMatch(/no room for .*hold-p99/);
  }
});

test("where not even these have room, each row is a paragraph of them", () => {
  const lines = lockStatTable(metrics, 40).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.join(" ").replace(/\s+/g, " ")).toContain(
    "&mm->mmap_sem-R contentions 1 wait-max 7.99 ms acquisitions 2 hold-max 8.01 ms",
  );
});

test("the average wait is that of those who waited, as seq_lock_time() has it, and the histogram below says the same", () => {
  const of = waits([...Array(999).fill(0), 1000, 3000]);
  expect(cell(of, "wait-avg")).toBe("2.00 µs");
  const wait = of.histograms.get("mmap_sem.wait{mode=R}") as Histogram;
  expect(log2Histogram(wait, "above-zero")).toContain("avg = 2000 nsecs");
});

test("a percentile is only told when ten samples lie above it", () => {
  const of = (n: number) => waits(Array(n).fill(500));
  expect([cell(of(999), "wait-p99"), cell(of(1000), "wait-p99")]).toEqual(["-", "500 ns"]);
  expect([cell(of(9999), "hold-p99.9"), cell(of(10_000), "hold-p99.9")]).toEqual(["-", "1.00 µs"]);
});
