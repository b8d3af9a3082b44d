import { expect, test } from "vitest";
import { columnName, parseStatistic } from "./statistic.ts";

test("mmap_lock, the name since v5.8, is read as mmap_sem, under which documents keep it", () => {
  const wait = parseStatistic("mmap_lock.wait{mode=R}", "p99");
  expect(wait).toEqual(parseStatistic("mmap_sem.wait{mode=R}", "p99"));
  expect(columnName(wait)).toBe("mmap_sem.wait{mode=R}:p99");
});
