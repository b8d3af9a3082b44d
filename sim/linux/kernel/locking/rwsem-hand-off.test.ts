import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "../../../../test/support/lock-script.ts";

const has = (lines: readonly string[]): string[] => lines.filter((line) => / has |failed|downgraded/.test(line));
const from = (lines: readonly string[], time: number): string[] =>
  has(lines).filter((line) => Number(line.split(" ")[0]) >= time);
const tick = { costs: { host_tick: 4_000_000 } };
const us = 1000;
const ms = 1_000_000;

/** Readers of 1 ms that follow one another, past a writer `w` that queues at 500 us, until it has the lock at 9 ms and 5 us. */
function robbed(first: Script): Record<string, Script> {
  const scripts: Record<string, Script> = { r0: first, w: { at: 500 * us, does: ["write", 20 * us, "up"] } };
  for (let i = 1; i < 9; i++) scripts[`r${i}`] = { at: i * ms + 1, does: ["read", ms - 1, "up"] };
  return scripts;
}

describe.each([
  ["modern", ["read", ms, "up"]],
  ["v5.4", ["write", "sleep 1000000", "up"]],
] as const)("the hand-off of %s", (policy, does) => {
  const run = (more: Record<string, Script>): string[] =>
    from(runScripts(policy, { ...robbed({ at: 0, does }), ...more }, 5 * us, tick), 8 * ms + 2);

  test("is for the waiter that asked for it: between the release and its wake-up neither a reader nor a writer gets in", () => {
    const lines = run({
      reader: { at: 9 * ms + 1 * us, does: ["read", 10 * us, "up"] },
      writer: { at: 9 * ms + 2 * us, does: ["write", 10 * us, "up"] },
      tries: { at: 9 * ms + 3 * us, does: ["try-read", "up"] },
      tries2: { at: 9 * ms + 3 * us, does: ["try-write", "up"] },
    });
    expect(lines.slice(0, 3)).toEqual(["9003000 tries failed R", "9003000 tries2 failed W", "9005000 w has W"]);
  });

  test("keeps out a writer that spins at the moment of the release, and one that queues behind", () => {
    // It begins to spin on the last reader 9 us before, and its patience ends 1.5 us after the release.
    const lines = run({ spinner: { at: 9 * ms - 9 * us, does: ["write", 10 * us, "up"] } });
    expect(lines).toEqual(["9005000 w has W", "9030000 spinner has W"]);
  });

  test("is over when that waiter has had the lock: the next one is robbed again", () => {
    const again = policy === "modern" ? ["read", ms, "up"] : ["write", "sleep 1000000", "up"];
    const lines = run({
      a: { at: 20 * ms, does: again },
      x: { at: 20 * ms + 500 * us, does: ["write", 1, "up"] },
      thief: { at: 21 * ms + 1, does: ["read", 10 * us, "up"] },
    });
    expect(lines.slice(-2)).toEqual(["21000001 thief has R", "21015001 x has W"]);
  });

  test("is over when that waiter is killed: readers come in at once", () => {
    const scripts = robbed({ at: 0, does });
    scripts.w = { at: 500 * us, does: ["write-killable", 1, "up"] };
    scripts.r8 = { at: 8 * ms + 1, does: ["read", 10 * ms, "up"] };
    scripts.killer = { at: 9 * ms, does: ["kill w"] };
    scripts.late = { at: 10 * ms, does: ["read", 1, "up"] };
    const lines = from(runScripts(policy, scripts, 5 * us, tick), 8 * ms + 2);
    expect(lines).toEqual(["9005000 w failed W", "10000000 late has R"]);
  });
});

