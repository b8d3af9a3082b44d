import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Journal, type StudyHead } from "../../bin/study/journal.ts";
import { reportFormats } from "../../bin/files/report-formats.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { runCell } from "../../sim/study/plan/measurements.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { parseRecording } from "../../traces/recording/parse-recording.ts";
import { parseHgrm } from "../../traces/latency/hgrm.ts";
import { gupsimAt, type Said } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

const gupsim = (...args: string[]): Promise<Said> => gupsimAt(80, args);
const short = ["--set", "duration=200ms", "--seeds", "3"];
const compared = join(folder, "compared");
let printed = "";

beforeAll(async () => {
  printed = (await gupsim("compare", "kvm-swap", ...short, "--out", compared)).out;
});

describe("a saved comparison", () => {
  test("is the text that was printed when it was made", async () => {
    expect((await gupsim("report", compared)).out).toBe(printed);
    expect((await gupsim("report", join(compared, "result.json"))).out).toBe(printed);
  });

  test("is one variant alone when its file is named", async () => {
    const { code, out } = await gupsim("report", join(compared, "plain.result.json"));
    const own = await gupsim("run", "kvm-swap", ...short, "--variants", "plain", "--no-out");
    expect([code, out]).toEqual([0, own.out]);
  });

  test("as Markdown begins with what is compared, who made them wait, and fits a comment", async () => {
    const { out } = await gupsim("report", compared, "--to", "md", "--out", "-");
    const lines = out.split("\n");
    expect(lines[0]).toBe("### kvm-swap: `plain` → `unlocked`");
    expect(lines[2]).toMatch(
      /^\*\*readers wait max ≥ \S+ ms → \S+ µs: plain holds the lock across swap IO in async_pf_execute \(/,
    );
    expect(lines[4]).toMatch(/^- `plain`: \d+ readers still waited when the run ended/);
    expect(out).toContain("gupsim compare kvm-swap --variants plain,unlocked --seeds 3 --set duration=200ms");
    expect(lines.filter((line) => !line.startsWith("<details>")).length).toBeLessThan(80);
  });

  test("with a check beside it begins with the verdict", async () => {
    await gupsim("check", "kvm-swap", "--set", "duration=200ms", "--variants", "plain", "--out", compared);
    const { out } = await gupsim("report", compared, "--to", "md", "--out", "-");
    expect(out).toMatch(/^### ✗ \d of 4 budgets exceeded: kvm-swap as `plain`/);
    rmSync(join(compared, "check.json"));
  });

  test("as CSV has every statistic of every metric, in columns that its head names", async () => {
    const { out } = await gupsim("report", compared, "--to", "csv", "--out", "-");
    const [head = "", ...rows] = out.trimEnd().split("\n");
    const columns = head.split(",");
    expect(columns).toEqual("scenario,variant,ending,metric,mm,mode,role,site,class,tags,stat,value,unit".split(","));
    const all = rows.map((row) => Object.fromEntries(row.split(",").map((field, i) => [columns[i], field])));
    const result = JSON.parse(readFileSync(join(compared, "plain.result.json"), "utf8"));
    const value = (stat: string) =>
      all.find(
        (row) =>
          row.variant === "plain" &&
          row.metric === "mmap_sem.hold" &&
          row.mode === "R" &&
          row.role === "" &&
          row.mm === "" &&
          row.stat === stat,
      )?.value;
    const hold = result.metrics["mmap_sem.hold{mode=R}"];
    expect([value("count"), value("p99"), value("sum")]).toEqual([hold.count, hold.p99, hold.sum].map(String));
    expect(rows.every((row) => row.split(",").length === columns.length)).toBe(true);
  });

  test("as .hgrm is read back with the same counts", async () => {
    const out = join(folder, "hgrm");
    const { err } = await gupsim("report", compared, "--to", "hgrm", "--out", out);
    const names = ["plain", "unlocked"].flatMap((variant) =>
      ["hold-R", "hold-W", "wait-R", "wait-W"].map((what) => `${variant}.${what}.hgrm`),
    );
    expect(readdirSync(out).sort()).toEqual(names);
    expect(err).toContain(`wrote ${join(out, "plain.hold-R.hgrm")}`);
    const result = JSON.parse(readFileSync(join(compared, "plain.result.json"), "utf8"));
    const law = parseHgrm(readFileSync(join(out, "plain.hold-R.hgrm"), "utf8"), "plain.hold-R.hgrm");
    const counts = "counts" in law ? law.counts : [];
    // A percentile listing has what ended; the rest is in the result.
    const { count, open } = result.metrics["mmap_sem.hold{mode=R}"];
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(count - (open?.count ?? 0));
  });
});

test("a saved comparison is drawn as PNG and as SVG", async () => {
  const out = join(folder, "pictures");
  expect((await gupsim("report", compared, "--to", "png,svg", "--out", out)).code).toBe(0);
  const names = ["hold", "percentiles-hold", "percentiles-wait", "plain.timeline", "tail-hold", "tail-wait"];
  const all = [...names, "unlocked.timeline", "wait"].flatMap((name) => [`${name}.png`, `${name}.svg`]);
  expect(readdirSync(out).sort()).toEqual(all.sort());
  expect(readFileSync(join(out, "tail-wait.png")).subarray(1, 4).toString()).toBe("PNG");
  expect(readFileSync(join(out, "tail-wait.svg"), "utf8")).toMatch(/^<\?xml|^<svg/);
});

describe("the events that were kept", () => {
  const out = join(folder, "events");

  test("as ftrace text of three kernels and as Chrome's JSON, of each variant", async () => {
    const formats = ["chrome", "ftrace", "ftrace-v6.8", "ftrace-v5.11"];
    expect((await gupsim("report", compared, "--to", formats.join(","), "--out", out)).code).toBe(0);
    const names = ["ftrace-v5.11.txt", "ftrace-v6.8.txt", "ftrace.txt", "trace.json"];
    expect(readdirSync(out).sort()).toEqual(
      ["plain", "unlocked"].flatMap((variant) => names.map((name) => `${variant}.${name}`)),
    );
    const window = JSON.parse(readFileSync(join(compared, "plain.window.json"), "utf8")) as EventWindow;
    const { events, problems } = parseRecording(
      readFileSync(join(out, "plain.ftrace.txt"), "utf8"),
      "plain.ftrace.txt",
    );
    const ofLock = ({ kind }: { kind: string }): boolean => kind.startsWith("mmap_lock_");
    expect(problems).toEqual([]);
    expect(events.filter(ofLock).map(({ kind, time, mode, value }) => [kind, time, mode, value])).toEqual(
      [...window.before, ...window.events]
        .filter(ofLock)
        .map(({ kind, time, mode, value }) => [kind, time, mode, value]),
    );
    const trace = JSON.parse(readFileSync(join(out, "plain.trace.json"), "utf8"));
    expect(trace.otherData).toMatchObject({ scenario: "kvm-swap", variant: "plain", seed: window.seed });
  });

  test("of another stretch are replayed", async () => {
    await gupsim("report", compared, "--to", "ftrace", "--window", "50ms..90ms", "--out", out);
    const { events } = parseRecording(readFileSync(join(out, "plain.ftrace.txt"), "utf8"), "plain.ftrace.txt");
    const inside = events.filter(({ time }) => time >= 50_000_000);
    expect(inside.length).toBeGreaterThan(10);
    expect(inside.every(({ time }) => time <= 90_000_000)).toBe(true);
  });

  test("are missed with a word when none were kept", async () => {
    const file = join(folder, "alone.json");
    writeFileSync(file, readFileSync(join(compared, "plain.result.json")));
    const { code, err } = await gupsim("report", file, "--to", "chrome");
    expect(err).toContain("report: no events were kept beside this result: give --window FROM..TO");
    expect(code).toBe(2);
  });
});

test("the help names every format", async () => {
  const { out } = await gupsimAt(400, ["report", "--help"]);
  for (const { name, says } of reportFormats) expect(out.replace(/\s+/g, " ")).toContain(`${name}: ${says}`);
});

describe("what cannot be reported on", () => {
  test.each([
    [["nowhere"], "report: nowhere does not exist"],
    [[tmpdir()], "has no result.json and no study that goes on"],
    [["package.json"], "package.json: expected schema gupsim/result/v1, got none"],
    [["README.md"], "README.md:1:1: is not JSON"],
    [[compared, "--to", "pdf"], '--to: unknown format "pdf": one of text, '],
    [[compared, "--to", "md,csv", "--out", "-"], "--out -: stdout takes one file, 2 are asked for"],
    [[compared, "--watch", "--out", "-"], "--watch writes files: it does not go with --out -"],
    [[compared, "--serve", "x"], '--serve: expected a port from 0 to 65535, got "x"'],
    [[compared, "--window", "1ms"], '--window: "1ms": expected FROM..TO, such as 10ms..12.5ms'],
    [[compared, "--window", "2ms..1ms"], '--window: "2ms..1ms" ends before it begins'],
    [[compared, "--window", "3s..4s"], '--window: "3s..4s" begins after the end of kvm-swap, 200000000 ns'],
  ])("%j", async (args, message) => {
    const { code, err } = await gupsim("report", ...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  test("a result of a newer format", async () => {
    const file = join(folder, "newer.json");
    writeFileSync(file, JSON.stringify({ schema: "gupsim/result/v2" }));
    const { code, err } = await gupsim("report", file);
    expect([code, err]).toEqual([
      2,
      `gupsim: ${file}: expected schema gupsim/result/v1, got "gupsim/result/v2": it is of another version\n`,
    ]);
  });
});

describe("a study that goes on", () => {
  const ongoing = join(folder, "ongoing");
  const { scenario, budgets } = loadScenario("kvm-swap", ["duration=200ms"]);
  const variants = ["plain", "unlocked"];
  const study: StudyHead = { scenario, budgets, variants, seeds: ["1", "2", "3"], from_ns: 0, reproduce: "gupsim" };

  beforeAll(async () => {
    // The folder alone: a study that is about to begin.
    await gupsim("run", "kvm-swap", "--set", "duration=20ms", "--out", ongoing);
    rmSync(join(ongoing, "result.json"));
    const journal = new Journal(ongoing, [study], study);
    for (const [variant, seeds] of [
      ["plain", ["1", "2"]],
      ["unlocked", ["1"]],
    ] as const) {
      for (const seed of seeds) {
        const cell = { measure: "replication", scenario, variant: parseVariant(variant), seed, from_ns: 0 } as const;
        journal.add(cell, runCell(cell));
      }
    }
  });

  test("is reported with the seeds that all variants have, and says that it is not complete", async () => {
    const { code, out } = await gupsim("report", ongoing, "--to", "md", "--out", "-");
    expect(code).toBe(0);
    expect(out).toMatch(/^\*\*interrupted: 1 of \d+ pairs\*\*$/m);
    const alone = await gupsim(
      "compare",
      "kvm-swap",
      "--set",
      "duration=200ms",
      "--seeds",
      "1",
      "--warmup",
      "0",
      "--no-out",
    );
    const [sentence] = alone.out.split("\n");
    const [state, same] = (await gupsim("report", ongoing)).out.split("\n");
    expect(state).toMatch(/^interrupted: 1 of \d+ pairs$/);
    expect(same).toBe(sentence);
  });

  test("is served on the loopback address, and tells its readers when there is more", async () => {
    const program = fileURLToPath(new URL("../../dist/bin/gupsim.js", import.meta.url));
    const served = join(folder, "served");
    cpSync(ongoing, served, { recursive: true });
    const child = spawn(process.execPath, [program, "report", served, "--serve", "0"]);
    const ended = new Promise((resolve) => child.on("close", resolve));
    const url = await new Promise<string>((resolve) =>
      child.stderr.on("data", (data) => {
        const [found] = /http:\S+/.exec(String(data)) ?? [];
        if (found !== undefined) resolve(found);
      }),
    );
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const events = await fetch(`${url}events`);
    expect(events.headers.get("content-type")).toBe("text/event-stream");
    const reader = (events.body as ReadableStream<Uint8Array>).getReader();
    let page = "";
    while (!page.includes("kvm-swap")) {
      page = await (await fetch(url)).text();
      await setTimeout(50);
    }
    expect(page).toContain("EventSource");
    expect((await fetch(`${url}etc/passwd`)).status).toBe(404);
    await gupsim("run", "kvm-swap", "--set", "duration=20ms", "--out", served);
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toContain("data: newer");
    await reader.cancel();
    child.kill("SIGINT");
    expect(await ended).toBe(130);
  });

  test("cannot be served on a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, err } = await gupsim("report", ongoing, "--serve", String(port));
    other.close();
    expect([code, err.includes(`cannot serve on 127.0.0.1:${port}`)]).toEqual([5, true]);
  });

  test("is written again after each change, until it is complete", async () => {
    const watching = gupsim("report", ongoing, "--watch", "--to", "md");
    while (!existsSync(join(ongoing, "report.md"))) await setTimeout(20);
    expect(readFileSync(join(ongoing, "report.md"), "utf8")).toContain("interrupted:");
    const { err } = await gupsim("compare", "kvm-swap", ...short, "--warmup", "0", "--out", ongoing);
    expect(err).toContain("resumed 3 of 6 replications from an interrupted run");
    const { code } = await watching;
    expect(code).toBe(0);
    expect(readFileSync(join(ongoing, "report.md"), "utf8")).not.toContain("interrupted:");
  });
});
