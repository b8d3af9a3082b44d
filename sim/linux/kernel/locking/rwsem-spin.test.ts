import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../../../../test/support/lock-script.ts";

const has = (lines: string[]): string[] => lines.filter((line) => / has |failed|downgraded/.test(line));
const ms = 1_000_000;

describe.each(["xadd-v3.17", "v5.4", "modern"])("spinning writers of %s", (policy) => {
  test("all give up when the owner goes to sleep, not only the first of them: they get the lock by the queue", () => {
    const lines = runScripts(policy, {
      w0: { at: 0, does: ["write", 100, "sleep 1000", "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
      w2: { at: 30, does: ["write", 50, "up"] },
      w3: { at: 40, does: ["write", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "1110 w1 has W", "1170 w2 has W", "1230 w3 has W"]);
  });

  test("take the lock one after another as long as each owner runs, and never two at once", () => {
    const scripts: Record<string, Script> = {};
    for (let i = 0; i < 5; i++) scripts[`w${i}`] = { at: i, does: ["write", 100, "up"] };
    expect(has(runScripts(policy, scripts))).toEqual([
      "0 w0 has W",
      "100 w1 has W",
      "200 w2 has W",
      "300 w3 has W",
      "400 w4 has W",
    ]);
  });

  test("those behind one that got the lock and went to sleep with it give up as well", () => {
    const lines = runScripts(policy, {
      w0: { at: 0, does: ["write", 100, "up"] },
      w1: { at: 20, does: ["write", "sleep 1000", "up"] },
      w2: { at: 30, does: ["write", 50, "up"] },
      r3: { at: 500, does: ["read", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "100 w1 has W", "1110 w2 has W", "1170 r3 has R"]);
  });

  test("one whose CPU another task wants stops spinning and queues, the first as well as the one behind it", () => {
    const lines = runScripts(
      policy,
      {
        first: { at: 0, does: [3.5 * ms, "write", 1, "up"] },
        second: { at: 1, does: [3.55 * ms, "write", 1, "up"] },
        owner: { at: 3 * ms, does: ["write", 5 * ms, "up"] },
        hog1: { at: 3.6 * ms, does: [ms, "try-read"] },
        hog2: { at: 3.6 * ms + 1, does: [ms, "try-read"] },
      },
      10,
      { cpus: 3, costs: { sched_slice: 3 * ms, host_tick: 4 * ms } },
    );
    // Who still polled would have the lock at 8 ms, when it is let go.
    expect(has(lines).slice(1)).toEqual([
      "4600000 hog1 failed R",
      "4600001 hog2 failed R",
      "8000020 first has W",
      "8000031 second has W",
    ]);
  });
});

describe.each(["v5.4", "modern"])("a writer of %s that spins on readers", (policy) => {
  const us = 1000;

  test("has the lock at once when the last of them leaves, and never while one is left", () => {
    const lines = runScripts(policy, {
      r0: { at: 0, does: ["read", 5 * us, "up"] },
      r1: { at: 10, does: ["read", 7 * us, "up"] },
      w: { at: 20, does: ["write", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 r0 has R", "10 r1 has R", "7010 w has W"]);
  });

  test("measures its patience from when it first saw them, not from each look", () => {
    // r1 to r4 come in while it spins, so it looks again and again.
    const scripts: Record<string, Script> = { r0: { at: 0, does: ["read", "sleep 100000", "up"] } };
    for (let i = 1; i < 5; i++) scripts[`r${i}`] = { at: 2 * i * us, does: ["read", us, "up"] };
    const lines = runScripts(policy, {
      ...scripts,
      w: { at: 100, does: ["write", 50, "up"] },
      before: { at: 10_500, does: ["read", 1, "up"] },
      after: { at: 10_700, does: ["read", 1, "up"] },
    });
    // 10 us and half a us for the one reader that was there: until 10.6 us readers pass it, then it is in the queue.
    expect(has(lines).slice(-3)).toEqual(["10500 before has R", "100010 w has W", "100070 after has R"]);
  });

  test("spins on a writer after them as long as that one runs", () => {
    const lines = runScripts(policy, {
      r0: { at: 0, does: ["read", 5 * us, "up"] },
      w1: { at: 10, does: ["write", 50 * us, "up"] },
      w2: { at: 20, does: ["write", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 r0 has R", "5000 w1 has W", "55000 w2 has W"]);
  });

  test("spins on when the owner downgrades, within its patience", () => {
    const scripts = (held: number): Record<string, Script> => ({
      w0: { at: 0, does: ["write", 100, "downgrade", held, "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
    });
    expect(has(runScripts(policy, scripts(5 * us))).at(-1)).toBe("5100 w1 has W");
    expect(has(runScripts(policy, scripts(50 * us))).at(-1)).toBe("50110 w1 has W");
  });
});
