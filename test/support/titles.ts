import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The titles of all tests: strings that a function follows. */
export function testTitles(): string[] {
  return ["test", "sim", "reports", "scenarios"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .flatMap((file) => [...readFileSync(join(root, folder, file), "utf8").matchAll(titlePattern)])
      .map(([, title = ""]) => title.replaceAll('\\"', '"')),
  );
}

const titlePattern = /\(\s*"((?:[^"\\]|\\.){12,})",\s*(?:async )?\(/g;
