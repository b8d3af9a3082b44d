import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { countWhere, type Metrics, totalWhere } from "../metrics/metrics.ts";
import { RecordedBlame } from "./recorded-blame.ts";

const roles = ["gup", "smaps", "mmapwr"];

/** A story told by tasks gup, smaps and mmapwr, who must appear in this order. */
function blamed(story: string): Metrics {
  const ledger = new RecordedBlame(() => roles.map((role) => ({ comm: role, role })));
  const first = roles.map((role) => `0 ${role} start mm=other mode=R\n0 ${role} got mm=other mode=R`).join("\n");
  feed(ledger, `${first}\n${story}`);
  return ledger.metrics();
}

const causes = (metrics: Metrics): Record<string, number> =>
  Object.fromEntries(
    ["start-to-return", "wake-up", "not-in-trace", "holds"]
      .map((cause) => [cause, totalWhere(metrics, "mmap_sem.blame", { cause }).sum] as const)
      .filter(([, sum]) => sum > 0),
  );

test("a fault that nobody keeps waiting and that returns 2 us late is from start to return, and no contention", () => {
  const metrics = blamed(`
    1000 gup start    mm=m mode=R
    3000 gup got      mm=m mode=R
    8000 gup released mm=m mode=R
  `);
  expect(causes(metrics)).toEqual({ "start-to-return": 2000 });
  expect(countWhere(metrics, "mmap_sem.contentions", {})).toBe(0);
});

test("a writer that waits for a reader is charged to it, and its wake-up after the release to itself", () => {
  const metrics = blamed(`
     1000 gup    start    mm=m mode=R
     1000 gup    got      mm=m mode=R
     2000 mmapwr start    mm=m mode=W
    50000 gup    released mm=m mode=R
    90000 mmapwr got      mm=m mode=W
  `);
  expect(causes(metrics)).toEqual({ holds: 48_000, "wake-up": 40_000 });
  expect(totalWhere(metrics, "mmap_sem.blame", { cause: "holds" }).sum).toBe(
    totalWhere(metrics, "mmap_sem.blame", { holder_role: "gup", role: "mmapwr" }).sum,
  );
  expect(countWhere(metrics, "mmap_sem.contentions", { mode: "W" })).toBe(1);
});

test("a wait during which nobody in the recording has the lock is charged to somebody who is not in it", () => {
  const metrics = blamed(`
        1000 gup    start            mm=m mode=R
        1500 gup    contention_begin mm=m mode=R
    20001500 gup    contention_end   mm=m mode=R
    20002000 gup    got              mm=m mode=R
  `);
  expect(causes(metrics)).toEqual({ "not-in-trace": 20_001_000 });
  expect(totalWhere(metrics, "mmap_sem.blame", { holder_role: "not in this trace" }).sum).toBe(20_001_000);
});

test("more than 1 ms after a release is no wake-up: somebody else had the lock", () => {
  const metrics = blamed(`
        1000 gup    start    mm=m mode=R
        1000 gup    got      mm=m mode=R
        2000 mmapwr start    mm=m mode=W
        3000 gup    released mm=m mode=R
    20003000 mmapwr got      mm=m mode=W
  `);
  expect(causes(metrics)).toEqual({ holds: 1000, "not-in-trace": 20_000_000 });
});

test("where contentions are recorded, a late return without one is none, though another had the lock", () => {
  const metrics = blamed(`
     100 smaps  start            mm=other mode=W
     110 smaps  contention_begin mm=other mode=W
     200 smaps  got              mm=other mode=W
    1000 gup    start            mm=m mode=W
    1000 gup    got              mm=m mode=W
    1500 mmapwr start            mm=m mode=W
    2000 gup    released         mm=m mode=W
    2100 mmapwr got              mm=m mode=W
  `);
  expect(countWhere(metrics, "mmap_sem.contentions", { mm: "m" })).toBe(0);
  expect(countWhere(metrics, "mmap_sem.contentions", { mm: "other" })).toBe(1);
});

test("a reader that waits beside readers waits for the writer that queued before it", () => {
  const behind = blamed(`
    1000 gup    start    mm=m mode=R
    1000 gup    got      mm=m mode=R
    2000 mmapwr start    mm=m mode=W
    3000 smaps  start    mm=m mode=R
    9000 gup    released mm=m mode=R
    9100 mmapwr got      mm=m mode=W
    9200 mmapwr released mm=m mode=W
    9300 smaps  got      mm=m mode=R
  `);
  expect(countWhere(behind, "mmap_sem.contentions", { role: "smaps" })).toBe(1);
  const beside = blamed(`
    1000 gup    start    mm=m mode=R
    1000 gup    got      mm=m mode=R
    3000 smaps  start    mm=m mode=R
    3900 smaps  got      mm=m mode=R
  `);
  expect(countWhere(beside, "mmap_sem.contentions", { role: "smaps" })).toBe(0);
});
