import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commonLine } from "./ftrace-line-fast.ts";
import { parseLockLine } from "./lock-line.ts";

const sample = readFileSync(fileURLToPath(new URL("../samples/mmap_lock.v6.18.txt", import.meta.url)), "utf8").split(
  "\n",
);

test("every line of the commonest form is read as the patterns read it", () => {
  const locks = sample.filter((line) => line.includes(": mmap_lock_"));
  expect(locks.length).toBeGreaterThan(40);
  for (const line of locks) expect(commonLine(line)).toEqual(parseLockLine(line));
});

test("of lines with one letter changed or missing, it reads none that the patterns do not read the same", () => {
  let state = 7;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
  const letters = " -:.[]=()0123456789abcdefmtruwsx\t";
  let read = 0;
  for (let i = 0; i < 20_000; i++) {
    const line = sample[below(sample.length)] as string;
    const at = below(line.length + 1);
    const letter = below(3) === 0 ? "" : (letters[below(letters.length)] as string);
    const bad = line.slice(0, at) + letter + line.slice(at + 1);
    const fast = commonLine(bad);
    if (fast === null) continue;
    read++;
    expect(fast, bad).toEqual(parseLockLine(bad));
  }
  expect(read).toBeGreaterThan(3000);
});
