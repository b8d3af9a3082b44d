import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse as parseYaml } from "yaml";
import { bundledScenarios } from "./library.ts";
import { loadScenario } from "./load.ts";
import { jsonSchema } from "./schema/keys/json-schema.ts";
import { ScenarioError } from "./problem.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-bad-"));
const file = join(folder, "bad.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

/** A scenario that is right. Each line below replaces one of its lines. */
const good = `schema: gupsim/scenario/v1
name: bad
question: does it fail?
machine: { cpus: unlimited }
duration: 1s
devices:
  disk: { kind: swap, latency: 1ms, depth: 32 }
mms:
  qemu:
    vmas:
      ram: { kind: anon, size: 1MiB, resident: 60%, backing: disk }
tasks:
  reader: { role: proc_reader, file: maps, target: qemu, every: 5ms }
`;

/** What is said of the file, without the name of its folder. */
function problems(content: string | Uint8Array, sets: string[] = []): string[] {
  writeFileSync(file, content);
  try {
    loadScenario(file, sets);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.replaceAll(`${folder}/`, "").split("\n");
    throw error;
  }
  return [];
}

const change = (from: string, to: string): string => {
  expect(good).toContain(from);
  return good.replace(from, to);
};

const budget = (text: string): string => change("duration: 1s", `duration: 1s\nbudgets:\n  - { ${text} }`);

const rows: [string, () => string | Uint8Array][] = [
  ["a wrong unit", () => change("duration: 1s", "duration: 1sec")],
  ["a bare number", () => change("every: 5ms", "every: 5")],
  ["an unknown key that is nearly right", () => change("every: 5ms", "evry: 5ms")],
  ["an unknown key", () => change("duration: 1s", "duration: 1s\nfoo: 1")],
  ["a missing mm", () => change("target: qemu", "target: qemo")],
  ["a missing device", () => change("backing: disk", "backing: dsk")],
  [
    "a missing VMA",
    () => change("role: proc_reader, file: maps, target: qemu", "role: user_thread, mm: qemu, touch: heap"),
  ],
  ["an alias that contains itself", () => change("machine: { cpus: unlimited }", "machine: &m { cpus: *m }")],
  ["an alias without anchor", () => change("duration: 1s", "duration: *d")],
  ["a merge key", () => change("machine: { cpus: unlimited }", "machine: { <<: { cpus: unlimited } }")],
  ["a negative count", () => change("file: maps", "file: maps, count: -1")],
  ["a count of zero", () => change("file: maps", "file: maps, count: 0")],
  ["a fractional count", () => change("file: maps", "file: maps, count: 1.5")],
  ["an unknown role", () => change("role: proc_reader", "role: proc_reder")],
  ["both every and think", () => change("every: 5ms", "every: 5ms, think: 1ms")],
  ["neither every nor think", () => change(", every: 5ms", "")],
  ["an absurd size", () => change("size: 1MiB", "size: 4TiB")],
  ["a size that is no whole number of pages", () => change("size: 1MiB", "size: 5 KiB")],
  ["an absurd duration", () => change("duration: 1s", "duration: 100000min")],
  ["a negative duration", () => change("duration: 1s", "duration: -1s")],
  ["a duration of zero", () => change("duration: 1s", "duration: 0s")],
  ["too many tasks", () => change("file: maps", "file: maps, count: 5000")],
  ["a share above 100%", () => change("resident: 60%", "resident: 160%")],
  ["a share as a number", () => change("resident: 60%", "resident: 0.6")],
  [
    "an unknown call",
    () => change("role: proc_reader, file: maps, target: qemu", "role: mm_call, call: mprotec, mm: qemu, touch: ram"),
  ],
  ["environ without arg_start", () => change("file: maps", "file: environ")],
  ["a server of a disk", () => change("depth: 32 }", "depth: 32, ends: { after: 1s, how: hangs } }")],
  [
    "an unknown end",
    () => change("kind: swap, latency: 1ms, depth: 32 }", "kind: fuse, latency: 1ms, ends: { after: 1s, how: dies } }"),
  ],
  ["a grid that is empty", () => change("duration: 1s", "duration: 1s\nsweep: { grid: [] }")],
  [
    "vmas of a call that may drop the lock",
    () =>
      change(
        "role: proc_reader, file: maps, target: qemu",
        "role: gup_caller, site: sgl_map_user_pages, form: rfc, vmas: true, mm: qemu, touch: ram, pages: 1",
      ),
  ],
  ["text that is not YAML", () => "schema: [1, 2\nname: }"],
  ["a tab", () => change("  disk:", "\tdisk:")],
  ["a key given twice", () => change("duration: 1s", "duration: 1s\nduration: 2s")],
  ["an empty file", () => ""],
  ["nothing but a comment", () => "# nothing\n"],
  ["a list", () => "- 1\n- 2\n"],
  ["two documents", () => `${good}---\n${good}`],
  ["50 MB", () => new Uint8Array(50_000_000).fill(35)],
  ["a binary file", () => Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1])],
  ["text that is not UTF-8", () => Uint8Array.from([0x6e, 0xe9, 0x0a])],
  ["another schema", () => change("gupsim/scenario/v1", "gupsim/scenario/v2")],
  ["no schema", () => change("schema: gupsim/scenario/v1\n", "")],
  ["no CPUs", () => change("cpus: unlimited", "cpus: 0")],
  ["unknown costs", () => change("cpus: unlimited", "costs: server-2041")],
  ["cmdline without argv", () => change("file: maps", "file: cmdline")],
  ["an anonymous mapping on a file device", () => change("kind: swap", "kind: file")],
  ["a file mapping on a swap device", () => change("kind: anon", "kind: file")],
  ["keep without a device", () => change("backing: disk", "keep: 50%")],
  ["a latency file that is not there", () => change("latency: 1ms", "latency: { fio: none.json }")],
  ["a law with p99 below p50", () => change("latency: 1ms", "latency: { lognormal: { p50: 2ms, p99: 1ms } }")],
  ["an unknown law", () => change("latency: 1ms", "latency: { gauss: 1ms }")],
  ["a law with an unknown parameter", () => change("latency: 1ms", "latency: { pareto: { min: 1ms, beta: 2 } }")],
  ["a name with capitals", () => change("  qemu:", "  QEMU:")],
  ["a budget without assertion", () => budget("metric: 'mmap_sem.wait{mode=R}'")],
  ["a budget of an unknown metric", () => budget("metric: 'mmap_sem.wiat{mode=R}', assert: p99 <= 1ms")],
  ["a budget with an unknown tag", () => budget("metric: 'mmap_sem.wait{rolle=kworker}', assert: p99 <= 1ms")],
  ["a budget of a role that is not there", () => budget("metric: 'mmap_sem.wait{role=kvm_vcpu}', assert: p99 <= 1ms")],
  ["a budget of an unknown site", () => budget("metric: 'mmap_sem.hold{site=async_pf}', assert: p99 <= 1ms")],
  ["a budget that asserts nothing", () => budget("metric: 'mmap_sem.wait{mode=R}', assert: p99 is small")],
  ["a budget without a unit", () => budget("metric: 'mmap_sem.wait{mode=R}', assert: p99 <= 5")],
  ["a percentile of a count", () => budget("metric: 'section_lost', assert: p99 <= 5ms")],
  ["a baseline without a unit", () => budget("metric: 'mmap_sem.wait{mode=R}', assert: mean <= baseline + 5")],
  ["a confidence below a half", () => budget("metric: section_lost, assert: count == 0, confidence: 20%")],
  [
    "a waiver without a day",
    () => budget("metric: section_lost, assert: count == 0, waive: { until: soon, reason: x }"),
  ],
  ["a faster IO for an unknown site", () => change("duration: 1s", "duration: 1s\nio_speedup: { async_pf: 2 }")],
  ["a faster IO that is slower", () => change("duration: 1s", "duration: 1s\nio_speedup: { async_pf_execute: 0.5 }")],
  [
    "a load on tasks that are not there",
    () => change("duration: 1s", "duration: 1s\nload: { tasks: [raeder], steps: [1, 2, 1], each: 100ms }"),
  ],
  [
    "a load that is longer than the run",
    () => change("duration: 1s", "duration: 1s\nload: { tasks: [reader], steps: [1, 2, 1], each: 500ms }"),
  ],
  [
    "a load of nothing",
    () => change("duration: 1s", "duration: 1s\nload: { tasks: [reader], steps: [1, 0, 1], each: 100ms }"),
  ],
  ["three things at once", () => change("duration: 1s", "duration: 1\nfoo: 1").replace("file: maps", "file: map")],
];

