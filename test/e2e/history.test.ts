import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { gupsimAt, type Said } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-history-"));
afterAll(() => rmSync(folder, { recursive: true }));

const gupsim = (...args: string[]): Promise<Said> => gupsimAt(80, args);
const file = join(folder, "history.jsonl");
const check = ["check", "kvm-swap", "--set", "duration=60ms", "--seeds", "2", "--no-out", "--history", file];

/** A history with a step of 5 % at entry 21: a planted one, whose small ups and downs repeat every seven entries. */
function planted(): string {
  const line = (i: number): string =>
    JSON.stringify({
      schema: "gupsim/history/v1",
      commit: `c${i + 1}`,
      version: "0.1.0",
      scenario: "own",
      scenario_hash: "0",
      variant: "unlocked",
      seeds: ["1"],
      values: { "mmap_sem.wait{mode=R} p99": 1_000_000 * (1 + 0.002 * ((i * 3) % 7)) * (i < 20 ? 1 : 1.05) },
    });
  return Array.from({ length: 40 }, (_, i) => `${line(i)}\n`).join("");
}

describe("check --history", () => {
  test("appends a line a check, with the commit that is given or checked out", async () => {
    await gupsim(...check, "--commit", "abc");
    await gupsim(...check);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(lines.length).toBe(2);
    expect([first.schema, first.commit, first.scenario, first.variant]).toEqual([
      "gupsim/history/v1",
      "abc",
      "kvm-swap",
      "unlocked",
    ]);
    expect(second.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(Object.keys(first.values).length).toBeGreaterThan(2);
    expect(second.values).toEqual(first.values);
    const { out } = await gupsim("history", file);
    expect(out).toContain("= no change point");
  });

  test("refuses a damaged history before it simulates, with file, line and rule", async () => {
    const damaged = join(folder, "damaged.jsonl");
    writeFileSync(damaged, readFileSync(file, "utf8"));
    appendFileSync(damaged, '{"schema":"gupsim/history/v1"');
    const rule = `${damaged}:3: a line of a history is one JSON object, whole`;
    for (const args of [
      [...check.slice(0, -1), damaged],
      ["history", damaged],
    ]) {
      const { code, err, out } = await gupsim(...args);
      expect([code, out, err.includes(rule)]).toEqual([2, "", true]);
    }
    writeFileSync(damaged, planted().replace('"seeds":["1"]', '"seeds":[]'));
    const { code, err } = await gupsim("history", damaged);
    expect([code, err.includes(`${damaged}:1: seeds: `)]).toEqual([2, true]);
  });

  test("without it --commit is refused, and a history that is not there", async () => {
    expect((await gupsim("check", "kvm-swap", "--commit", "abc")).code).toBe(2);
    expect((await gupsim("history", join(folder, "none"))).code).toBe(2);
  });
});

describe("gupsim history", () => {
  test("draws a step of 5 % and says at which commit it is", async () => {
    const own = join(folder, "planted.jsonl");
    writeFileSync(own, planted());
    const { code, out } = await gupsim("history", own);
    expect(code).toBe(0);
    expect(out).toMatch(/▲ .*\(\+5\.00 %\) at c21, entry 21, p = 0\.00100$/m);
    expect(out.split("\n").every((line) => line.length <= 80)).toBe(true);
    const document = JSON.parse((await gupsim("history", own, "--format", "json")).out);
    expect(document.series[0].changes.map(({ entry }: { entry: number }) => entry)).toEqual([21]);
    const csv = (await gupsim("history", own, "--format", "csv")).out.trimEnd().split("\n");
    expect([csv.length, csv[21]]).toEqual([41, expect.stringMatching(/,c21,\d+(\.\d+)?,0\.001$/)]);
  });
});
