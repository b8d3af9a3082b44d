import { expect, test } from "vitest";
import { meanBudget } from "../../sim/study/regression.ts";
import type { Tags } from "../../sim/measure/metrics/metrics.ts";
import { plainStory, smallOutcome, unlockedStory } from "../../test/support/small-outcome.ts";
import { culprit } from "./culprit.ts";

const [plain, unlocked] = [smallOutcome("plain", plainStory).metrics, smallOutcome("unlocked", unlockedStory).metrics];
const of = (metric: string, tags: Tags, metrics = plain): string | null => culprit(meanBudget(metric, tags), metrics);

test("of a hold it is the site and the IO that it slept for", () => {
  expect(of("mmap_sem.hold", { mode: "R" })).toBe("async_pf_execute over swap IO (99.7 % of the hold)");
  expect(of("mmap_sem.hold_io", { mode: "R", class: "swap" })).toBe(
    "async_pf_execute over swap IO (99.7 % of the hold)",
  );
});

test("it is what the tags of the budget are about: another mode or role is not to blame", () => {
  expect(of("mmap_sem.hold", { mode: "W" })).toBe("vm_munmap (100 % of the hold)");
  expect(of("mmap_sem.hold", { role: "proc_reader" })).toBe("show_pid_map (100 % of the hold)");
  expect(of("mmap_sem.hold", { mode: "R" }, unlocked)).toMatch(
    /^(show_pid_map|async_pf_execute) \(50\.0 % of the hold\)$/,
  );
});

test("of a wait it is the holder that was waited for, and what it did", () => {
  expect(of("mmap_sem.wait", { mode: "R", role: "proc_reader" })).toMatch(
    /^async_pf_execute \(-R\) in swap IO \(99\.\d % of the wait\)$/,
  );
  expect(of("op.latency", { role: "proc_reader", op: "maps" })).toContain("async_pf_execute");
});

test("is nobody where nobody waited, and for what is no hold and no wait", () => {
  expect(of("mmap_sem.wait", { mode: "R" }, unlocked)).toBeNull();
  expect(of("mmap_sem.hold", { mode: "R", role: "nobody" })).toBeNull();
  expect(of("vma_lock.hold", {})).toBeNull();
});
