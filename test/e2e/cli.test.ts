import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scenarioKeys } from "../../scenarios/schema/keys/keys.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { presets } from "../../sim/kernels/presets.ts";
import { gupsimAt, type Said } from "../support/gupsim.ts";

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "gupsim-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const gupsim = (...args: string[]): Promise<Said> => gupsimAt(100, args);

/** A scenario of a few milliseconds. */
const small = join(folder, "small.yaml");
beforeAll(() => {
  writeFileSync(
    small,
    `schema: gupsim/scenario/v1
name: small
question: is it small?
duration: 20ms
devices: { disk: { kind: swap, latency: 1ms } }
mms: { qemu: { vmas: { ram: { kind: anon, size: 1MiB, resident: 50%, keep: 50%, backing: disk } } } }
tasks:
  user: { role: user_thread, count: 2, mm: qemu, touch: ram, think: 1ms }
  reader: { role: proc_reader, file: maps, target: qemu, every: 1ms }
  writer: { role: mm_writer, mm: qemu, op: mmap+munmap, size: 8KiB, every: 1ms }
`,
  );
});

describe("the small commands", () => {
  test("list names every bundled scenario with its question", async () => {
    const { code, out } = await gupsim("list");
    expect(code).toBe(0);
    for (const name of ["kvm-swap", "kvm-zram", "pvm-readv-batch", "readers-without-writer"])
      expect(out).toContain(name);
    const json = JSON.parse((await gupsim("list", "--format", "json")).out);
    expect(json.scenarios.every((row: { question: string }) => row.question.endsWith("?"))).toBe(true);
  });

  test("validate accepts every bundled scenario, and a bad one is exit code 2 with its place", async () => {
    const files = readdirSync(join(home, "scenarios/library")).filter((name) => name.endsWith(".yaml"));
    const good = await gupsim("validate", ...files.map((name) => join("scenarios/library", name)));
    expect(good.code).toBe(0);
    expect(good.out.split("\n").filter((line) => line.endsWith(": ok"))).toHaveLength(files.length);
    const bad = join(folder, "bad.yaml");
    writeFileSync(bad, "name: 7\n");
    const refused = await gupsim("validate", bad, small);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(`${bad}:1:7: name: expected text, got 7`);
    expect(refused.out).toContain(`${small}: ok`);
  });

  test("describe shows values with their origins and costs with their sources", async () => {
    const { code, out } = await gupsim("describe", small, "--set", "tasks.user.count=3");
    expect(code).toBe(0);
    expect(out).toContain("tasks.user.count = 3 (--set)");
    expect(out).toContain("tasks.reader.count = 1 (default)");
    expect(out).toContain("devices.disk.latency.value_ns = 1000000 (file)");
    expect(out).toMatch(/io_submit +5\.00 µs {2}guessed: guess, 2-20 us/);
  });

  test("describe --presets prints presets by axis", async () => {
    const { out } = await gupsimAt(200, ["describe", "--presets"]);
    const forms = Object.values(presets).map(({ axes }) => axes.gup);
    expect(out).toMatch(new RegExp(`^gup +${forms.join(" +").replaceAll(".", "\\.")}$`, "m"));
    expect(out).toContain("unlocked is v4.0");
  });

  test("describe --preset prints a kernel as rules with their sources, also for a changed one", async () => {
    const { code, out } = await gupsim("describe", "--preset", "v6.18+gup=plain");
    expect(code).toBe(0);
    expect(out).toMatch(/gup +plain +one pass, the lock held over every IO\n +Source: v3\.17 mm\/gup\.c/);
    expect(out).toMatch(/rwsem +modern +readers steal/);
    const json = await gupsim("describe", "--preset", "v3.17+rwsem=steal:3", "--format", "json");
    expect(JSON.parse(json.out).rules[1]).toMatchObject({ axis: "rwsem", value: "steal:3", source: "no kernel's" });
    expect((await gupsim("describe", "--preset", "v9")).code).toBe(2);
  });

  test("schema prints a JSON Schema", async () => {
    const { out } = await gupsim("schema");
    expect(JSON.parse(out).properties.tasks).toBeDefined();
  });

  test("--version, with --json the stamp", async () => {
    expect((await gupsim("--version")).out).toMatch(/^gupsim \d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await gupsim("--version", "--json")).out).result_schema).toBe("gupsim/result/v1");
  });

  test("--help lists the commands and the exit codes", async () => {
    const { code, out } = await gupsim("--help");
    expect(code).toBe(0);
    for (const word of ["compare", "litmus", "Exit codes", "--no-color"]) expect(out).toContain(word);
  });

  test("completion prints a script", async () => {
    expect((await gupsim("completion")).out).toContain("gupsim");
  });
});

