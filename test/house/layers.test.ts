import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from "dependency-cruiser";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const config = createRequire(import.meta.url)(join(root, ".dependency-cruiser.cjs")) as {
  forbidden: { name: string }[];
  options: object;
};

/** For each rule a file that breaks it, and what that file imports. Whatever is imported is made, too. */
const planted: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "engine-knows-only-itself": ["sim/engine/planted.ts", "sim/linux/kernel.ts"],
  "trace-knows-only-the-engine": ["sim/trace/planted.ts", "sim/linux/kernel.ts"],
  "scenario-is-plain-data": ["sim/scenario.ts", "sim/run.ts"],
  "scenario-takes-types-of-roles": ["sim/measured.ts", "sim/roles/roles.ts"],
  "machine-is-hardware": ["sim/machine/planted.ts", "sim/linux/kernel.ts"],
  "linux-stands-on-the-machine": ["sim/linux/planted.ts", "sim/measure/lock/lock-stat.ts"],
  "kernels-choose-functions": ["sim/kernels/planted.ts", "sim/callers/callers.ts"],
  "callers-call-the-kernel": ["sim/callers/planted.ts", "sim/kernels/variant.ts"],
  "roles-act-and-do-not-look": ["sim/roles/planted.ts", "sim/measure/lock/lock-stat.ts"],
  "world-puts-a-run-together": ["sim/world/planted.ts", "sim/study/verdict.ts"],
  "run-is-one-run": ["sim/run.ts", "sim/study/verdict.ts"],
  "spans-know-events-not-the-kernel": ["sim/spans/planted.ts", "sim/linux/kernel.ts"],
  "measure-knows-events-not-the-kernel": ["sim/measure/planted.ts", "sim/linux/kernel.ts"],
  "study-is-many-runs": ["sim/study/planted.ts", "sim/linux/kernel.ts"],
  "experiments-are-one-call-alone": ["sim/experiments/planted.ts", "sim/study/verdict.ts"],
  "traces-know-no-kernel-model": ["traces/planted.ts", "sim/linux/kernel.ts"],
  "scenarios-are-data": ["scenarios/planted.ts", "sim/run.ts"],
  "reports-read-results": ["reports/planted.ts", "sim/linux/kernel.ts"],
  "pages-run-in-a-browser": ["reports/page/planted.ts", "sim/study/verdict.ts"],
  "reports-run-nothing": ["reports/documents/planted.ts", "sim/study/verdict.ts"],
  "nobody-imports-bin": ["sim/measure/also-planted.ts", "bin/gupsim.ts"],
  "yargs-is-the-command-lines": ["bin/study/planted.ts", "node_modules/yargs/index.mjs"],
  "nobody-imports-bench": ["bin/planted.ts", "bench/main.ts"],
  "files-only-in-bin-and-scenarios": ["reports/text/planted.ts", "node:fs"],
  "sim-sees-no-outside-world": ["sim/study/also-planted.ts", "node:os"],
  "no-circles": ["traces/back.ts", "traces/circle.ts"],
  "imports-exist": ["bin/cli/planted.ts", "bin/cli/missing.ts"],
};

let folder = "";
let violations: readonly { rule: { name: string }; from: string }[] = [];

/** A line that needs `to` when it runs: an import for its effects would be none to a rule about types. */
function importOf(from: string, to: string): string {
  if (to.startsWith("node:")) return `import * as needed from "${to}";\nexport const used = needed;\n`;
  const up = "../".repeat(from.split("/").length - 1);
  return `import * as needed from "${up}${to}";\nexport const used = needed;\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gupsim-layers-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [rule, [, to]] of Object.entries(planted)) {
    // What stands in node_modules is real.
    if (!/^node(?::|_modules\/)/.test(to) && rule !== "imports-exist") write(to, "export const nothing = 0;\n");
  }
  for (const [from, to] of Object.values(planted)) write(from, importOf(from, to));
  write("traces/circle.ts", importOf("traces/circle.ts", "traces/back.ts"));
  const ruleSet = { forbidden: config.forbidden } as IFlattenedRuleSet;
  const { exclude, doNotFollow, tsPreCompilationDeps } = config.options as ICruiseOptions;
  const options = { baseDir: folder, validate: true, ruleSet, exclude, doNotFollow, tsPreCompilationDeps };
  const { output } = await cruise(["bin", "bench", "scenarios", "sim", "traces", "reports"], options as ICruiseOptions);
  violations = (output as ICruiseResult).summary.violations;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every layer rule has an import planted against it", () => {
  expect(Object.keys(planted)).toEqual(config.forbidden.map(({ name }) => name));
});

test.each(Object.keys(planted))("%s catches the import planted against it", (rule) => {
  const [from] = planted[rule] ?? [];
  expect(violations.filter((found) => found.rule.name === rule).map((found) => found.from)).toContain(from);
});
