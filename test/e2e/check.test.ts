import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import type { CheckDocument } from "../../reports/documents/check.ts";
import { gupsimAt, type Said } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const gupsim = (...args: string[]): Promise<Said> => gupsimAt(200, args);

// p99 needs 1000 waits of the ten seeds: there are 990 in 300 ms.
const short = ["--set", "duration=320ms", "--no-out"];

describe("check on kvm-swap with its own budgets", () => {
  test("plain fails with exit code 1, and says by how much, who did it, where the budget stands and how to repeat it", async () => {
    const { code, out } = await gupsim("check", "kvm-swap", "--variants", "plain", "--full", ...short);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^✗ {2}mmap_sem\.wait\{mode=R,role=proc_reader\} +p99 <= 1ms +(?:≥ )?[\d.]+ ms +\[[\d.]+ ms, [\d.]+ ms\]$/m,
    );
    expect(out).toMatch(
      /observed (?:≥ )?[\d.]+ ms \[[\d.]+ ms, [\d.]+ ms\]; exceeded by [\d.]+ ms \([\d,.]+ %\); mostly async_pf_execute \(-R\) in swap IO \(\d+\.\d % of the wait\)/,
    );
    expect(out).toMatch(/scenarios\/library\/kvm-swap\.yaml:\d+:5/);
    expect(out).toContain("reproduce: gupsim check kvm-swap --variants plain --seeds 10 --set duration=320ms");
  });

  test("unlocked, the last of its variants, passes with exit code 0", async () => {
    const { code, out } = await gupsim("check", "kvm-swap", ...short);
    expect(code).toBe(0);
    expect(out).not.toMatch(/^[✗?]/m);
  });

  test("the same bytes at any number of threads", async () => {
    const one = await gupsim("check", "kvm-swap", ...short, "--format", "json");
    const two = await gupsim("check", "kvm-swap", ...short, "--format", "json", "--jobs", "2");
    expect(two.out).toBe(one.out);
    expect(JSON.parse(one.out)).toMatchObject({ schema: "gupsim/check/v1", passed: true, complete: true, tests: 4 });
  });
});