describe("litmus", () => {
  test("prints one JSON document for one vector", async () => {
    const { out } = await gupsim("litmus", "PPIPPIPP", "--variants", "v4.0,rfc", "--format", "json");
    expect(JSON.parse(out)).toEqual({
      schema: "gupsim/litmus/v1",
      pages: "PPIPPIPP",
      prefault: false,
      costs: { walk_ns: 1000, submit_ns: 10000, io_ns: 1000000, map_ns: 5000, fail_ns: 5000 },
      variants: [
        {
          variant: "v4.0",
          result: 8,
          errno: null,
          bug: null,
          acquisitions: 3,
          hold_segments_ns: [12000, 18000, 8000],
          total_hold_ns: 38000,
          max_hold_ns: 18000,
          unlocked_wait_ns: 2000000,
          lock_held_at_end: false,
        },
        {
          variant: "rfc",
          result: null,
          errno: null,
          bug: "ret > 1",
          acquisitions: 2,
          hold_segments_ns: [12000, 1026000],
          total_hold_ns: 1038000,
          max_hold_ns: 1026000,
          unlocked_wait_ns: 1000000,
          lock_held_at_end: true,
        },
      ],
    });
  });

  test("prints a document a line as ndjson, with costs changed and leaks reported", async () => {
    const { out } = await gupsim(
      "litmus",
      "PPIPPIPP",
      "E",
      "--variants",
      "rfc",
      "--bug",
      "ignore",
      "--cost",
      "io=50us",
      "--format",
      "ndjson",
    );
    const documents = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(documents[0].variants[0]).toMatchObject({ result: 2, leaked_references: 6, unlocked_wait_ns: 50000 });
    expect(documents[1].variants[0]).toMatchObject({ result: -14, errno: "EFAULT" });
  });

  test("draws a time line", async () => {
    const { out } = await gupsim("litmus", "PI", "--variants", "plain,v4.0");
    expect(out).toContain("plain        |##11##|%%%%1000%%%%|#6#|");
    expect(out).toContain("v4.0         |##11##|~~~~1000~~~~|#6#|");
    expect(out).toContain("returns 2, 2 acquisitions, held 17, longest 11, unlocked wait 1000");
  });

  test.each([
    [["PQP"], 'unknown page "Q" in "PQP": one of P (resident), '],
    [["P", "I", "--format", "json"], "--format json is one document, and 2 vectors are given: use --format ndjson"],
    [
      ["P", "--variants", "v9.9"],
      `unknown preset "v9.9" in variant "v9.9": one of ${Object.keys(presets).join(", ")}, plain, unlocked`,
    ],
    [
      ["P", "--variants", "plain+gup=new"],
      'unknown value "new" of axis gup in variant "plain+gup=new": one of plain, rfc, rfc:early-drop, rfc:add-again,',
    ],
    [["P", "--variants", "plain+foo=1"], 'unknown axis "foo" in variant "plain+foo=1": one of gup, rwsem,'],
    [["P", "--variants", "plain,plain"], '--variants: "plain" is given twice'],
    [["P", "--cost", "foo=1us"], '--cost foo=1us: unknown cost "foo": one of walk, submit, io, map, fail'],
    [["P", "--cost", "io=5"], "--cost io=5: expected a duration with a unit such as 10us"],
    [["P", "--bug", "maybe"], 'Choices: "stop", "ignore"'],
    [["P".repeat(2000)], "a page vector has at most 1024 pages, this one has 2000"],
  ])("refuses %j", async (args, message) => {
    const { code, err, out } = await gupsim("litmus", ...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });
});

describe("run and compare", () => {
  test("compare --format json prints the document, and files hold the full histograms", async () => {
    const target = join(folder, "out");
    const { code, out, err } = await gupsim("compare", small, "--format", "json", "--out", target, "--seeds", "2");
    expect(code).toBe(0);
    const document = JSON.parse(out);
    expect(document).toMatchObject({ schema: "gupsim/compare/v1", scenario: "small", seeds: ["1", "2"] });
    expect(document.variants.map((v: { variant: string; preset: string }) => [v.variant, v.preset])).toEqual([
      ["plain", "v3.17"],
      ["unlocked", "v4.0"],
    ]);
    const hold = document.variants[0].metrics["mmap_sem.hold{mode=R}"];
    expect(Object.keys(hold)).toEqual(["unit", "count", "min", "max", "sum", "mean", "p50", "p90", "p99", "p99_9"]);
    expect(document.differences[0].interval).toMatchObject({ method: expect.any(String), n: 2 });
    expect(readdirSync(target).sort()).toEqual([
      "hold.png",
      "plain.result.json",
      "plain.window.json",
      "report.html",
      "result.json",
      "unlocked.result.json",
      "unlocked.window.json",
      "wait.png",
    ]);
    expect(err).toContain(`wrote ${join(target, "result.json")}`);
    const result = JSON.parse(readFileSync(join(target, "plain.result.json"), "utf8"));
    expect(result.schema).toBe("gupsim/result/v1");
    expect(result.metrics["mmap_sem.hold{mode=R}"].hdr).toMatch(/^HIST/);
    expect(readFileSync(join(target, "hold.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("the same command gives the same bytes, and another seed gives others", async () => {
    const [first, again, other] = await Promise.all([
      gupsim("compare", small, "--no-out", "--format", "json", "--seed", "x"),
      gupsim("compare", small, "--no-out", "--format", "json", "--seed", "x"),
      gupsim("compare", small, "--no-out", "--format", "json", "--seed", "y"),
    ]);
    expect(again?.out).toBe(first?.out);
    expect(JSON.parse(other?.out ?? "").variants[0].metrics).not.toEqual(
      JSON.parse(first?.out ?? "").variants[0].metrics,
    );
  });

  test("run prints a report, and with --events the trace, filtered", async () => {
    const report = await gupsim("run", small, "--no-out", "--invariants", "--full");
    expect(report.out).toContain("&mm->mmap_sem-R");
    const events = await gupsim(
      "run",
      small,
      "--no-out",
      "--events",
      "--from",
      "1ms",
      "--to",
      "3ms",
      "--task",
      "reader",
    );
    const lines = events.out.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).toMatch(/^ {10}reader-1002 {4}\[000\] \.{5} {5}0\.00[123]\d+: \w+: /);
  });

  test("run --format json prints the result document alone", async () => {
    const { out } = await gupsim("run", small, "--no-out", "--format", "json", "--variants", "v4.0+rwsem=strict-fifo");
    expect(JSON.parse(out)).toMatchObject({
      variant: "v4.0+rwsem=strict-fifo",
      preset: "v4.0",
      axes: { rwsem: "strict-fifo" },
    });
  });

  test("an ending that the scenario announces is exit code 0, another one is 4", async () => {
    const announced = await gupsim("compare", "pvm-readv-batch", "--no-out", "--seeds", "1", "-q");
    expect(announced.code).toBe(0);
    expect(announced.out).toContain("orphaned-lock");
    const alone = await gupsim("run", "pvm-readv-batch", "--no-out", "--variants", "rfc", "--set", "expected={}");
    expect(alone.code).toBe(4);
    expect(alone.out).toContain("BUG_ON(ret > 1)");
  });

  test.each([
    [["run", "kvm-swap", "--variants", "plain,rfc"], 'run simulates one variant, "plain,rfc" are several: use compare'],
    [["compare", "kvm-swap", "--variants", "plain"], "compare needs at least two variants"],
    [["compare", "kvm-swap", "--seeds", "0"], '--seeds: expected a whole number from 1 to 10000, got "0"'],
    [["compare", "kvm-swap", "--seeds", "x"], '--seeds: expected a whole number from 1 to 10000, got "x"'],
    [["compare", "kvm-swap", "--seeds", "2", "--seed", "a"], "--seed and --seeds: give one of them"],
    [["compare", "kvm-swap", "--seed", "a", "--seed", "a"], "--seed: the same seed is given twice"],
    [["compare", "kvm-swop"], 'no such file, and no scenario of that name (did you mean "kvm-swap"?)'],
    [
      ["compare", "kvm-swap", "--set", "tasks.vcpu.count=2"],
      '--set tasks.vcpu.count=2: tasks.vcpu: unknown task "vcpu" (did you mean "vcpus"?)',
    ],
    [["run", "kvm-swap", "--events", "--from", "5"], "--from: expected a duration with a unit such as 10us"],
    [["run", "kvm-swap", "--events", "--seeds", "2"], "--events prints one run: give one seed"],
    [["run", "kvm-swap", "--events", "--format", "json"], "--events prints text: it does not go with --format json"],
    [["run", "kvm-swap", "--events", "--mm", "qem"], '--mm: no mm "qem": one of qemu'],
    [["describe"], "describe: give a scenario, --preset NAME, --presets or --keys"],
    [["compar", "kvm-swap"], "Did you mean compare?"],
    [["compare", "kvm-swap", "--formt", "json"], "Unknown argument: formt (did you mean --format?)"],
    [["compare", "kvm-swap", "--variant", "plain"], "Unknown argument: variant (did you mean --variants?)"],
    [["run", "kvm-swap", "--sets", "x=1"], "Unknown argument: sets (did you mean --set?)"],
    [["run"], "run needs <scenario>"],
    [["describe", "v6.18"], 'describe: "v6.18" is a kernel: describe --preset v6.18'],
    [
      ["compare", "kvm-swap", "unlocked"],
      'compare: "unlocked" is a kernel: compare kvm-swap --variants plain,unlocked',
    ],
    [["compare", "kvm-swap", "kvm-zram"], "compare: two names are two saved results (A.json B.json)"],
    [["compare", "nofile.yaml"], "gupsim: nofile.yaml: no such file, and no scenario of that name"],
    [[], "gupsim list"],
    [["--quiet"], "give a command; gupsim --help lists them"],
  ])("refuses %j and writes nothing", async (args, message) => {
    const { code, err, out } = await gupsim(...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
    expect(existsSync(join(home, "gupsim-out", "kvm-swop"))).toBe(false);
  });

  test("an --out that cannot be written is exit code 5, before anything is simulated", async () => {
    const file = join(folder, "occupied");
    writeFileSync(file, "");
    const { code, err, out } = await gupsim("compare", "kvm-swap", "--set", "duration=60min", "--out", join(file, "x"));
    expect(err).toContain(`cannot write to ${join(file, "x")}: `);
    expect([code, out]).toEqual([5, ""]);
    chmodSync(file, 0o644);
  });
});

describe("agree", () => {
  test("prints simulated beside measured, and says with its exit code whether they agree", async () => {
    const { code, out } = await gupsim("agree", "real-e6-arrival", "--seeds", "2");
    expect(out).toContain("real-e6-arrival as v6.18, the median of 2 seeds; measured: Linux 6.18.38");
    expect(out).toMatch(/writer's grant after the hold's end +\S+ µs +13\.0 µs .*10 us +agrees/);
    expect(out).toContain("4 of 4 cells with a tolerance agree");
    expect(code).toBe(0);
  });

  test("prints the total of several scenarios", async () => {
    const { code, out } = await gupsim("agree", "real-e6-arrival", "real-v5-nowriter", "--seeds", "1");
    expect(out).toContain("in all: 8 of 8 cells with a tolerance agree");
    expect(code).toBe(0);
  });

  test("exits with 1 when a cell differs, and gives the rows as JSON", async () => {
    const args = ["agree", "real-v2-procmem", "--variants", "v6.18+rwsem=strict-fifo", "--seeds", "1"];
    const { code, out } = await gupsim(...args, "--format", "json");
    expect(code).toBe(1);
    const [document] = JSON.parse(out);
    expect(document).toMatchObject({ schema: "gupsim/agreement/v1", scenario: "real-v2-procmem" });
    expect(document.rows[4]).toMatchObject({ cell: "gup wait p90", measured: 10_471_000, verdict: "differs" });
  });

  test("refuses a scenario that nobody measured", async () => {
    const { code, err } = await gupsim("agree", "kvm-swap");
    expect([code, err]).toEqual([2, "gupsim: kvm-swap has no measured values to agree with\n"]);
  });
});

describe("compare over kernels", () => {
  test("says which rules make the difference, by switching each on alone", async () => {
    const args = ["compare", small, "--variants", "v3.17,v6.18", "--seeds", "1", "--no-out", "--full"];
    const { code, out } = await gupsim(...args);
    expect(code).toBe(0);
    expect(out).toContain("which rules of v6.18 make the difference");
    expect(out).toMatch(/^gup: plain -> modern /m);
    expect(out).toMatch(/^all: v6\.18 /m);
    const json = JSON.parse((await gupsim(...args, "--format", "json")).out);
    expect(json.rules[0].figures.map(({ rule }: { rule: string }) => rule)).toEqual([
      "v3.17",
      "gup: plain -> modern",
      "rwsem: xadd-v3.17 -> modern",
      "fault: v3.17 -> modern",
      "userfault: released-first -> queued-first",
      "vma: none -> v6.18",
      "munmap: write -> downgrade",
      "kvm: v3.17 -> modern",
      "takers: v3.17 -> v6.18",
      "all: v6.18",
    ]);
  });
});

describe("sweep", () => {
  test("prints a CSV row a cell and variant, the last axis fastest", async () => {
    const args = [
      "sweep",
      small,
      "--grid",
      "devices.disk.latency=1ms,{exponential: 2ms}",
      "--grid",
      "tasks.user.count=1,2",
    ];
    const { code, out } = await gupsim(
      ...args,
      "--variants",
      "plain,unlocked",
      "--metric",
      "mmap_sem.hold{mode=R}:count",
      "--format",
      "csv",
    );
    expect(code).toBe(0);
    const [head, ...rows] = out.trim().split("\n");
    expect(head).toBe(
      "devices.disk.latency,tasks.user.count,variant,seeds,ending,mmap_sem.hold{mode=R}:count,at_least",
    );
    expect(rows.map((row) => row.split(",").slice(0, 4).join())).toEqual([
      "1ms,1,plain,1",
      "1ms,1,unlocked,1",
      "1ms,2,plain,1",
      "1ms,2,unlocked,1",
      "{exponential: 2ms},1,plain,1",
      "{exponential: 2ms},1,unlocked,1",
      "{exponential: 2ms},2,plain,1",
      "{exponential: 2ms},2,unlocked,1",
    ]);
  });

  test("draws each time of a sweep over a duration", async () => {
    const slopes = join(folder, "slopes");
    const columns = ["mmap_sem.hold{mode=R}:mean", "mmap_sem.hold{mode=R}:count"].flatMap((name) => ["--metric", name]);
    const args = ["sweep", small, "--grid", "devices.disk.latency=1ms,2ms", "--out", slopes, ...columns];
    const { code, err } = await gupsim(...args);
    expect([code, err]).toEqual([0, `wrote ${join(slopes, "slope.mmap_sem.hold.mode-R.mean.png")}\n`]);
    expect(readdirSync(slopes)).toEqual(["slope.mmap_sem.hold.mode-R.mean.png"]);
  });

  test("prints NDJSON", async () => {
    const args = ["sweep", small, "--grid", "tasks.user.count=1", "--variants", "plain", "--format", "ndjson"];
    const { out } = await gupsim(...args);
    expect(JSON.parse(out)).toMatchObject({ cell: { "tasks.user.count": "1" }, variant: "plain", seeds: 1 });
  });

  test.each([
    [["--grid", "nonsense"], "--grid nonsense: expected PATH=VALUE,VALUE,…"],
    [["--grid", "tasks.user.count=1,,2"], "--grid tasks.user.count=1,,2: a value is empty"],
    [["--grid", "tasks.user.count=1,-2"], "--set tasks.user.count=-2"],
    [
      ["--grid", "tasks.user.count=1", "--metric", "wait"],
      "--metric wait: expected METRIC:STAT, STAT one of count, rate,",
    ],
    [[], "sweep needs a grid"],
    [
      ["--grid", "tasks.user.count=1", "--grid", "devices.disk.latency=1ms", "--out", "never"],
      "--out draws times against a duration: the grid may have one path, got tasks.user.count and devices.disk.latency",
    ],
    [
      ["--grid", "tasks.user.count=1", "--out", "never"],
      "--out draws times against a duration: expected a duration with a unit such as 10us",
    ],
    [
      ["--grid", "devices.disk.latency=1ms,0ms", "--out", "never"],
      '--out draws times against a duration: "0ms" has no place on a log axis',
    ],
    [
      ["--grid", "devices.disk.latency=1ms", "--metric", "mmap_sem.hold{mode=R}:count", "--out", "never"],
      "--out draws times against a duration: no column is a time: they are counts and rates",
    ],
  ])("refuses %j before it simulates", async (args, message) => {
    const { code, out, err } = await gupsim("sweep", small, ...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });
});

test("review prints each suggestion with what it breaks and what upstream did", async () => {
  const { code, out } = await gupsimAt(140, ["review"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^S63 +s\/nr_pages\/1\/ +- +- +- +- +4 G +18\.0 µs$/m);
  expect(out).toContain("S63       Andres Lagar-Cavilla; taken");
  expect(out).toContain("as posted: patch 1 lacks FOLL_TRIED\n");
  expect(out).toMatch(/^KVM +2 +4\.\d+ ms +\S+ µs +\d+\.\d %$/m);
});

describe("explain", () => {
  test("knows the keys of a scenario, also by a name for the star, with what they take", async () => {
    const keys = scenarioKeys().filter(({ path }) => !path.startsWith("machine.cost."));
    for (const path of ["tasks.*.every", "devices.swapdev.readahead", ...keys.slice(0, 6).map((key) => key.path)]) {
      const { code, out } = await gupsim("explain", path);
      expect([path, code, out.includes("(key)"), /Takes\s/.test(out)]).toEqual([path, 0, true, true]);
    }
    expect((await gupsim("explain", "tasks.*.timer_slak")).err).toContain("tasks.*.timer_slack");
  });

  test("prints what, why, said, later and source of everything that a name may mean", async () => {
    const { code, out } = await gupsim("explain", "v4.0");
    expect(code).toBe(0);
    expect(out).toMatch(/^gup=v4\.0 \(rule\)$/m);
    expect(out).toMatch(/^kvm=v4\.0 \(rule\)$/m);
    expect(out).toMatch(/^ {2}said {4}Andrea Arcangeli: "seek to the first page/m);
    expect(out).toMatch(/^ {2}source {2}v4\.0 mm\/gup\.c$/m);
  });

  test("without a name lists all, and as JSON with every field", async () => {
    const { out } = await gupsim("explain");
    for (const name of ["gup=rfc", "section_lost", "async_pf_execute", "locked"]) expect(out).toContain(name);
    const document = JSON.parse((await gupsim("explain", "mmap_sem_hold", "--format", "json")).out);
    expect(document.entries).toHaveLength(1);
    expect(document.entries[0]).toMatchObject({ kind: "term", name: "locked" });
  });

  test("refuses a name that nothing has, with the nearest", async () => {
    const { code, err } = await gupsim("explain", "gup=rcf");
    expect(code).toBe(2);
    expect(err).toContain('explain: nothing is called "gup=rcf" (did you mean "gup=rfc"?)');
  });
});

describe("the tables of calls", () => {
  test("list --mail-rows maps each statement of the mail", async () => {
    const { code, out } = await gupsim("list", "--mail-rows");
    expect(code).toBe(0);
    expect(out).toMatch(/^S63 /m);
    expect(out).toContain("scenarios: second-pass-one-page");
    expect(JSON.parse((await gupsim("list", "--mail-rows", "--format", "json")).out).rows).toHaveLength(137);
    expect((await gupsim("list", "--seed-rows")).out).toBe(out);
  });

  test("sites --calls says what each call of the family can be asked for", async () => {
    const { out } = await gupsim("sites", "--calls");
    expect(out).toMatch(/^get_user_pages_fast +yes +yes +- +- +- +-$/m);
    expect(JSON.parse((await gupsim("sites", "--calls", "--format", "json")).out).calls).toHaveLength(6);
  });

  test("sites --matrix prints a row a call, how it holds, and what it does not cover", async () => {
    const { code, out } = await gupsimAt(250, ["sites", "--matrix", "--preset", "v6.18"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^pread \/proc\/PID\/mem \(procmem_read\) +failed +20\.0 ms R HELD +20\.0 ms R HELD +20\.0 ms R HELD$/m,
    );
    expect(out).toMatch(/^mremap\(move\) of dirty shared FUSE pages \(mremap_dirty\) +20\.0 ms W HELD/m);
    expect(out).toContain("not covered:");
    const document = JSON.parse((await gupsim("sites", "--matrix", "--format", "json")).out);
    expect(document.rows.find((row: { name: string }) => row.name === "vmread").cells["shmem swap"].heldOverIo).toBe(
      true,
    );
  });

  test("litmus --site runs the three forms of a call site, and refuses one that is none", async () => {
    const { out } = await gupsim("litmus", "PPIP", "--site", "ceph_get_direct_page_vector", "--variants", "v4.0");
    for (const form of ["before", "rfc", "merged"]) expect(out).toContain(`v4.0 ${form}`);
    const { code, err } = await gupsim("litmus", "P", "--site", "nobody");
    expect([code, err.includes("--site nobody: no such call site, one of get_user_pages_fast")]).toEqual([2, true]);
  });
});

describe("retry", () => {
  test("prints a curve for each cell of the scenario's own grid", async () => {
    const { code, out } = await gupsim("retry", "retry-curve", "--set", "duration=1s");
    expect(code).toBe(0);
    expect(out).toContain("mms.process.vmas.heap.reclaim={ exponential: 5us } v4.0+gup=retry:forever");
    expect(out).toMatch(/1 -> 2 +\d+ +\d+ +\d/);
    expect(out.match(/IO +pages +again/g)).toHaveLength(4);
  });

  test("as JSON, with the cells and the steps", async () => {
    const grid = ["--grid", "tasks.debugger.count=2", "--set", "duration=500ms", "--variants", "v4.0"];
    const document = JSON.parse((await gupsim("retry", "retry-feedback", ...grid, "--format", "json")).out);
    expect(document.curves[0]).toMatchObject({
      cell: { "tasks.debugger.count": "2" },
      variant: "v4.0",
      ending: "duration",
    });
    expect(document.curves[0].steps[0].pages).toBeGreaterThan(10);
  });
});

test("sweep takes the grid and the columns of the scenario when none are given", async () => {
  const { code, out } = await gupsim("sweep", "iommu-device-faults", "--set", "duration=200ms", "--format", "csv");
  expect(code).toBe(0);
  expect(out.split("\n")[0]).toContain("tasks.iommu.form,variant,seeds,ending,");
  expect(out.trim().split("\n")).toHaveLength(7);
});

test("a scenario says what it expects", async () => {
  expect((await gupsim("describe", "three-tries")).out).toContain("expected: Each attempt lowers the holds over IO");
});

describe("deadlocks", () => {
  test.each(["pager-self-lock", "mempolicy-nested", "gru-nested", "user-served-death"])(
    "%s ends run with exit code 4 and a certificate: tasks, sites and edges",
    async (name) => {
      const { scenario } = loadScenario(name);
      const { code, out } = await gupsim("run", name, "--variants", scenario.variants[0] as string, "--no-out");
      expect(code).toBe(4);
      expect(out).toMatch(name === "user-served-death" ? /for\s+read\s+for\s+ever:\s+it\s+waits\s+for/ : /held\s+by/);
    },
  );
});

describe("compare of two saved results", () => {
  const save = async (name: string, ...more: string[]): Promise<string> => {
    const out = join(folder, name);
    expect((await gupsim("run", small, "--seeds", "5", "--out", out, ...more)).code).toBe(0);
    return join(out, "result.json");
  };

  test("pairs the seeds, and calls equal ones identical", async () => {
    const a = await save("saved-a");
    const b = await save("saved-b", "--set", "machine.cost={ io_submit: 9us }");
    const { code, out, err } = await gupsim("compare", a, b, "--full");
    expect([code, err.includes("the results are of different scenarios")]).toEqual([0, true]);
    expect(out).toMatch(/^== .*result\.json\) -> .*result\.json\)/m);
    expect(out).toContain("over 5 seeds, paired");
    expect((await gupsim("compare", a, a, "--full")).out).toContain(
      "identical: all acquisitions, hold times and wait times agree to the ns",
    );
    const document = JSON.parse((await gupsim("compare", a, b, "--format", "json")).out);
    expect(document).toMatchObject({ schema: "gupsim/compare-results/v1", same_scenario: false, identical: false });
    expect(document.differences.some(({ interval }: { interval: unknown }) => interval !== null)).toBe(true);
  });

  test("refuses what is no result", async () => {
    const { code, err } = await gupsim("compare", small, small);
    expect([code, err.includes("two names are two saved results")]).toEqual([2, true]);
  });
});

describe("help", () => {
  test("is printed by -h as by --help, with numbers as numbers, and by a bare gupsim with exit code 2", async () => {
    const [short, long, bare] = [await gupsim("run", "-h"), await gupsim("run", "--help"), await gupsim()];
    expect([short.code, long.code, bare.code, bare.out]).toEqual([0, 0, 2, ""]);
    expect(short.out).toBe(long.out);
    expect(short.out).toMatch(/--seeds[^[]*\[number\]/);
    expect(bare.err).toBe((await gupsim("--help")).out);
  });

  test("of completion is help, not the script", async () => {
    const { code, out } = await gupsim("completion", "--help");
    expect([code, out.includes("###-begin")]).toEqual([0, false]);
  });
});
