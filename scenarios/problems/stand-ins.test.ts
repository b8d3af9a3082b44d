import { expect, test } from "vitest";
import { callerNames } from "../../sim/callers/callers.ts";
import { loadScenario } from "../load.ts";
import { standInFor } from "./stand-ins.ts";

const messageFor = (call: string): string => {
  try {
    loadScenario("pvm-readv-batch", [`tasks.call={role: mm_call, call: ${call}, mm: target, touch: heap, every: 5ms}`]);
    return "";
  } catch (error) {
    return String((error as Error).message);
  }
};

test.each(["dontdump", "dontfork", "sequential", "random", "mergeable", "dodump"])(
  "MADV_%s is a writer: the message leads to madv_hugepage, not to a reader with a like name",
  (name) => {
    expect(messageFor(`madv_${name}`)).toContain('it changes the mapping, as a writer: "madv_hugepage" stands for it');
    expect(messageFor(`madv_${name}`)).not.toContain("did you mean");
  },
);

test("MADV_FREE and MADV_COLD lead to dontneed and pageout, MADV_REMOVE to nothing", () => {
  expect(messageFor("madv_free")).toContain('"madv_dontneed" stands for it');
  expect(messageFor("madv_cold")).toContain('"madv_pageout" stands for it');
  expect(standInFor("madv_remove", callerNames)).not.toContain("stands for");
});

test("a slip of the keys still has its near name", () => {
  expect(messageFor("madv_hugepag")).toContain('did you mean "madv_hugepage"?');
});