describe("exit codes of check", () => {
  const budgets = (name: string, ...lines: string[]): string => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, `schema: gupsim/budgets/v1\nbudgets:\n${lines.map((line) => `  - { ${line} }\n`).join("")}`);
    return file;
  };

  test("a metric with a typo is 2, with its place and the nearest name, before anything is simulated", async () => {
    const file = budgets("typo", "metric: 'mmap_sem.wiat{mode=R}', assert: p99 <= 1ms");
    const { code, out, err } = await gupsim("check", "kvm-swap", "--budget", file, "--no-out");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(
      `${file}:3:15: budgets.0.metric: unknown metric "mmap_sem.wiat" (did you mean "mmap_sem.wait"?)`,
    );
  });

  test("inconclusive is 3, with what would decide it, and 0 when that is asked for", async () => {
    const file = budgets("unsure", "metric: 'mmap_sem.wait{mode=R,role=kvm_vcpu}', assert: mean <= 3ms");
    const args = ["check", "kvm-swap", "--variants", "plain", "--budget", file, "--seeds", "3", ...short];
    const { code, out } = await gupsim(...args);
    expect(code).toBe(3);
    expect(out).toContain("3 replications, a verdict needs 10");
    expect((await gupsim(...args, "--on-inconclusive", "warn")).code).toBe(0);
  });

  test("a percentile that rests on too few samples is refused", async () => {
    const file = budgets("few", "metric: 'mmap_sem.wait{mode=R,role=proc_reader}', assert: p99.99 <= 1s");
    const { code, out } = await gupsim("check", "kvm-swap", "--budget", file, ...short);
    expect(code).toBe(3);
    expect(out).toMatch(/p99\.99 needs 100000 samples, there are \d+: run longer or with more seeds/);
  });

  test("a warning alone is 0, a waived failure too, until its day", async () => {
    const hold = "metric: 'mmap_sem.hold{mode=R,role=kworker}', assert: max <= 1us";
    const run = async (line: string): Promise<number> =>
      (await gupsim("check", "kvm-swap", "--variants", "plain", "--budget", budgets("levels", line), ...short)).code;
    expect(await run(`${hold}, level: warn`)).toBe(0);
    expect(await run(`${hold}, level: 'off'`)).toBe(0);
    expect(await run(`${hold}, waive: { until: '2999-12-31', reason: known }`)).toBe(0);
    expect(await run(`${hold}, waive: { until: '2001-01-01', reason: known }`)).toBe(1);
  });

  test("exceeded wins over inconclusive, a deadlock over both, a file that cannot be written over all of them", async () => {
    const [fails, unsure] = [
      "metric: 'mmap_sem.hold{mode=R}', assert: max <= 1ns",
      "metric: 'mmap_sem.hold{mode=R}', assert: p99.999 <= 1s",
    ];
    const run = async (scenario: string, variant: string, ...more: string[]): Promise<number> => {
      const file = budgets("both", fails, unsure);
      return (await gupsim("check", scenario, "--variants", variant, "--budget", file, ...more, "--no-out")).code;
    };
    const set = ["--set", "duration=50ms", "--warmup", "0"];
    expect(await run("kvm-swap", "plain", ...set)).toBe(1);
    expect(await run("pager-self-lock", "v5.4+gup=plain")).toBe(4);
    expect(await run("pager-self-lock", "v5.4+gup=plain", "--junit", join(folder, "none", "x.xml"))).toBe(5);
  });

  test("limits that people know by name are times: a frame, the pause of live migration, the hung-task detector", async () => {
    const file = budgets(
      "names",
      ...["frame", "migration-pause", "hung-task"].map(
        (limit) => `metric: 'mmap_sem.wait{mode=R}', assert: max <= ${limit}`,
      ),
    );
    const args = ["check", "kvm-swap", "--budget", file, "--set", "duration=50ms", "--no-out", "--format", "json"];
    const { rows } = JSON.parse((await gupsim(...args)).out) as CheckDocument;
    expect(rows.map(({ limit }) => limit)).toEqual([16.7e6, 300e6, 120e9]);
  });

  test("a deadlock is 4, whatever the budgets say", async () => {
    const { code, out } = await gupsim(
      "check",
      "pager-self-lock",
      "--variants",
      "v5.4+gup=plain",
      "--full",
      "--no-out",
    );
    expect(code).toBe(4);
    expect(out).toContain("ending deadlock");
  });

  test("no budgets at all is 2: a gate without one would always be open", async () => {
    const { code, err } = await gupsim("check", "kvm-zram", "--no-out");
    expect([code, err.includes("kvm-zram has no budgets: give --budget FILE or --baseline FILE")]).toEqual([2, true]);
  });
});

describe("--precision", () => {
  const file = join(folder, "precise.yaml");
  const budget = `{ metric: "mmap_sem.wait{mode=R,role=proc_reader}", assert: mean <= 1s }`;
  writeFileSync(file, `schema: gupsim/budgets/v1\nbudgets: [${budget}]\n`);
  const args = [
    "check",
    "proc-readers",
    "--variants",
    "plain",
    "--budget",
    file,
    "--set",
    "duration=60ms",
    "--no-out",
    "--format",
    "json",
  ];

  test("adds seeds until each interval is narrow enough, the same number on any number of threads", async () => {
    const wide = JSON.parse((await gupsim(...args)).out);
    expect(wide.seeds).toHaveLength(10);
    const one = await gupsim(...args, "--precision", "15%");
    const narrow: CheckDocument = JSON.parse(one.out);
    expect(narrow.seeds.length).toBeGreaterThan(10);
    expect(narrow.seeds.length).toBeLessThan(200);
    expect((await gupsim(...args, "--precision", "15%", "--jobs", "2")).out).toBe(one.out);
  });

  test("refuses what is no share, and seeds of the user's own", async () => {
    expect((await gupsim(...args, "--precision", "5")).err).toContain(
      "--precision: expected a share with a unit such as 60%",
    );
    expect((await gupsim(...args, "--precision", "5%", "--seed", "a")).err).toContain(
      "--precision chooses seeds itself",
    );
  });
});

