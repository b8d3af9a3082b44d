import { describe, expect, test } from "vitest";
import { bundledScenarios } from "../../scenarios/library.ts";
import { mailRows } from "../../scenarios/mail-rows.ts";
import { testTitles } from "../support/titles.ts";

const titles = testTitles();

/** The rows that a title names: `(S94-S99, S112)`. */
function named(title: string): string[] {
  return [...title.matchAll(/\bS(\d+)(?:-S(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `S${Number(first) + i}`),
  );
}

describe("the numbered statements of the mail", () => {
  const rows = mailRows();

  test("are S1 to S137, each shown by something", () => {
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 137 }, (_, i) => `S${i + 1}`));
    expect(rows.filter(({ scenarios, tests }) => scenarios.length + tests.length === 0)).toEqual([]);
  });

  test("name scenarios and tests that exist", () => {
    const known = new Set(bundledScenarios().map(({ name }) => name));
    expect(rows.flatMap(({ scenarios }) => scenarios).filter((name) => !known.has(name))).toEqual([]);
    expect(titles.length).toBeGreaterThan(300);
    expect(rows.flatMap(({ tests }) => tests).filter((title) => !titles.includes(title))).toEqual([]);
  });

  test("have every test that names them", () => {
    const missing = titles.flatMap((title) =>
      named(title)
        .filter((row) => !rows.find((one) => one.row === row)?.tests.includes(title))
        .map((row) => `${row}: ${title}`),
    );
    expect(missing).toEqual([]);
  });
});
