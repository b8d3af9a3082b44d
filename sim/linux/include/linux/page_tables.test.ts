import fc from "fast-check";
import { expect, test } from "vitest";
import { page_tables } from "./page_tables.ts";

const kinds = { isOccupied: (pte: number) => pte !== 0, isReadable: (pte: number | undefined) => pte === 1 };

test("counts that are kept up are those of a new count", () => {
  const write = fc.tuple(fc.nat(2047), fc.nat(2));
  fc.assert(
    fc.property(fc.array(write, { maxLength: 60 }), fc.nat(2047), fc.nat(2047), (writes, first, pages) => {
      const kept = new page_tables(2048, kinds);
      kept.contents();
      const fresh = new page_tables(2048, kinds);
      for (const [index, value] of writes) for (const tables of [kept, fresh]) tables.set(index, value);
      // A page table stays when it is empty, which only the one who saw it full knows.
      const { entries, partEntries, present } = kept.contents(first, pages);
      expect({ entries, partEntries, present }).toEqual(
        (({ entries, partEntries, present }) => ({ entries, partEntries, present }))(fresh.contents(first, pages)),
      );
    }),
  );
});

test("a huge page is one thing until a part of it goes, and then a page table", () => {
  const tables = new page_tables(1024, kinds);
  tables.pte.fill(1);
  tables.makeHuge(3);
  expect(tables.contents()).toMatchObject({ hugePages: 1, tables: 1, entries: 512, present: 512 });
  tables.set(7, 0);
  expect(tables.contents()).toMatchObject({ hugePages: 0, tables: 2, slots: 1024, entries: 1023 });
});

test("what is not there as a whole is no huge page, and a hole has no page table", () => {
  const tables = new page_tables(1024, kinds);
  tables.set(0, 1);
  tables.makeHuge(0);
  expect(tables.contents()).toMatchObject({ hugePages: 0, tables: 1, slots: 512, entries: 1 });
  tables.set(0, 0);
  expect(tables.contents()).toMatchObject({ tables: 1, entries: 0 });
});