const sets = [
  "tasks.reader.count=abc",
  "tasks.reader",
  "tasks.reader.count=[",
  "devices.disk.latency={fio: no.json}",
  "tasks.writer.count=3",
  "name.x=3",
  "foo.bar=1",
];

/** What must be said, by title. `UPDATE_GOLDEN=1` rewrites it. */
const goldenFile = fileURLToPath(new URL("bad-files.expected.json", import.meta.url));

/** What is allowed grows with the program: of a list of more than three names only that there is one. */
function withoutNames(text: string): string {
  return text.replace(/: one of [^"\\]*?(?:, [^"\\, ]+){3,}(?=["\\])/g, ": one of ...");
}

test("a name that is none of many is answered by all that there are", () => {
  const [role = ""] = problems(change("role: proc_reader", "role: nobody"));
  const roles = ["kvm_vcpu", "user_thread", "proc_reader", "mm_writer", "gup_caller", "mm_call"];
  expect(role.split(": one of ")[1]?.split(", ")).toEqual(expect.arrayContaining(roles));
  const [call = ""] = problems(
    change("role: proc_reader, file: maps, target: qemu", "role: mm_call, call: mprotec, mm: qemu, touch: ram"),
  );
  expect(call.split(": one of ")[1]?.split(", ")).toEqual(expect.arrayContaining(["mprotect", "mlock", "fork"]));
});

test("each bad scenario is refused with file, line, column and rule, and so is each bad --set", () => {
  const said = Object.fromEntries([
    ...rows.map(([title, content]) => [title, problems(content())]),
    ...sets.map((set) => [`--set ${set}`, problems(good, [set])]),
  ]) as Record<string, string[]>;
  const text = withoutNames(`${JSON.stringify(said, null, 2)}\n`)
    .replaceAll(process.cwd(), "CWD")
    .replaceAll(folder, "FOLDER");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(goldenFile, text);
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(goldenFile, "utf8")));
  for (const [title, lines] of Object.entries(said)) {
    expect(lines.length, title).toBeGreaterThan(0);
    for (const line of lines)
      expect(line, title).toMatch(title.startsWith("--set ") ? /^--set .*: / : /^bad\.yaml:\d+:\d+: /);
  }
});

