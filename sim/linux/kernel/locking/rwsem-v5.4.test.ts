import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../../../../test/support/lock-script.ts";

const has = (lines: string[]): string[] => lines.filter((line) => / has |downgraded/.test(line));
const tick = { costs: { host_tick: 4_000_000 } };
const us = 1000;
const ms = 1_000_000;

describe("the rwsem of v5.4", () => {
  const behindReaders = {
    r0: { at: 0, does: ["read", 100 * us, "up"] },
    w1: { at: 10 * us, does: ["write", 1, "up"] },
    r1: { at: 100 * us + 5, does: ["read", 10 * us, "up"] },
  };

  test("a reader that finds the lock free queues where a writer has spun in vain: the writer gets in first, unlike on v6.18", () => {
    expect(has(runScripts("v5.4", behindReaders, 10 * us))).toEqual([
      "0 r0 has R",
      "110000 w1 has W",
      "120001 r1 has R",
    ]);
    expect(has(runScripts("modern", behindReaders, 10 * us))).toEqual([
      "0 r0 has R",
      "100005 r1 has R",
      "120005 w1 has W",
    ]);
  });

  test("a reader spins past a sleeping writer where no writer has spun in vain", () => {
    const lines = runScripts(
      "v5.4",
      {
        w0: { at: 0, does: ["write", "sleep 100000", "up"] },
        w1: { at: 10 * us, does: ["write", 1, "up"] },
        r1: { at: 100 * us + 5, does: ["read", 10 * us, "up"] },
      },
      10 * us,
    );
    expect(has(lines)).toEqual(["0 w0 has W", "100005 r1 has R", "120005 w1 has W"]);
  });

  test("readers stay barred from spinning while the writer that found them barred holds the lock", () => {
    // w1 spins on r0 in vain, sleeps, and bars the readers again when it has the lock: r2 does not spin on it, it queues.
    const scripts = {
      r0: { at: 0, does: ["read", 100 * us, "up"] },
      w1: { at: 10 * us, does: ["write", 50 * us, "up"] },
      r2: { at: 120 * us, does: ["read", 1, "up"] },
    };
    expect(has(runScripts("v5.4", scripts, 10 * us)).at(-1)).toBe("170000 r2 has R");
  });

  test("a reader spins on a writer that runs, and has the lock as soon as it is let go", () => {
    const scripts = {
      w0: { at: 0, does: ["write", 50 * us, "up"] },
      r1: { at: 10 * us, does: ["read", 1, "up"] },
      r2: { at: 20 * us, does: ["read", 1, "up"] },
    };
    const lines = runScripts("v5.4", scripts, 10 * us);
    expect(has(lines)).toEqual(["0 w0 has W", "50000 r1 has R", "50000 r2 has R"]);
    expect(lines.filter((line) => line.includes("granted"))).toEqual([]);
  });

  /** Readers of 1 ms that follow one another, each spinning in as the last lets go, past the writer `w` that queues at 500 us. */
  const robbed = (): Record<string, Script> => {
    const scripts: Record<string, Script> = { w0: { at: 0, does: ["write", "sleep 1000000", "up"] } };
    scripts.w = { at: 500 * us, does: ["write", 1, "up"] };
    for (let i = 1; i < 20; i++) scripts[`r${i}`] = { at: i * ms + 1, does: ["read", ms - 1, "up"] };
    return scripts;
  };

  test("a writer looks at its age after a sleep: too old from the second tick on, it has the lock at the next release", () => {
    const got = has(runScripts("v5.4", robbed(), 5 * us, tick)).find((line) => line.endsWith("w has W")) ?? "";
    expect(Number(got.split(" ")[0])).toBe(9 * ms + 5 * us);
  });

  test("a waiter keeps readers and writers from the fast path", () => {
    const scripts = {
      ...behindReaders,
      r1: { at: 100 * us + 5, does: ["try-read", 1, "up"] },
      w2: { at: 100 * us + 6, does: ["try-write", 1, "up"] },
    };
    expect(runScripts("v5.4", scripts, 10 * us).filter((line) => line.includes("failed"))).toEqual([
      "100005 r1 failed R",
      "100006 w2 failed W",
    ]);
  });

  test("readers that spin get the lock in the order in which they came, with the writers between them", () => {
    const lines = runScripts("v5.4", {
      w0: { at: 0, does: ["write", 50 * us, "up"] },
      r1: { at: 10, does: ["read", 3 * us, "up"] },
      w2: { at: 20, does: ["write", 5 * us, "up"] },
      r3: { at: 30, does: ["read", 1, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "50000 r1 has R", "53000 w2 has W", "58000 r3 has R"]);
  });

  test("a reader that spins gives up when the owner goes to sleep, and is let in by the queue", () => {
    const lines = runScripts("v5.4", {
      w0: { at: 0, does: ["write", 100, "sleep 1000", "up"] },
      r1: { at: 10, does: ["read", 3 * us, "up"] },
      r2: { at: 20, does: ["read", 3 * us, "up"] },
    });
    expect(lines.filter((line) => line.includes("granted"))).toEqual(["1100 r1 granted R", "1100 r2 granted R"]);
    expect(has(lines)).toEqual(["0 w0 has W", "1110 r1 has R", "1110 r2 has R"]);
  });

  test("a reader that spins in lets those in that queue", () => {
    const lines = runScripts("v5.4", {
      w0: { at: 0, does: ["write", "sleep 1000", 1000, "up"] },
      queued: { at: 10, does: ["read", 3 * us, "up"] },
      spins: { at: 1500, does: ["read", 3 * us, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "2000 spins has R", "2010 queued has R"]);
  });

  test("a writer that has spun in vain bars the readers from spinning until a writer is done that did not see it so", () => {
    // w1 spins on r0 in vain and bars them; it gets the lock and bars them again; w3 has not seen it, and after it they spin.
    const lines = runScripts(
      "v5.4",
      {
        r0: { at: 0, does: ["read", 100 * us, "up"] },
        w1: { at: 10, does: ["write", 50 * us, "up"] },
        r2: { at: 130 * us, does: ["read", 10 * us, "up"] },
        w3: { at: 300 * us, does: ["write", 50 * us, "up"] },
        r4: { at: 320 * us, does: ["read", 1, "up"] },
      },
      10 * us,
    );
    expect(has(lines)).toEqual([
      "0 r0 has R",
      "110000 w1 has W",
      "170000 r2 has R",
      "300000 w3 has W",
      "350000 r4 has R",
    ]);
  });
});
