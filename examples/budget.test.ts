// A hold-time budget among the tests of a project of yours.
import { check } from "gupsim";
import { expect, test } from "vitest";

test("no reader of kvm-swap holds mmap_sem for a tenth of a second, nor any over IO", async () => {
  const { rows, passed } = await check("kvm-swap", {
    set: ["duration=200ms"],
    variant: "v6.18",
    budgets: [
      { metric: "mmap_sem.hold{mode=R}", assert: "max <= 100ms" },
      { metric: "mmap_sem.hold_io{mode=R}", assert: "count == 0" },
    ],
  });
  expect(rows.filter((row) => !row.passed)).toEqual([]);
  expect(passed).toBe(true);
});
