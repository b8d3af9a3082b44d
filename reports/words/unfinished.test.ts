import { expect, test } from "vitest";
import { addCount, emptyMetrics } from "../../sim/measure/metrics/metrics.ts";
import { unfinishedLines } from "./unfinished.ts";

test("operations that failed, missed slots and what is open at the end are told by role and operation", () => {
  const metrics = emptyMetrics();
  expect(unfinishedLines(metrics)).toEqual([]);
  addCount(metrics, "op.failed{op=touch,role=kvm_vcpu}", 574_655);
  addCount(metrics, "op.count{op=touch,role=user_thread}", 7);
  addCount(metrics, "op.missed{op=maps,role=proc_reader}", 3);
  addCount(metrics, "op.open{op=maps,role=proc_reader}", 2);
  addCount(metrics, "mmap_sem.hold_open{mm=a,mode=R,role=x,site=y}", 1);
  expect(unfinishedLines(metrics)).toEqual([
    "operations failed: kvm_vcpu touch 574,655 of 574,655",
    "operations slots missed: proc_reader maps 3",
    "operations not ended: proc_reader maps 2",
    "at the end 1 hold and 0 waits of mmap_sem had not ended",
  ]);
});
