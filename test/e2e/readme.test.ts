import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Declared } from "../../bin/cli/options.ts";
import { commands } from "../../bin/commands/commands.ts";
import { gupsimAt, type Said } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The commands of the README, without their remarks, which stand behind two spaces. */
const shown = [...readme.matchAll(/^npx gupsim ([^\n]*)$/gm)].map(([, line = ""]) =>
  (line.split(/ {2,}/)[0] as string).trim(),
);

const gupsim = (args: readonly string[]): Promise<Said> => gupsimAt(100, args);

/** The words of a command, with files of ours for those that the README only names. */
async function wordsOf(command: string): Promise<string[]> {
  const names: Record<string, string> = {
    FILE: join(folder, "my-scenario.yaml"),
    "budgets.yaml": join(folder, "budgets.yaml"),
    "gupsim-out/out.xml": join(folder, "out.xml"),
    "gupsim-out/base.json": join(folder, "base.json"),
    "A/result.json": join(folder, "A/result.json"),
    "B/result.json": join(folder, "B/result.json"),
    "gupsim-out/kvm-swap/compare": join(folder, "A"),
    "gupsim-out/history.jsonl": join(folder, "history.jsonl"),
    "gupsim-out/slope": join(folder, "slope"),
  };
  const words = command.split(" ").map((word) => names[word] ?? word);
  const [name = ""] = words;
  // Without an argument it takes what the last command left where the README is tried.
  if (name === "report" && words[1]?.startsWith("-")) words.splice(1, 0, join(folder, "A"));
  if (name === "init") return [...words, join(folder, "new")];
  if (name === "metastable") return [...words, "--seeds", "1"];
  const options = await optionsOf(name);
  if (!("set" in options && "seeds" in options) || command.includes("result.json")) return words;
  const shorter = ["--set", "duration=60ms"];
  return [...words, ...shorter, ...(options.out?.refused === undefined ? [] : ["--no-out"])];
}

/** What a command takes: one with `--set` and `--seeds` simulates, here for a shorter time. */
async function optionsOf(name: string): Promise<Declared> {
  const row = commands.find(({ usage }) => usage.split(" ")[0] === name);
  return row === undefined ? {} : (await row.load()).default.options;
}

test("what the README shows of the first command is what it prints, at most 24 lines", async () => {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    scripts: { start: string };
  };
  const args = scripts.start.replace("node dist/bin/gupsim.js ", "").split(" ");
  const out = join(folder, "start");
  const said = await gupsimAt(80, [...args, "--out", out]);
  const lines = said.out.replaceAll(/\s+/g, " ").replace(out, "gupsim-out/kvm-swap/compare").trim();
  const shownLines =
    /to `gupsim-out\/kvm-swap\/compare\/`:\n\n([\s\S]*?)\n\n`--full`/.exec(readme)?.[1]?.split("\n") ?? [];
  expect(shownLines.join(" ").replaceAll(/\s+/g, " ").trim()).toBe(lines);
  expect(shownLines.length).toBeLessThanOrEqual(24);
  for (const line of shownLines) expect(line.length).toBeLessThanOrEqual(84);
});

describe("the commands of the README", () => {
  beforeAll(async () => {
    expect((await gupsim(["init", folder])).code).toBe(0);
    for (const side of ["A", "B"]) {
      const run = [
        "run",
        join(folder, "my-scenario.yaml"),
        "--seeds",
        "3",
        "--set",
        "duration=150ms",
        "--out",
        join(folder, side),
      ];
      expect((await gupsim(run)).code).toBe(0);
    }
  });

  test("are there, and the first two are the ones for a fresh machine", () => {
    expect(shown.length).toBeGreaterThan(20);
    expect(/```\n(.*)\n(.*)\n```/.exec(readme)?.slice(1)).toEqual(["npm ci && npm start", "npm ci && npm test"]);
  });

  test("are of all kinds that there are, but those for editors and for files of one's own", () => {
    const names = new Set(shown.map((command) => command.split(" ")[0]));
    const unnamed = commands.map(({ usage }) => usage.split(" ")[0] as string).filter((name) => !names.has(name));
    expect(unnamed).toEqual(["validate", "schema", "trace"]);
  });

  test.each(shown.filter((command) => command !== "agree"))("%s", async (command) => {
    const { code, out, err } = await gupsim(await wordsOf(command));
    // A budget that is exceeded, or of which a run of 60 ms says too little.
    const allowed = command.startsWith("check") ? [0, 1, 3] : [0];
    expect([command, allowed.includes(code), err.includes("a bug of ours")]).toEqual([command, true, false]);
    expect((out + err).length).toBeGreaterThan(20);
  });
});
