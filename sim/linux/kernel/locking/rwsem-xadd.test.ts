import { describe, expect, test } from "vitest";
import { runScripts } from "../../../../test/support/lock-script.ts";

const has = (lines: string[]): string[] => lines.filter((line) => / has |downgraded/.test(line));

describe("the rwsem of v3.17", () => {
  test("golden order: behind one reader W1 R1 W2 R2 R3 get it as W1; R1; W2; R2 and R3", () => {
    const lines = runScripts("xadd-v3.17", {
      r0: { at: 0, does: ["read", 1000, "up"] },
      w1: { at: 100, does: ["write", 1, "up"] },
      r1: { at: 200, does: ["read", 1, "up"] },
      w2: { at: 300, does: ["write", 1, "up"] },
      r2: { at: 400, does: ["read", 1, "up"] },
      r3: { at: 500, does: ["read", 1, "up"] },
    });
    expect(lines).toEqual([
      "0 r0 has R",
      "1000 r0 released R",
      "1010 w1 has W",
      "1011 w1 released W",
      "1011 r1 granted R",
      "1021 r1 has R",
      "1022 r1 released R",
      "1032 w2 has W",
      "1033 w2 released W",
      "1033 r2 granted R",
      "1033 r3 granted R",
      "1043 r2 has R",
      "1043 r3 has R",
      "1044 r2 released R",
      "1044 r3 released R",
    ]);
  });

  test("a long reader alone delays no reader (trap 1)", () => {
    const lines = runScripts("xadd-v3.17", {
      long: { at: 0, does: ["read", 10_000, "up"] },
      short: { at: 100, does: ["read", 10, "up"] },
    });
    expect(has(lines)).toEqual(["0 long has R", "100 short has R"]);
  });

  test("a queued reader owns the lock before it runs, and so delays the next writer (trap 20)", () => {
    const lines = runScripts(
      "xadd-v3.17",
      {
        w1: { at: 0, does: ["write", "sleep 1000", "up"] },
        r1: { at: 10, does: ["read", 5, "up"] },
        w2: { at: 1001, does: ["write", 1, "up"] },
      },
      100,
    );
    expect(lines.filter((line) => !line.startsWith("0 "))).toEqual([
      "1000 w1 released W",
      "1000 r1 granted R",
      "1100 r1 has R",
      "1105 r1 released R",
      "1205 w2 has W",
      "1206 w2 released W",
    ]);
  });

  test("a woken writer does not own the lock: another one barges past it and past the queue (trap 21)", () => {
    const lines = runScripts(
      "xadd-v3.17",
      {
        r0: { at: 0, does: ["read", 1000, "up"] },
        w1: { at: 10, does: ["write", 1, "up"] },
        w0: { at: 1050, does: ["write", 20, "up"] },
      },
      100,
    );
    expect(has(lines)).toEqual(["0 r0 has R", "1050 w0 has W", "1100 w1 has W"]);
  });

  test("a reader queues behind a waiting writer although readers hold the lock", () => {
    const lines = runScripts("xadd-v3.17", {
      r0: { at: 0, does: ["read", 1000, "up"] },
      w1: { at: 10, does: ["write", 50, "up"] },
      r4: { at: 20, does: ["read", 1, "up"] },
    });
    expect(has(lines)).toEqual(["0 r0 has R", "1010 w1 has W", "1070 r4 has R"]);
  });

  test("a read trylock fails when a writer merely waits (trap 24); a write trylock ignores waiters", () => {
    const lines = runScripts(
      "xadd-v3.17",
      {
        r0: { at: 0, does: ["read", 1000, "up"] },
        w1: { at: 10, does: ["write", 1, "up"] },
        r4: { at: 20, does: ["try-read", 1, "up"] },
        w5: { at: 1001, does: ["try-write", 1, "up"] },
      },
      100,
    );
    expect(lines).toContain("20 r4 failed R");
    expect(lines).toContain("1001 w5 has W");
  });

  test("downgrade admits the readers at the head, up to the first writer", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", "sleep 100", "downgrade", 500, "up"] },
      r1: { at: 10, does: ["read", 1, "up"] },
      w2: { at: 20, does: ["write", 1, "up"] },
      r2: { at: 30, does: ["read", 1, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "100 w0 downgraded R", "110 r1 has R", "610 w2 has W", "621 r2 has R"]);
  });

  test("downgrade admits nobody when a writer is at the head (trap 26)", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", "sleep 100", "downgrade", 500, "up"] },
      w2: { at: 20, does: ["write", 1, "up"] },
      r2: { at: 30, does: ["read", 1, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "100 w0 downgraded R", "610 w2 has W", "621 r2 has R"]);
  });

  test("a writer spins while the owner runs, is not seen by readers, and takes the lock before them", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", 1000, "up"] },
      r1: { at: 10, does: ["read", 1, "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "1000 w1 has W", "1060 r1 has R"]);
  });

  test("spinning writers take the lock in the order in which they came, one after another past queued readers", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", 1000, "up"] },
      r1: { at: 10, does: ["read", 1, "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
      w2: { at: 30, does: ["write", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "1000 w1 has W", "1050 w2 has W", "1110 r1 has R"]);
  });

  test("a writer does not spin on an owner that sleeps, nor on readers: it queues and is a barrier", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", "sleep 1000", "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
      r1: { at: 30, does: ["read", 1, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "1010 w1 has W", "1070 r1 has R"]);
  });

  test("a spinner gives up when the owner goes to sleep, and queues behind those who came first", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", 100, "sleep 1000", "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
      r1: { at: 30, does: ["read", 1, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "1110 r1 has R", "1121 w1 has W"]);
  });

  test("a writer that spins goes on when the owner downgrades, and gets the lock after the readers", () => {
    const lines = runScripts("xadd-v3.17", {
      w0: { at: 0, does: ["write", 100, "downgrade", 50, "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
      r1: { at: 120, does: ["read", 100, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "100 w0 downgraded R", "120 r1 has R", "220 w1 has W"]);
  });

  test("a recursive read behind a queued writer is a deadlock, and the cycle is named (trap 2)", () => {
    const lines = runScripts("xadd-v3.17", {
      r0: { at: 0, does: ["read", 100, "read", 1, "up", "up"] },
      w1: { at: 10, does: ["write", 1, "up"] },
    });
    expect(lines).toEqual([
      "0 r0 has R",
      "100 deadlock: r0 waits for mmap_sem of mm for read, queued behind w1; w1 waits for mmap_sem of mm for write, held by r0",
    ]);
  });

  test("a recursive read without a writer between is harmless", () => {
    const lines = runScripts("xadd-v3.17", { r0: { at: 0, does: ["read", 100, "read", 1, "up", "up"] } });
    expect(lines.at(-1)).toBe("101 r0 released R");
  });
});

describe("the strict FIFO lock", () => {
  test("hands the lock to a queued writer at once: nobody barges", () => {
    const lines = runScripts(
      "strict-fifo",
      {
        r0: { at: 0, does: ["read", 1000, "up"] },
        w1: { at: 10, does: ["write", 1, "up"] },
        w0: { at: 1050, does: ["write", 20, "up"] },
      },
      100,
    );
    expect(lines).toEqual([
      "0 r0 has R",
      "1000 r0 released R",
      "1000 w1 granted W",
      "1100 w1 has W",
      "1101 w1 released W",
      "1101 w0 granted W",
      "1201 w0 has W",
      "1221 w0 released W",
    ]);
  });

  test("does not spin: readers that came before a second writer go first", () => {
    const lines = runScripts("strict-fifo", {
      w0: { at: 0, does: ["write", 1000, "up"] },
      r1: { at: 10, does: ["read", 1, "up"] },
      w1: { at: 20, does: ["write", 50, "up"] },
    });
    expect(has(lines)).toEqual(["0 w0 has W", "1010 r1 has R", "1021 w1 has W"]);
  });
});
