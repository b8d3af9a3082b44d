import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runScripts, type Script } from "./lock-script.ts";

const section = fc.record({
  pause: fc.integer({ min: 1, max: 200 }),
  take: fc.constantFrom("read", "read", "read", "write", "downgrade", "try-read", "try-write"),
  work: fc.integer({ min: 1, max: 100 }),
  sleep: fc.option(fc.integer({ min: 1, max: 300 }), { freq: 3 }),
});

const script = fc
  .record({ at: fc.nat(300), sections: fc.array(section, { minLength: 1, maxLength: 6 }) })
  .map(({ at, sections }): Script => {
    const does = sections.flatMap(({ pause, take, work, sleep }) => [
      pause,
      take === "downgrade" ? "write" : take,
      work,
      ...(sleep === null ? [] : [`sleep ${sleep}`]),
      ...(take === "downgrade" ? ["downgrade", work] : []),
      "up",
    ]);
    return { at, does };
  });

/** Unlimited or few CPUs, with slices short enough that holders and spinners are sent off. */
const machines = fc.record(
  {
    cpus: fc.integer({ min: 1, max: 4 }),
    costs: fc.record({
      sched_slice: fc.integer({ min: 20, max: 400 }),
      context_switch: fc.nat(5),
      host_tick: fc.constantFrom(50, 200),
    }),
  },
  { requiredKeys: ["costs"] },
);

const workload = fc.array(script, { minLength: 1, maxLength: 8 });

/** What an observer of the trace sees of one lock. */
interface Seen {
  readonly readers: Set<string>;
  writer: string | null;
}

function check(lines: readonly string[], policy: string, takers: number): void {
  const seen: Seen = { readers: new Set(), writer: null };
  let last = 0;
  let taken = 0;
  for (const line of lines) {
    const [time, who = "", what, mode] = line.split(" ");
    expect(Number(time)).toBeGreaterThanOrEqual(last);
    last = Number(time);
    if (what === "preempted" || what === "runs") continue;
    if (what === "has" || what === "granted") {
      if (mode === "R") {
        expect(seen.writer, `${policy}: ${line}`).toBe(null);
        seen.readers.add(who);
      } else {
        expect(seen.readers.size, `${policy}: ${line}`).toBe(0);
        expect(seen.writer === null || seen.writer === who, `${policy}: ${line}`).toBe(true);
        seen.writer = who;
      }
      if (what === "has") taken++;
    } else if (what === "downgraded") {
      expect(seen.writer).toBe(who);
      seen.writer = null;
      seen.readers.add(who);
    } else if (what === "released") {
      if (mode === "R") expect(seen.readers.delete(who), line).toBe(true);
      else {
        expect(seen.writer, line).toBe(who);
        seen.writer = null;
      }
    } else if (what === "failed") {
      // A task stops at its first failed trylock.
      taken += 0;
    } else throw new Error(`unexpected: ${line}`);
  }
  expect(seen.writer).toBe(null);
  expect(seen.readers.size).toBe(0);
  if (takers >= 0) expect(taken).toBe(takers);
}

describe.each(["xadd-v3.17", "modern", "strict-fifo", "steal:0", "steal:2", "reader-pref"])(
  "the rwsem %s",
  (policy) => {
    test("never has a writer beside anyone, ends every acquisition, and loses no wake-up", () => {
      fc.assert(
        fc.property(workload, fc.integer({ min: 0, max: 50 }), machines, (scripts, wakeUp, machine) => {
          const named = Object.fromEntries(scripts.map((one, i) => [`t${i}`, one]));
          const tries = scripts.some(({ does }) => does.some((step) => String(step).startsWith("try")));
          const asked = scripts.flatMap(({ does }) =>
            does.filter((step) => step === "read" || step === "write"),
          ).length;
          check(runScripts(policy, named, wakeUp, machine), policy, tries ? -1 : asked);
        }),
        { numRuns: 400 },
      );
    });

    test("the same scripts give the same events", () => {
      fc.assert(
        fc.property(workload, (scripts) => {
          const named = Object.fromEntries(scripts.map((one, i) => [`t${i}`, one]));
          expect(runScripts(policy, named)).toEqual(runScripts(policy, named));
        }),
        { numRuns: 50 },
      );
    });
  },
);

test("the strict FIFO lock grants in the order of arrival", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("read", "write"), { minLength: 1, maxLength: 12 }), (takes) => {
      const scripts: Record<string, Script> = { t0: { at: 0, does: ["write", 1000, "up"] } };
      for (const [i, take] of takes.entries()) scripts[`t${i + 1}`] = { at: i + 1, does: [take, 5, "up"] };
      const order = runScripts("strict-fifo", scripts, 0)
        .filter((line) => line.includes(" has "))
        .map((line) => line.split(" ")[1]);
      expect(order).toEqual(Object.keys(scripts));
    }),
  );
});