describe("--update", () => {
  const file = join(folder, "update.yaml");
  const text = `# ours
schema: gupsim/budgets/v1
budgets:
  # the worker
  - { metric: "mmap_sem.hold{mode=R,role=kworker}", assert: max <= 100us }
  - { metric: "mmap_sem.hold_io{mode=R}", assert: count == 0 }
  - { metric: "mmap_sem.wait{mode=R,role=proc_reader}", assert: max <= hung-task }
`;
  const args = ["check", "kvm-swap", "--variants", "plain", "--budget", file, "--set", "duration=100ms", "--no-out"];

  test("rewrites the upper limits with head-room, shows the diff, leaves the rest and its comments; then nothing rewritten is exceeded there", async () => {
    writeFileSync(file, text);
    delete process.env.CI;
    const { code, err } = await gupsim(...args, "--update");
    expect(code).toBe(0);
    expect(err).toMatch(/- max <= 100us\n\+ max <= \d+(\.\d+)?ms/);
    const updated = readFileSync(file, "utf8");
    expect(updated).toContain("# the worker");
    expect(updated).toContain("count == 0");
    const after = JSON.parse((await gupsim(...args, "--format", "json")).out) as CheckDocument;
    // A hold that had not ended keeps a maximum open, whatever the limit.
    const [worker, io, reader] = after.rows.map(({ status }) => status);
    expect(io).toBe("fail");
    for (const status of [worker, reader]) expect(["pass", "inconclusive"]).toContain(status);
  });

  test("is refused in CI, and without a file of budgets", async () => {
    process.env.CI = "true";
    expect((await gupsim(...args, "--update")).err).toContain("--update is refused in CI");
    delete process.env.CI;
    expect((await gupsim("check", "kvm-swap", "--no-out", "--update")).err).toContain("give --budget FILE");
  });
});

describe("the warm-up", () => {
  const args = ["check", "kvm-swap", "--set", "duration=400ms", "--full", "--no-out"];

  test("is found by MSER-5 for a steady scenario, printed, and left out; a terminating one has none", async () => {
    const { out } = await gupsim(...args);
    expect(out).toMatch(/^kvm-swap as unlocked: 10 replications, warm-up [\d.]+ (ms|us|µs|ns), ending duration$/m);
    const set = ["--set", "kind=terminating"];
    expect((await gupsim(...args, ...set)).out).toContain("warm-up 0 ns");
  });

  test("can be given; what was measured begins then", async () => {
    const count = async (...more: string[]): Promise<number> =>
      (JSON.parse((await gupsim(...args, "--format", "json", ...more)).out) as CheckDocument).warm_up_ns;
    expect(await count("--warmup", "100ms")).toBe(100e6);
    expect(await count("--warmup", "0")).toBe(0);
    expect((await gupsim(...args, "--warmup", "soon")).err).toContain("--warmup: expected a duration with a unit");
    expect((await gupsim(...args, "--warmup", "1s")).err).toContain("--warmup: 1s is not shorter than the run");
  });

  test("of more than half of the run leaves no verdict", async () => {
    const { code, out } = await gupsim(...args, "--warmup", "300ms");
    expect(code).toBe(3);
    expect(out).toContain("the warm-up is more than half of the run: run longer, or give --warmup");
  });
});

