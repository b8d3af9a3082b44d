import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";

/** What takes one column a letter; scripts/plain-width.mjs counts on it. */
const narrow = /^[\u0020-\u02ff\u2010-\u2027]+$/;

describe.each(commands)("$usage", ({ usage, says, load }) => {
  test("names the positionals that its command declares, those in <> as needed", async () => {
    const { positionals } = (await load()).default;
    const named = [...usage.matchAll(/([<[])(\w+)(?:\.\.)?[>\]]/g)].map(([, bracket, name = ""]) => [
      name,
      bracket === "<",
    ]);
    const declared = Object.entries(positionals).map(([name, { parsed }]) => [name, parsed.demandOption === true]);
    expect(named).toEqual(declared);
  });

  test("says what it and every option and positional is for, in letters that take one column each", async () => {
    const { options, positionals } = (await load()).default;
    const described = [...Object.values(options), ...Object.values(positionals)].map(({ parsed }) => parsed.describe);
    for (const text of [says, ...described]) expect(text).toMatch(narrow);
  });
});
