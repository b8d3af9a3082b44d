import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../../../../test/support/lock-script.ts";
import { axes } from "../../../kernels/axes.ts";

const policies = Object.keys(axes.rwsem).map((name) => name.replace(/:N$/, ":1"));
const has = (lines: string[]): string[] => lines.filter((line) => / has |failed|downgraded/.test(line));

describe.each(policies)("the rwsem %s", (policy) => {
  test.each([
    ["read", "R"],
    ["write", "W"],
    ["try-read", "R"],
    ["try-write", "W"],
    ["read-killable", "R"],
    ["write-killable", "W"],
  ])("%s has a free lock at once, when the work before it is done", (take, mode) => {
    expect(runScripts(policy, { a: { at: 0, does: [100, take, 10, "up"] } })).toEqual([
      `100 a has ${mode}`,
      `110 a released ${mode}`,
    ]);
  });

  test("a lock is downgraded, and let go, when the work before that is done", () => {
    const does = ["write", 100, "downgrade", 10, "up"];
    expect(runScripts(policy, { a: { at: 0, does } })).toEqual(["0 a has W", "100 a downgraded R", "110 a released R"]);
  });

  test("each call costs what it is said to cost: taking and letting go, for read and for write", () => {
    const costs = { down_read: 3, down_write: 50, up_read: 700, up_write: 9000 };
    const twice = { a: { at: 0, does: ["read", "up", "write", "up", "read", "up"] } };
    expect(runScripts(policy, twice, 10, { costs })).toEqual([
      "0 a has R",
      "703 a released R",
      "703 a has W",
      "9753 a released W",
      "9753 a has R",
      "10456 a released R",
    ]);
  });

  test("who takes the lock after a sleep pays for it as well", () => {
    const costs = { down_read: 3, down_write: 50 };
    const scripts: Record<string, Script> = {
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      r1: { at: 1, does: ["read", "up"] },
    };
    expect(runScripts(policy, scripts, 10, { costs }).slice(-2)).toEqual(["1060 r1 has R", "1063 r1 released R"]);
    const writers = { ...scripts, r1: { at: 1, does: ["write", "up"] } };
    expect(runScripts(policy, writers, 10, { costs }).slice(-2)).toEqual(["1060 r1 has W", "1110 r1 released W"]);
  });

  test("who lets go pays for each wake-up that it sends, and a woken reader for none", () => {
    const costs = { wake_up_waker: 100, wake_up_next: 7 };
    const scripts = {
      w0: { at: 0, does: ["write", "sleep 1000", "up", "read", "up"] },
      r1: { at: 1, does: ["read", "up"] },
      r2: { at: 2, does: ["read", "up"] },
      r3: { at: 3, does: ["read", "up"] },
    };
    const lines = has(runScripts(policy, scripts, 10, { costs }));
    const robs = policy === "steal:1";
    // Here the first is woken, and lets the others in when it runs.
    if (!robs) expect(lines).toContain("1114 w0 has R");
    else expect(lines).toContain("1100 w0 has R");
  });

  test("the last reader pays for waking the writer behind it", () => {
    const scripts = {
      r0: { at: 0, does: ["read", "sleep 50000", "up", "try-write", 1, "up"] },
      w1: { at: 20_000, does: ["write", 500, "up"] },
    };
    const lines = runScripts(policy, scripts, 10, { costs: { wake_up_waker: 100 } });
    // v5.4's and v6.18's writer has spun in vain by then, and sleeps as the others do.
    expect(lines).toContain("50100 r0 failed W");
  });

  test("who downgrades pays for the wake-ups that it sends", () => {
    const costs = { wake_up_waker: 100, wake_up_next: 7 };
    const scripts = {
      w0: { at: 0, does: ["write", "sleep 1000", "downgrade", "up"] },
      r1: { at: 1, does: ["read", 500, "up"] },
      r2: { at: 2, does: ["read", 500, "up"] },
    };
    expect(runScripts(policy, scripts, 10, { costs })).toContain("1107 w0 released R");
  });

  test("a waiter that is killed gets an errno at once, and never the lock", () => {
    const scripts = (take: string): Record<string, Script> => ({
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      victim: { at: 10, does: [take, 1, "up"] },
      killer: { at: 500, does: ["kill victim"] },
    });
    expect(has(runScripts(policy, scripts("read-killable")))).toEqual(["0 w0 has W", "510 victim failed R"]);
    expect(has(runScripts(policy, scripts("write-killable")))).toEqual(["0 w0 has W", "510 victim failed W"]);
  });

  test("a waiter that does not mind signals waits on when it is killed", () => {
    const scripts = (take: string): Record<string, Script> => ({
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      victim: { at: 10, does: [take, 1, "up"] },
      killer: { at: 500, does: ["kill victim"] },
    });
    expect(has(runScripts(policy, scripts("read")))).toEqual(["0 w0 has W", "1010 victim has R"]);
    expect(has(runScripts(policy, scripts("write")))).toEqual(["0 w0 has W", "1010 victim has W"]);
  });

  test("a killable waiter that nobody kills gets the lock as any other", () => {
    const scripts = {
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      w1: { at: 10, does: ["write-killable", 100, "up"] },
      r2: { at: 20, does: ["read-killable", 100, "up"] },
    };
    const lines = has(runScripts(policy, scripts));
    expect(lines.slice(1)).toEqual(
      policy === "reader-pref" ? ["1010 r2 has R", "1120 w1 has W"] : ["1010 w1 has W", "1120 r2 has R"],
    );
  });

  test("killed on its way to a free lock, the first writer takes it, or the writer behind does", () => {
    const scripts = {
      r0: { at: 0, does: ["read", "sleep 50000", "up"] },
      w1: { at: 10, does: ["write-killable", 1, "up"] },
      w2: { at: 20, does: ["write", 1, "up"] },
      killer: { at: 50_050, does: ["kill w1"] },
    };
    const lines = has(runScripts(policy, scripts, 100));
    // The kernel's waiters look at the lock first and at their signals then; the others own the lock before they run.
    const isInTime = policy === "steal:1";
    expect(lines.slice(1)).toEqual(
      isInTime ? ["50100 w1 failed W", "50200 w2 has W"] : ["50100 w1 has W", "50201 w2 has W"],
    );
  });

  test("who is killed pays for the wake-ups that it sends as it leaves", () => {
    const costs = { wake_up_waker: 100, wake_up_next: 7 };
    const scripts = {
      r0: { at: 0, does: ["read", "sleep 50000", "up"] },
      w1: { at: 10, does: ["write-killable", "unreached"] },
      r2: { at: 20_000, does: ["read", "up", "sleep 1000", "try-read", "up"] },
      killer: { at: 30_000, does: ["kill w1"] },
    };
    // Neither the readers that go on nor the one that lets go last.
    const lines = runScripts(policy, scripts, 10, { costs });
    if (policy !== "reader-pref") expect(lines).toContain("30020 r2 released R");
    expect(lines).toContain("50000 r0 released R");
  });

  test("the writer at the head is killed behind a reader: the readers behind it go on, up to the next writer or past it", () => {
    const scripts = {
      r0: { at: 0, does: ["read", "sleep 1000", "up"] },
      w1: { at: 10, does: ["write-killable", 1, "up"] },
      r2: { at: 20_000, does: ["read", 100, "up"] },
      w3: { at: 20_010, does: ["write", 1, "up"] },
      r4: { at: 20_020, does: ["read", 100, "up"] },
      killer: { at: 30_000, does: ["kill w1"] },
    };
    const slow = { ...scripts, r0: { at: 0, does: ["read", "sleep 50000", "up"] } };
    const lines = has(runScripts(policy, slow)).filter((line) => / r\d has /.test(line));
    const expected: Record<string, string[]> = {
      "reader-pref": ["20000 r2 has R", "20020 r4 has R"],
      modern: ["30020 r2 has R", "30020 r4 has R"],
      "v5.4": ["30020 r2 has R", "30020 r4 has R"],
    };
    expect(lines.slice(1)).toEqual(expected[policy] ?? ["30020 r2 has R", "50021 r4 has R"]);
  });

  test("killed while a writer has the lock, the head of the queue lets nobody in", () => {
    const scripts = {
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      victim: { at: 10, does: ["read-killable", 1, "up"] },
      r2: { at: 20, does: ["read", 1, "up"] },
      w3: { at: 30, does: ["write", 1, "up"] },
      killer: { at: 500, does: ["kill victim"] },
    };
    expect(has(runScripts(policy, scripts)).slice(1)).toEqual([
      "510 victim failed R",
      "1010 r2 has R",
      "1021 w3 has W",
    ]);
  });

  test("killed between others, a waiter leaves them in their order", () => {
    const scripts = {
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      w1: { at: 10, does: ["write", 1, "up"] },
      victim: { at: 20, does: ["write-killable", 1, "up"] },
      w3: { at: 30, does: ["write", 1, "up"] },
      killer: { at: 500, does: ["kill victim"] },
    };
    expect(has(runScripts(policy, scripts)).slice(1)).toEqual([
      "510 victim failed W",
      "1010 w1 has W",
      "1021 w3 has W",
    ]);
  });

  test("readers that are let in together are woken one after another", () => {
    const scripts: Record<string, Script> = { w0: { at: 0, does: ["write", "sleep 1000", "up"] } };
    for (let i = 1; i < 5; i++) scripts[`r${i}`] = { at: i, does: ["read", 500, "up"] };
    const lines = has(runScripts(policy, scripts, 10, { costs: { wake_up_next: 7 } }));
    // Under steal:1 the first is woken alone, and wakes the rest when it runs.
    const rest = policy === "steal:1" ? [1020, 1027, 1034] : [1017, 1024, 1031];
    expect(lines.slice(1)).toEqual(["1010 r1 has R", ...rest.map((time, i) => `${time} r${i + 2} has R`)]);
  });

  test("a trylock takes a free lock, and fails at one that a writer has", () => {
    const scripts = {
      a: { at: 0, does: ["try-read", 10, "up", "try-write", 10, "up"] },
      b: { at: 5, does: ["try-write", 1, "up"] },
      c: { at: 15, does: ["try-read", 1, "up"] },
      d: { at: 16, does: ["try-write", 1, "up"] },
    };
    expect(has(runScripts(policy, scripts))).toEqual([
      "0 a has R",
      "5 b failed W",
      "10 a has W",
      "15 c failed R",
      "16 d failed W",
    ]);
  });
});