describe.each(["modern", "v5.4"])("a waiter of %s that writers rob", (policy) => {
  /** Writers of 1 ms that follow one another by spinning, past a waiter that came while the first of them slept. */
  const run = (waiter: Script, more: Record<string, Script> = {}): string[] => {
    const scripts: Record<string, Script> = { w0: { at: 0, does: ["write", "sleep 600000", 400 * us, "up"] }, waiter };
    for (let i = 1; i < 12; i++) scripts[`w${i}`] = { at: 700 * us + i, does: ["write", ms, "up"] };
    return from(runScripts(policy, { ...scripts, ...more }, 5 * us, tick), 7 * ms + 1);
  };

  test("is a reader: it has the lock at the release after the one at which it was too old", () => {
    const lines = run({ at: 500 * us, does: ["read", 1, "up"] });
    expect(lines.slice(0, 2)).toEqual(["8000000 w8 has W", "9005000 waiter has R"]);
  });

  test("is a writer: it asks for the lock when it is too old, and stays on its CPU until that is let go", () => {
    const lines = run({ at: 500 * us, does: ["write", 1, "up"] });
    expect(lines.slice(0, 2)).toEqual(["8000000 w8 has W", "9000000 waiter has W"]);
  });

  test("is a writer whose robber sleeps: it sleeps as well", () => {
    const lines = run(
      { at: 500 * us, does: ["write", 1, "up"] },
      {
        w8: { at: 700 * us + 8, does: ["write", "sleep 1000000", "up"] },
      },
    );
    expect(lines.slice(0, 2)).toEqual(["8000000 w8 has W", "9005000 waiter has W"]);
  });

  test("is a reader that is killed when it was to get the lock: the writers go on as before", () => {
    const killer: Script = { at: 8.5 * ms, does: ["kill waiter"] };
    expect(run({ at: 500 * us, does: ["read-killable", 1, "up"] }, { killer })).toEqual([
      "8000000 w8 has W",
      "8505000 waiter failed R",
      "9000000 w9 has W",
      "10000000 w10 has W",
      "11000000 w11 has W",
    ]);
  });

  test("is a writer that is killed while it stays on its CPU: it looks at its signals only before it sleeps, and has the lock", () => {
    const killer: Script = { at: 8.5 * ms, does: ["kill waiter"] };
    const lines = run({ at: 500 * us, does: ["write-killable", 1, "up"] }, { killer });
    expect(lines.slice(0, 3)).toEqual(["8000000 w8 has W", "9000000 waiter has W", "9000001 w9 has W"]);
  });
});

describe.each(["modern", "v5.4"])("a wake-up of %s", (policy) => {
  /** 260 readers behind a writer that sleeps: its release lets in 256, each for 10 us. */
  const many = (): Record<string, Script> => {
    const scripts: Record<string, Script> = { w0: { at: 0, does: ["write", "sleep 1000", "up"] } };
    for (let i = 0; i < 260; i++) scripts[`r${i}`] = { at: 100, does: ["read", 10 * us, "up"] };
    return scripts;
  };
  const when = (lines: readonly string[], name: string): string | undefined =>
    has(lines).find((line) => line.split(" ")[1] === name);

  test("leaves the 257th reader in the queue until the readers before it are gone", () => {
    const lines = runScripts(policy, many());
    expect(when(lines, "r255")).toBe("1010 r255 has R");
    expect(when(lines, "r256")).toBe("11020 r256 has R");
  });

  test("of a writer that queues lets in those at the head that a wake-up before left there", () => {
    // The owner is a reader who sleeps, so there is no point in spinning for long: it queues 25 us after it came.
    const scripts = many();
    for (let i = 0; i < 256; i++) scripts[`r${i}`] = { at: 100, does: ["read", "sleep 100000", "up"] };
    scripts.w = { at: 2000, does: ["write", 1, "up"] };
    const lines = runScripts(policy, scripts);
    expect(when(lines, "r256")).toBe("27010 r256 has R");
    expect(when(lines, "w")).toBe("101020 w has W");
  });

  test("of a reader that comes lets in those that a wake-up before left there, and itself", () => {
    const scripts = many();
    for (let i = 0; i < 256; i++) scripts[`r${i}`] = { at: 100, does: ["read", "sleep 100000", "up"] };
    scripts.late = { at: 2000, does: ["read", 1, "up"] };
    const lines = runScripts(policy, scripts);
    expect(when(lines, "r256")).toBe("2010 r256 has R");
    expect(when(lines, "late")).toBe("2000 late has R");
  });
});

describe("the mark that it is no use to spin on these readers", () => {
  const vain = {
    r0: { at: 0, does: ["read", 100 * us, "up"] },
    w1: { at: 10, does: ["write-killable", 1, "up"] },
  };

  test.each(["modern", "v5.4"])(
    "is taken away by %s when they leave and somebody waits: a writer polls again",
    (policy) => {
      const scripts = { ...vain, w2: { at: 100 * us + 5, does: ["write", 20, "up"] } };
      expect(from(runScripts(policy, scripts, 10 * us), 1)).toEqual(["100005 w2 has W", "110000 w1 has W"]);
    },
  );

  test("stays in v6.18 when nobody waits: the next writer queues behind other readers, until a writer had the lock", () => {
    const scripts = {
      ...vain,
      killer: { at: 20 * us, does: ["kill w1"] },
      r5: { at: 200 * us, does: ["read", 5 * us, "up"] },
      w2: { at: 201 * us, does: ["write", 1, "up"] },
      r6: { at: 300 * us, does: ["read", 5 * us, "up"] },
      w3: { at: 301 * us, does: ["write", 1, "up"] },
    };
    expect(from(runScripts("modern", scripts, 10 * us), 200 * us)).toEqual([
      "200000 r5 has R",
      "215000 w2 has W",
      "300000 r6 has R",
      "305000 w3 has W",
    ]);
  });
});
