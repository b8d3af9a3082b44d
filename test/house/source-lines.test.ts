import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = new URL("../../sim/linux", import.meta.url).pathname;

/** Every file of the kernel model but its tests. */
function modelFiles(): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).map((name) => join(folder, name));
}

/** Exported functions with a name in the kernel's spelling, and the comment above each. */
function kernelFunctions(file: string): { name: string; comment: string }[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/(\/\*\*(?:[^*]|\*(?!\/))*\*\/)\s*export function\*? ([A-Za-z_0-9]+)/g);
  return [...found]
    .map(([, comment = "", name = ""]) => ({ name, comment }))
    .filter(({ name }) => /^[a-z0-9_]+$/.test(name) && (name.includes("_") || name === "jiffies"));
}

test("every file of the kernel model says where it was read", () => {
  const silent = modelFiles().filter((file) => !/^[^\n]*\bSource: \S/m.test(readFileSync(file, "utf8")));
  expect(silent.map((file) => file.slice(folder.length))).toEqual([]);
});

test("every exported function in the kernel's spelling says which source it was read in", () => {
  const functions = modelFiles().flatMap((file) => kernelFunctions(file).map((one) => ({ ...one, file })));
  expect(functions.length).toBeGreaterThan(60);
  const without = functions.filter(({ comment }) => !/Source: (v\d|"|the review of|review of|none)/.test(comment));
  expect(without.map(({ file, name }) => `${file.slice(folder.length)}: ${name}`)).toEqual([]);
});

test("every exported function of the kernel model has a comment", () => {
  const bare = modelFiles().flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const found = text.matchAll(/(\S[^\n]*)\n+export (?:function\*?|class|interface|const) ([A-Za-z_0-9]+)/g);
    return [...found].filter(([, above = ""]) => !above.trim().endsWith("*/")).map(([, , name]) => `${file}: ${name}`);
  });
  expect(bare.filter((one) => !/mm\.ts|mm_types\.ts/.test(one))).toEqual([]);
});
