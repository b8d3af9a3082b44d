import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import type * as Library from "../../index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = join(root, "dist/library/index.js");
const { check, compare, documentText, loadScenario, run, sweep } = (await import(built)) as typeof Library;

const folder = mkdtempSync(join(tmpdir(), "gupsim-library-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command prints. */
function printed(...args: string[]): string {
  const command = [join(root, "dist/bin/gupsim.js"), ...args, "--quiet"];
  return spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 1 << 28 }).stdout;
}

const set = ["duration=60ms", "tasks.vcpus.count=2"];
const sets = set.flatMap((one) => ["--set", one]);
const json = ["--format", "json"];

describe("the documents of the library are those of the command line, byte for byte", () => {
  test("run, of a loaded scenario and on two threads too", async () => {
    const text = printed("run", "kvm-swap", ...sets, "--seeds", "3", "--no-out", ...json);
    expect(text).toContain("gupsim/result/v1");
    expect(documentText(await run("kvm-swap", { set, seeds: 3 }))).toBe(text);
    expect(documentText(await run(loadScenario("kvm-swap", set), { seeds: 3, jobs: 2 }))).toBe(text);
  });

  test("compare, with its files", async () => {
    const [own, other] = [join(folder, "own"), join(folder, "other")];
    const text = printed("compare", "kvm-swap", ...sets, "--variants", "v3.17,v4.0,v6.18", "--out", other, ...json);
    const document = await compare("kvm-swap", { set, variants: ["v3.17", "v4.0", "v6.18"], out: own });
    expect(documentText(document)).toBe(text);
    expect(readdirSync(own)).toEqual(readdirSync(other));
    for (const file of readdirSync(own)) expect(readFileSync(join(own, file))).toEqual(readFileSync(join(other, file)));
  });

  test("check, with a warm-up that is given", async () => {
    const text = printed("check", "kvm-swap", ...sets, "--warmup", "5000000ns", "--no-out", ...json);
    expect(text).toContain("gupsim/check/v1");
    expect(documentText(await check("kvm-swap", { set, warmUp: 5e6 }))).toBe(text);
  });

  test("sweep", async () => {
    const grid = ["--grid", "devices.swapdev.latency=1ms,2ms"];
    const text = printed("sweep", "kvm-swap", ...sets, ...grid, "--seeds", "2", ...json);
    expect(text).toContain("gupsim/sweep/v1");
    expect(
      documentText(await sweep("kvm-swap", { set, grid: { "devices.swapdev.latency": ["1ms", "2ms"] }, seeds: 2 })),
    ).toBe(text);
  });
});

test("budgets that stand in no file are judged, and a repetition asks for them", async () => {
  const budgets = [{ metric: "mmap_sem.hold_io{mode=R}", assert: "count == 0" }];
  const { passed, reproduce } = await check("kvm-swap", { set, variant: "plain", budgets });
  expect(passed).toBe(false);
  expect(reproduce).toContain("--budget -");
  await expect(check("kvm-swap", { set, budgets: [{ metric: "mmap_sem.hod", assert: "count == 0" }] })).rejects.toThrow(
    /budgets:\d+:\d+: .*mmap_sem\.hod/,
  );
});

test.each([1, 2])(
  "a signal ends a study on %d threads with its reason, and progress was heard before",
  async (jobs) => {
    const heard: Library.StudyProgress[] = [];
    const abort = new AbortController();
    const onProgress = (progress: Library.StudyProgress): void => {
      heard.push(progress);
      if (heard.length === 3) abort.abort(new Error("enough"));
    };
    const study = run("kvm-swap", {
      set: [...set, "kind=terminating"],
      seeds: 50,
      jobs,
      onProgress,
      signal: abort.signal,
    });
    await expect(study).rejects.toThrow("enough");
    expect(heard.map(({ done, of }) => [done, of]).slice(0, 3)).toEqual([1, 2, 3].map((done) => [done, 50]));
    expect(heard.length).toBeLessThan(50);
  },
);

test("nothing is written without a folder, and what does not exist is refused by its name", async () => {
  await run("kvm-swap", { set });
  expect(existsSync(join(process.cwd(), "gupsim-out"))).toBe(false);
  await expect(run("kvm-swp")).rejects.toThrow("kvm-swap");
  await expect(run("kvm-swap", { seeds: [] })).rejects.toThrow("seeds");
  await expect(compare("kvm-swap", { variants: ["plain"] })).rejects.toThrow("two variants");
});

test("a worker thread can run a study", async () => {
  const code = `
    const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(built)}).then(async ({ run, documentText }) =>
      parentPort.postMessage(documentText(await run("kvm-swap", ${JSON.stringify({ set })}))));`;
  const worker = new Worker(code, { eval: true });
  const text = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  expect(text).toBe(documentText(await run("kvm-swap", { set })));
});

interface Manifest {
  readonly types: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

test("every condition of the exports is a file, the types first and beside what they are of", () => {
  for (const [, conditions] of Object.entries(manifest.exports)) {
    const files = typeof conditions === "string" ? [conditions] : Object.values(conditions);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  }
  const { types, default: code } = manifest.exports["."] as { types: string; default: string };
  expect(Object.keys(manifest.exports["."] as object)[0]).toBe("types");
  expect(types).toBe(code.replace(/\.js$/, ".d.ts"));
  expect(manifest.types).toBe(types);
});

const program = `import { check, compare, loadScenario, run, sweep, type CompareDocument, UsageError } from "gupsim";
const abort = new AbortController();
const document: CompareDocument = await compare(loadScenario("kvm-swap"), { seeds: 2, signal: abort.signal });
const p99: number | null = document.differences[0]?.ratio ?? null;
const { passed } = await check("kvm-swap", { budgets: [{ metric: "mmap_sem.hold{mode=R}", assert: "max <= 1ms" }] });
const [first] = (await run("kvm-swap", { onProgress: ({ done }) => console.log(done.toFixed()) })).seeds;
const { rows } = await sweep("kvm-swap", { grid: { "tasks.vcpus.count": [2, 4] } });
console.log(p99, passed, first?.length, rows.length, UsageError.name);
// @ts-expect-error a number of threads is a number
await run("kvm-swap", { jobs: "two" });
// @ts-expect-error there is no such option
await run("kvm-swap", { sedes: 3 });
`;

test.each([
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
])("its types compile strictly in another project, module %s, resolution %s", (module, moduleResolution) => {
  const project = mkdtempSync(join(folder, "project-"));
  const installed = join(project, "node_modules/gupsim");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "dist/library"), join(installed, "dist/library"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  const compilerOptions = {
    ...{ module, moduleResolution, target: "es2022", lib: ["es2023", "dom"], types: [], noEmit: true },
    ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "other", type: "module" }));
  writeFileSync(join(project, "program.ts"), program);
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", project], { encoding: "utf8" });
  expect(stdout).toBe("");
});

test("the examples run", () => {
  const example = (...args: string[]): string =>
    spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder, maxBuffer: 1 << 26 }).stdout;
  expect(example(join(root, "examples/notebook.mjs"))).toMatch(
    /v3\.17: readers held the lock \d+ times, the longest for/,
  );
  const out = join(folder, "swept");
  expect(example(join(root, "examples/sweep.mjs"), out).split("\n")).toHaveLength(3 * 2 + 2);
  const [picture = ""] = readdirSync(out).filter((name) => name.endsWith(".png"));
  expect(readFileSync(join(out, picture)).subarray(1, 4).toString()).toBe("PNG");
});