describe("baselines", () => {
  const file = join(folder, "baseline.json");

  test("a run against its own baseline is identical, in every site", async () => {
    const saved = await gupsim("check", "kvm-swap", ...short, "--save-baseline", file);
    expect([saved.code, saved.err.includes(`wrote ${file}`)]).toEqual([0, true]);
    const { code, out } = await gupsim("check", "kvm-swap", "--full", ...short, "--baseline", file);
    expect(code).toBe(0);
    expect(out).toMatch(/^✓ {2}mmap_sem\.hold\{mode=R,site=async_pf_execute\} +mean <= baseline +\+0 % +identical$/m);
  });

  test("another scenario is refused", async () => {
    const { code, err } = await gupsim("check", "kvm-swap", "--set", "duration=200ms", "--no-out", "--baseline", file);
    expect(code).toBe(2);
    expect(err).toMatch(/it is of another scenario \(kvm-swap, hash [0-9a-f]{12}\); this is kvm-swap, hash/);
  });

  test("a declared parameter may differ: the same baseline, another value", async () => {
    const scenario = join(folder, "with-params.yaml");
    const param = "mmap: { path: machine.cost.mmap_region, default: 1us, range: [1us, 1ms] }";
    writeFileSync(
      scenario,
      `schema: gupsim/scenario/v1\nname: with-params\nextends: proc-readers\nduration: 100ms\nparams:\n  ${param}\n`,
    );
    const saved = join(folder, "params.json");
    const args = ["check", scenario, "--variants", "plain", "--full", "--no-out"];
    expect((await gupsim(...args, "--save-baseline", saved)).code).toBe(0);
    expect((await gupsim(...args, "--baseline", saved)).code).toBe(0);
    const { code, out } = await gupsim(...args, "--baseline", saved, "--set", "mmap=3us");
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ {2}mmap_sem\.hold\{mode=W,site=vm_mmap_pgoff\}/m);
    expect(out).toMatch(/^✓ {2}mmap_sem\.hold\{mode=W,site=vm_munmap\}/m);
    expect((await gupsim(...args, "--baseline", saved, "--set", "duration=90ms")).code).toBe(2);
  });

  test("what is no baseline is refused", async () => {
    writeFileSync(file, '{ "schema": "something/v9" }');
    const { code, err } = await gupsim("check", "kvm-swap", "--full", ...short, "--baseline", file);
    expect([code, err.includes('expected schema gupsim/baseline/v1, got "something/v9"')]).toEqual([2, true]);
  });
});

