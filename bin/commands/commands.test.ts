import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";

describe.each(commands)("$usage", ({ usage, load }) => {
  test("names the positionals that its command declares, those in <> as needed", async () => {
    const { positionals } = (await load()).default;
    const named = [...usage.matchAll(/([<[])(\w+)(?:\.\.)?[>\]]/g)].map(([, bracket, name = ""]) => [
      name,
      bracket === "<",
    ]);
    const declared = Object.entries(positionals).map(([name, { parsed }]) => [name, parsed.demandOption === true]);
    expect(named).toEqual(declared);
  });

  test("says of every option and positional what it is for", async () => {
    const { options, positionals } = (await load()).default;
    for (const { parsed } of [...Object.values(options), ...Object.values(positionals)]) {
      expect(parsed.describe).toMatch(/\S/);
    }
  });
});
