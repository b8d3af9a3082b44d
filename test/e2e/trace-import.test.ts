import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ResultDocument } from "../../reports/documents/result.ts";
import { gupsimAt, type Said } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));
const sample = "traces/samples/holders.v6.18.txt.gz";
const text = gunzipSync(readFileSync(sample)).toString("latin1");

const gupsim = (...args: string[]): Promise<Said> => gupsimAt(80, args);
const at = (name: string): string => join(folder, name);
const resultIn = (name: string): ResultDocument =>
  JSON.parse(readFileSync(join(at(name), "result.json"), "utf8")) as ResultDocument;

/** Imports a text; what it said, with its result. */
async function imported(name: string, content: string): Promise<Said & { result: ResultDocument }> {
  writeFileSync(at(`${name}.txt`), content);
  const said = await gupsim("trace", "import", at(`${name}.txt`), "--out", at(name));
  expect(said.code, said.err).toBe(0);
  return { ...said, result: resultIn(name) };
}

/** What must not depend on how a recording is written down. */
const measured = ({ metrics, by_seed, convoys, longest_wait }: ResultDocument): unknown => ({
  metrics,
  by_seed,
  convoys,
  longest_wait,
});

describe("a recording of v6.18", () => {
  let said: Said;
  beforeAll(async () => {
    said = await gupsim("trace", "import", sample, "--out", at("sample"));
  });

  test("says on one screen who waited for whom, and what to distrust", () => {
    expect(said.code, said.err).toBe(0);
    const lines = said.out.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(said.out).toMatch(
      /readers wait p99 (?:≥ )?\S+ ms: recorded waits mostly for gup \(-R\) having it \(9\d\.\d %\)/,
    );
    expect(said.out).toContain("what holders did is not recorded");
    expect(said.out).not.toMatch(/simulated|seed|guesses/);
  });

  test("has the acquisitions that its lines have", () => {
    const { metrics } = resultIn("sample");
    const lines = text.split("\n");
    const of = (mode: "R" | "W"): number => {
      const got = `write=${mode === "W"} success=true`;
      return lines.filter((line) => line.includes("mmap_lock_acquire_returned") && line.includes(got.replace("W", "")))
        .length;
    };
    const count = (mode: string): number => metrics[`mmap_sem.hold{mode=${mode}}`]?.count ?? 0;
    expect([count("R"), count("W")]).toEqual([of("R"), of("W")]);
  });

  test("can be reported on, compared with itself, and held to budgets, with the culprit named", async () => {
    const result = join(at("sample"), "result.json");
    const md = await gupsim("report", at("sample"), "--to", "md", "--out", "-");
    expect(md.out).toContain("having it");
    expect((await gupsim("compare", result, result)).out).toContain("identical");
    const budgets = at("budgets.yaml");
    const check = async (assert: string): Promise<Said> => {
      const lines = [
        "schema: gupsim/budgets/v1",
        "budgets:",
        `  - { metric: "mmap_sem.wait{mode=R}", assert: "${assert}" }`,
      ];
      writeFileSync(budgets, `${lines.join("\n")}\n`);
      return gupsim("check", result, "--budget", budgets);
    };
    const failed = await check("p99 <= 1ms");
    expect(failed.code).toBe(1);
    expect(failed.out).toContain("mostly gup (-R) having it");
    expect((await check("p50 <= 1s")).code).toBe(0);
    // What goes on at its end may become longer.
    expect((await check("max <= 1s")).code).toBe(3);
    expect((await check("max <= 1us")).code).toBe(1);
  });

  test("is not replayed for another window: import keeps one", async () => {
    expect((await gupsim("report", at("sample"), "--window", "1ms..2ms")).err).toContain("trace import --window");
  });

  test("reads the same as text, in the forms of perf script, with carriage returns, and as a file of each CPU", async () => {
    const known = measured(resultIn("sample"));
    const forms: Record<string, string> = {
      plain: text,
      crlf: text.replaceAll("\n", "\r\n"),
      perf: text.replaceAll(/^\s*(\S+)-(\d+)\s+(\[\d+\])\s+\S+\s+([\d.]+): (\w+):/gm, "$1 $2 $3 $4: mmap_lock:$5:"),
      tgid: text.replaceAll(/^(\s*\S+-\d+\s+)\[/gm, "$1(-------) ["),
    };
    for (const [name, content] of Object.entries(forms)) {
      expect(measured((await imported(name, content)).result), name).toEqual(known);
    }
    const files = ["[000]", "[001]"].map((cpu) => {
      const path = at(`cpu${cpu}.txt`);
      writeFileSync(
        path,
        text
          .split("\n")
          .filter((line) => line.includes(cpu))
          .join("\n"),
      );
      return path;
    });
    expect((await gupsim("trace", "import", ...files, "--out", at("cpus"))).code).toBe(0);
    // Events of one microsecond have another order: what each role had and waited for is the same.
    const sums = ({ metrics }: ResultDocument): unknown =>
      Object.entries(metrics)
        .filter(([key]) => /^mmap_sem\.(hold|wait)\{mode=.,role=/.test(key))
        .map(([key, { count }]) => [key, count]);
    expect(sums(resultIn("cpus"))).toEqual(sums(resultIn("sample")));
  });
});

test("a file without a lock event that can be read is refused, and says what it had", async () => {
  writeFileSync(at("none.txt"), "# tracer: nop\n  x-1 [000] ..... 1.000000: mmap_lock_released: mm=zz write=true\n");
  const { code, err } = await gupsim("trace", "import", at("none.txt"), "--out", at("none"));
  expect(code).toBe(2);
  expect(err).toContain("none.txt:2:49: expected mm=POINTER");
  expect(err).toContain("no mmap_lock event that can be read in 2 lines, 1 of them unreadable");
});

test("what could not be read is told with its place and counted, and the rest is measured", async () => {
  const lines = text.split("\n");
  lines[100] = (lines[100] as string).replace("mm=", "mm=zz");
  const { err, out } = await imported("damaged", lines.join("\n"));
  expect(err).toMatch(/damaged\.txt:101:\d+: expected mm=POINTER/);
  expect(out).toContain("1 line missing");
});

test("v5.11 prints a release after the unlock: two writers at once are recognised, said, and the hold ends with the next", async () => {
  const event = (who: string, time: string, what: string): string => `  ${who} [000] .... ${time}: mmap_lock_${what}\n`;
  const mm = "mm=00000000aabbccdd memcg_path= write=true";
  const story = [
    event("a-1", "1.000000", `start_locking: ${mm}`),
    event("a-1", "1.000001", `acquire_returned: ${mm} success=true`),
    event("b-2", "1.000002", `start_locking: ${mm}`),
    event("b-2", "1.000010", `acquire_returned: ${mm} success=true`),
    event("a-1", "1.000015", `released: ${mm}`),
    event("b-2", "1.000020", `released: ${mm}`),
  ];
  const { out, result } = await imported("v5.11", story.join("\n"));
  expect(out).toContain("1 hold ended by the next owner");
  const hold = result.metrics["mmap_sem.hold{mode=W,role=a}"];
  expect(hold).toMatchObject({ count: 1, max: 9000 });
});

test("a simulated run that is exported and imported has the same acquisitions, holds and waits", async () => {
  await gupsim("run", "kvm-swap", "--set", "duration=100ms", "--warmup", "0", "--out", at("run"));
  await gupsim("report", at("run"), "--to", "ftrace", "--window", "0ms..100ms", "--out", at("run"));
  const out = await gupsim("trace", "import", join(at("run"), "plain.ftrace.txt"), "--out", at("again"));
  expect(out.code, out.err).toBe(0);
  const [run, again] = [resultIn("run"), resultIn("again")];
  for (const metric of ["mmap_sem.hold{mode=R}", "mmap_sem.hold{mode=W}", "mmap_sem.wait{mode=R}"]) {
    expect([metric, again.metrics[metric]?.count]).toEqual([metric, run.metrics[metric]?.count]);
  }
  await gupsim("report", at("again"), "--to", "ftrace", "--out", at("again"));
  const file = join(at("again"), "recorded.ftrace.txt");
  expect(readFileSync(file, "utf8").split("\n").length).toBeGreaterThan(100);
});