test("the scenario that the bad ones are made from is right", () => {
  expect(problems(good)).toEqual([]);
});

test("a name that is neither a file nor a bundled scenario is refused with the nearest one", () => {
  expect(() => loadScenario("kvm-swop")).toThrow(
    'no such file, and no scenario of that name (did you mean "kvm-swap"?)',
  );
});

test("the JSON Schema for editors, in the hands of another validator, takes every shipped scenario and refuses a bad one", () => {
  const validate = new Ajv2020({ strict: false }).compile(jsonSchema() as object);
  for (const { file } of bundledScenarios()) {
    const isValid = validate(parseYaml(readFileSync(file, "utf8")));
    expect([file, isValid, validate.errors]).toEqual([file, true, null]);
  }
  expect(validate(parseYaml(good))).toBe(true);
  expect(validate(parseYaml(good.replace("role: proc_reader", "role: nobody")))).toBe(false);
  expect(validate(parseYaml(good.replace("every: 5ms", "evry: 5ms")))).toBe(false);
});

test("what was meant is told, and the rules of the rest of the file in the same pass", () => {
  const writer = "  writer: { role: mm_writer, mm: qemu, op: mprotect, size: 8KiB, every: 1ms }\n";
  const toucher = "  user: { role: user_thread, mm: qemu, touch: rma, every: 1ms }\n";
  const asert = 'budgets: [{ metric: "mmap_sem.hold_io{mode=R}", asert: count == 0 }]\n';
  const said = problems(`${good}${writer}${toucher}${asert}`).join("\n");
  expect(said).toContain('unknown key (did you mean "assert"?)');
  expect(said).toContain('mm_writer has no op "mprotect": it is a call of its own, role: mm_call, call: mprotect');
  expect(said).toContain('no vma "rma": one of ram');
});

test("a change of a task that nobody declared names the one that was meant", () => {
  expect(problems(good, ["tasks.raeder.count=2"])).toEqual([
    '--set tasks.raeder.count=2: tasks.raeder: unknown task "raeder" (did you mean "reader"?)',
  ]);
});
