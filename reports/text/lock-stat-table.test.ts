import { expect, test } from "vitest";
import { plainStory, smallOutcome } from "../../test/support/small-outcome.ts";
import { lockStatTable } from "./lock-stat-table.ts";

const { metrics } = smallOutcome("plain", plainStory);

test("a wide table has lock_stat's columns, the percentiles and the time held across IO", () => {
  expect(`\n${lockStatTable(metrics, 200).split("\n").slice(0, 6).join("\n")}\n`).toBe(`
class name               contentions  wait-avg  wait-p50  wait-p99  wait-max  wait-total  acquisitions  hold-avg  hold-p50  hold-p99  hold-p99.9  hold-max  hold-total  hold-io
&mm->mmap_sem-W                    1   8.00 ms   8.00 ms   8.00 ms   8.00 ms     8.00 ms             1   2.00 µs   2.00 µs   2.00 µs     2.00 µs   2.00 µs     2.00 µs        -
  role mm_writer                   1   8.00 ms   8.00 ms   8.00 ms   8.00 ms     8.00 ms             1   2.00 µs   2.00 µs   2.00 µs     2.00 µs   2.00 µs     2.00 µs        -
  site vm_munmap                   1   8.00 ms   8.00 ms   8.00 ms   8.00 ms     8.00 ms             1   2.00 µs   2.00 µs   2.00 µs     2.00 µs   2.00 µs     2.00 µs        -
&mm->mmap_sem-R                    1   4.00 ms      0 ns   7.99 ms   7.99 ms     7.99 ms             2   4.01 ms   10.0 µs   8.01 ms     8.01 ms   8.01 ms     8.02 ms  8.00 ms
  role kworker                     0      0 ns      0 ns      0 ns      0 ns        0 ns             1   8.01 ms   8.01 ms   8.01 ms     8.01 ms   8.01 ms     8.01 ms  8.00 ms
`);
});

test("every width from 80 is kept by leaving columns out, never the first ones", () => {
  for (let width = 80; width <= 180; width++) {
    const lines = lockStatTable(metrics, width).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^class name +contentions .*wait-p99 .*acquisitions .*hold-p99/);
  }
});
