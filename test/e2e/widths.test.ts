import { describe, expect, test } from "vitest";
import { commands } from "../../bin/commands/commands.ts";
import { gupsimAt } from "../support/gupsim.ts";

/** What is printed of what is known, not of a simulation. */
const told = [
  "list",
  "list --mail-rows",
  "sites",
  "sites --calls",
  "sites --matrix",
  "describe kvm-swap",
  "describe --presets",
  "describe --preset v6.18",
  "describe --keys",
  "metrics",
  "explain",
  "explain locked",
  "agree real-v9-holder --seeds 1",
];

/** Lines that are too wide though they could be broken: a word, a path or a value of JSON cannot. */
function tooWide(text: string, width: number): string[] {
  return text.split("\n").filter((line) => line.length > width && / /.test(line.trim()) && !/\S\/\S|["[{]/.test(line));
}

describe.each([40, 80, 200])("at %i columns no line is wider than the terminal", (width) => {
  test.each(told)("of %s", async (args) => {
    const { out, err } = await gupsimAt(width, args.split(" "));
    expect([tooWide(out, width), err]).toEqual([[], ""]);
    expect(out.length).toBeGreaterThan(50);
  });
});

test("of review neither, on a terminal of 80 columns", async () => {
  const { out } = await gupsimAt(80, ["review"]);
  expect(tooWide(out, 80)).toEqual([]);
});

describe("the help of a command", () => {
  test.each(commands.map(({ usage, example }) => [usage.split(" ")[0] as string, example]))(
    "%s has an example of it, by -h too, and fits a terminal of 80 columns",
    async (name, example) => {
      expect(example.split(" ")[0]).toBe(name);
      const [long, short] = [await gupsimAt(80, [name, "--help"]), await gupsimAt(80, [name, "-h"])];
      expect(long).toEqual(short);
      expect(long).toMatchObject({ code: 0, err: "" });
      expect(long.out.replaceAll(/\s+/g, " ")).toContain(`Examples: gupsim ${example}`);
      expect(tooWide(long.out, 80)).toEqual([]);
    },
  );
});

describe("completion", () => {
  test.each([
    ["bash", "complete -o"],
    ["zsh", "compdef"],
  ])("of %s is the script of that shell, whatever shell runs it", async (shell, says) => {
    const { code, out } = await gupsimAt(80, ["completion", shell]);
    expect([code, out.includes(says)]).toEqual([0, true]);
  });

  test("of a shell that it has none for says which there are", async () => {
    const { code, err } = await gupsimAt(80, ["completion", "fish"]);
    expect(code).toBe(2);
    expect(err).toContain("one of bash, zsh");
  });
});