describe("check of a saved result", () => {
  const out = join(folder, "saved");
  const result = join(out, "result.json");
  const study = ["proc-readers", "--variants", "plain", "--set", "duration=100ms", "--seeds", "10", "--warmup", "0"];
  const budgets = join(folder, "saved-budgets.yaml");
  beforeAll(async () => {
    writeFileSync(
      budgets,
      [
        "schema: gupsim/budgets/v1",
        "budgets:",
        '  - { metric: "mmap_sem.wait{mode=R}", assert: p99 <= 1us }',
        '  - { metric: "mmap_sem.hold{mode=W}", assert: mean <= 1s }',
        "",
      ].join("\n"),
    );
    await gupsim("run", ...study, "--out", out);
  });

  test("gives the verdicts of a check that simulates, with the budgets of a file", async () => {
    const simulated = await gupsim("check", ...study, "--no-out", "--budget", budgets, "--format", "json");
    const saved = await gupsim("check", result, "--budget", budgets, "--format", "json");
    expect([saved.code, simulated.code]).toEqual([1, 1]);
    const [a, b] = [JSON.parse(saved.out), JSON.parse(simulated.out)];
    expect(a.rows.map((row: { status: string }) => row.status)).toEqual(["fail", "pass"]);
    expect(a.rows).toEqual(b.rows);
    expect(a.reproduce).toBe("gupsim run proc-readers --variants plain --seeds 10 --set duration=100ms --warmup 0");
  });

  test("and with the scenario's own", async () => {
    const folderOfRun = join(folder, "saved-own");
    const own = ["kvm-swap", "--variants", "plain", "--seeds", "10", "--warmup", "0", "--set", "duration=200ms"];
    await gupsim("run", ...own, "--out", folderOfRun);
    const saved = await gupsim("check", join(folderOfRun, "result.json"), "--format", "json");
    const simulated = await gupsim("check", ...own, "--no-out", "--format", "json");
    expect(saved.code).toBe(1);
    expect(JSON.parse(saved.out).rows).toEqual(JSON.parse(simulated.out).rows);
  });

  test("holds it against a baseline, site by site", async () => {
    const baseline = join(folder, "saved-baseline.json");
    await gupsim("check", ...study, "--no-out", "--save-baseline", baseline);
    const { code, out: text } = await gupsim("check", result, "--full", "--baseline", baseline);
    expect(code).toBe(0);
    expect(text).toMatch(/^✓ {2}mmap_sem\.hold\{mode=W,site=vm_munmap\} +mean <= baseline +\+0 % +identical$/m);
    const warmedUp = join(folder, "warmed-up");
    await gupsim("run", ...study.slice(0, -1), "10ms", "--out", warmedUp);
    const other = await gupsim("check", join(warmedUp, "result.json"), "--baseline", baseline);
    expect([other.code, other.err]).toEqual([
      2,
      `gupsim: --baseline ${baseline}: it leaves out 0 ns at the beginning, the result 10000000 ns\n`,
    ]);
  });

  test("refuses options that would simulate, all at once", async () => {
    const { code, err } = await gupsim("check", result, "--seeds", "3", "--set", "duration=1s", "--budget", budgets);
    expect([code, err]).toEqual([2, "gupsim: check: a saved result is judged as it is: leave --set, --seeds out\n"]);
  });

  test("refuses a statistic that it does not hold by seed, with its place", async () => {
    const file = join(folder, "saved-unknown.yaml");
    writeFileSync(
      file,
      'schema: gupsim/budgets/v1\nbudgets:\n  - { metric: "mmap_sem.wait{mode=R}", assert: p90 <= 1us }\n',
    );
    const { code, err } = await gupsim("check", result, "--budget", file);
    expect(code).toBe(2);
    expect(err).toContain(`saved-unknown.yaml:3:`);
    expect(err).toContain("mmap_sem.wait{mode=R} p90 is not among the values by seed of");
  });

  test("of one without budgets is 2, and so is the document of a comparison", async () => {
    const bare = await gupsim("check", result);
    expect([bare.code, bare.err]).toEqual([
      2,
      `gupsim: check: ${result} has no budgets: give --budget FILE or --baseline FILE\n`,
    ]);
    const compared = join(folder, "compared");
    await gupsim("compare", "kvm-zram", "--set", "duration=5ms", "--seeds", "1", "--warmup", "0", "--out", compared);
    const { code, err } = await gupsim("check", join(compared, "result.json"));
    expect([code, err]).toEqual([
      2,
      `gupsim: ${join(compared, "result.json")}: expected schema gupsim/result/v1, got "gupsim/compare/v1"\n`,
    ]);
  });

  test("leaves check.json where --out says, and nothing without it", async () => {
    const to = join(folder, "saved-check");
    const { err } = await gupsim("check", result, "--budget", budgets, "--out", to);
    expect(err).toContain(`wrote ${join(to, "check.json")}`);
    expect(JSON.parse(readFileSync(join(to, "check.json"), "utf8")).schema).toBe("gupsim/check/v1");
    expect((await gupsim("check", result, "--budget", budgets)).err).toBe("");
  });
});

describe("init", () => {
  test("writes a scenario, budgets and a CI job that work as they are, and overwrites nothing", async () => {
    const project = join(folder, "project");
    const { code, out, err } = await gupsim("init", project);
    expect(code).toBe(0);
    expect(err.match(/wrote /g)).toHaveLength(5);
    const [scenarioFile, budgetsFile] = [join(project, "my-scenario.yaml"), join(project, "budgets.yaml")];
    expect(out).toBe(`next: gupsim check ${scenarioFile} --budget ${budgetsFile}\n`);
    expect((await gupsim("validate", scenarioFile)).code).toBe(0);
    const check = ["check", scenarioFile, "--budget", budgetsFile, "--no-out"];
    expect((await gupsim(...check)).code).toBe(0);
    expect((await gupsim(...check, "--variants", "plain")).code).toBe(1);
    expect(readFileSync(join(project, "gupsim-check.sh"), "utf8")).toContain(
      "gupsim check my-scenario.yaml --budget budgets.yaml",
    );
    const workflow = parseYaml(readFileSync(join(project, ".github/workflows/gupsim.yml"), "utf8"));
    expect(workflow.jobs.gupsim.steps.at(-2).run).toBe("bash gupsim-check.sh");

    const again = await gupsim("init", project);
    expect([again.code, again.err.includes("are there already: --force overwrites")]).toEqual([2, true]);
    expect((await gupsim("init", project, "--force")).code).toBe(0);
  });
});
