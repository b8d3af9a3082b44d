import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../../scenarios/package-root.ts";
import { sourceStack } from "./source-stack.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-stack-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A bundle whose first line, from column 4 on, is the third line of a source. */
const bundled = join(folder, "bundled.js");
writeFileSync(bundled, "");
writeFileSync(
  `${bundled}.map`,
  JSON.stringify({ version: 3, sources: [join(packageRoot, "sim/linux/mm/gup.ts")], names: [], mappings: "IAEA" }),
);

test("a stack names the places in the sources", () => {
  const stack = `Error: no\n    at follow_page (${pathToFileURL(bundled).href}:1:5)\n    at node:internal/x:1:2`;
  expect(sourceStack(stack)).toBe(
    "Error: no\n    at follow_page (sim/linux/mm/gup.ts:3:1)\n    at node:internal/x:1:2",
  );
});

test("a place without a map stays as it is", () => {
  const stack = "Error: no\n    at main (file:///nowhere/main.js:1:5)";
  expect(sourceStack(stack)).toBe(stack);
});
