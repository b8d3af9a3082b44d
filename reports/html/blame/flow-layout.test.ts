import fc from "fast-check";
import { expect, test } from "vitest";
import type { BlameRow } from "../../documents/blame.ts";
import { columnsAt, flowLayout, partiesOf } from "./flow-layout.ts";
import { flowPicture } from "./flow-picture.ts";

const rowsOf = fc.array(
  fc.record({
    waiter: fc.record({
      mm: fc.constant("m"),
      mode: fc.constantFrom("R" as const, "W" as const),
      role: fc.constantFrom("reader", "vcpu"),
      site: fc.constantFrom("maps", "smaps", "munmap"),
    }),
    carrier: fc.constantFrom("none", "munmap", "mmap"),
    holder: fc.record({
      mode: fc.constantFrom("R" as const, "W" as const, "none" as const),
      role: fc.constant("kworker"),
      site: fc.constantFrom("", "gup", "munmap"),
    }),
    cause: fc.constantFrom("swap", "cpu", "wake-up", "fuse"),
    waits: fc.nat(10),
    sum_ns: fc.integer({ min: 1, max: 1e12 }),
    max_ns: fc.nat(),
  }),
  { minLength: 1, maxLength: 40 },
);

test("in every column the nodes have all the time, and each band lies inside its nodes", () => {
  fc.assert(
    fc.property(rowsOf, (rows: BlameRow[]) => {
      const all = rows.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
      const { nodes, bands } = flowLayout(rows);
      for (const column of columnsAt.keys()) {
        const own = nodes.filter((node) => node.column === column);
        expect(own.reduce((sum, { sum_ns }) => sum + sum_ns, 0)).toBeCloseTo(all, -3);
      }
      expect(bands.reduce((sum, { sum_ns }) => sum + sum_ns, 0)).toBeCloseTo(all, -3);
      for (const band of bands) {
        for (const [column, number] of band.nodes.entries()) {
          const node = nodes[number];
          for (const y of [band.left[column] ?? -1, band.right[column] ?? -1]) {
            expect(y).toBeGreaterThanOrEqual((node?.y ?? 0) - 0.1);
            expect(y + band.thickness).toBeLessThanOrEqual((node?.y ?? 0) + (node?.height ?? 0) + 0.2);
          }
        }
      }
    }),
  );
});

test("a row of the ledger is in one node of each column, which is named after it or holds several small ones", () => {
  fc.assert(
    fc.property(rowsOf, (rows: BlameRow[]) => {
      const { nodes, nodesOf } = flowLayout(rows);
      for (const row of rows) {
        for (const [column, number] of nodesOf(row).entries()) {
          expect(nodes[number]?.column).toBe(column);
          expect([partiesOf(row)[column], nodes[number]?.name]).toSatisfy(
            ([own, shown]: string[]) => own === shown || /^\d+ others$/.test(shown ?? ""),
          );
        }
      }
    }),
  );
});

test("the picture says each node's time and share, and what a band is", () => {
  const row = (site: string, sum_ns: number): BlameRow => ({
    waiter: { mm: "m", mode: "R", role: "proc_reader", site },
    carrier: "vm_munmap",
    holder: { mode: "R", role: "kworker", site: "async_pf_execute" },
    cause: "swap",
    waits: 1,
    sum_ns,
    max_ns: sum_ns,
  });
  const { text } = flowPicture(flowLayout([row("maps", 3_000_000), row("<b>", 1_000_000)]), "plain");
  expect(text).toContain("<title>maps (-R) → vm_munmap → async_pf_execute (-R) → swap: 3.00 ms, 75.0 %</title>");
  expect(text).toContain("<title>async_pf_execute (-R): 4.00 ms · 100 %</title>");
  expect(text).toContain("&lt;b&gt; (-R)");
  expect(text).not.toContain("<b>");
});
