import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { gupsimAt } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-one-value-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a page says, its elements taken away; figures are escaped nowhere. */
const textOf = (page: string): string => page.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

test("a time has one value on the screen, in Markdown and on the page, which begins with the sentence of the screen", async () => {
  const study = ["compare", "kvm-swap", "--set", "duration=60ms", "--seeds", "2", "--out", folder];
  const { out: screen } = await gupsimAt(200, [...study, "--full", "--quiet"]).then(() =>
    gupsimAt(200, ["report", folder]),
  );
  const { out: markdown } = await gupsimAt(200, ["report", folder, "--format", "md"]);
  const page = textOf(readFileSync(join(folder, "report.html"), "utf8").replace(/<script[\s\S]*?<\/script>/g, ""));
  const [, answer = ""] = screen.split("\n");
  expect(answer).toMatch(/^readers wait max ≥ /);
  expect(page).toContain(`${answer.charAt(0).toUpperCase()}${answer.slice(1)}.`);
  for (const name of ["wait-R", "wait-W", "hold-R"]) {
    const [, plain = "", unlocked = ""] =
      new RegExp(`^${name} max +(≥ [\\d.]+ \\S+) +([\\d.]+ \\S+)`, "m").exec(screen) ?? [];
    expect(plain).toMatch(/^≥ /);
    const at = page.indexOf(`${name} plain `);
    const row = page.slice(at, at + 60);
    expect(row).toContain(plain);
    expect(page).toContain(unlocked);
    expect(markdown).toContain(plain);
  }
});
