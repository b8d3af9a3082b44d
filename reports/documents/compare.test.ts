import { describe, expect, test } from "vitest";
import { plainStory, smallOutcome, unlockedStory } from "../../test/support/small-outcome.ts";
import { smallScenario, testCosts } from "../../test/support/small-scenario.ts";
import { compareDocument, differences, locksAgree } from "./compare.ts";
import { sideOf } from "./side.ts";
import { renderCompare } from "../text/compare-text.ts";

const scenario = smallScenario({}, { name: "kvm-swap", question: "Do /proc readers stall?", duration_ns: 10_000_000 });
const plain = smallOutcome("plain", plainStory);
const unlocked = smallOutcome("unlocked", unlockedStory);

test("the document has every metric of every variant, and the paired differences against the first", () => {
  const document = compareDocument(scenario, [plain, unlocked]);
  expect(Object.keys(document)).toEqual([
    "schema",
    "scenario",
    "seeds",
    "warm_up_ns",
    "precision",
    "complete",
    "variants",
    "differences",
    "rules",
  ]);
  expect(document.variants.map(({ variant, ending }) => [variant, ending])).toEqual([
    ["plain", "duration"],
    ["unlocked", "duration"],
  ]);
  const metrics = document.variants[0]?.metrics ?? {};
  expect(Object.keys(metrics)).toEqual(Object.keys(metrics).sort());
  expect(metrics["mmap_sem.hold{mode=W}"]).toEqual({
    unit: "ns",
    count: 1,
    min: 2000,
    max: 2000,
    sum: 2000,
    mean: 2000,
    p50: 2000,
    p90: 2000,
    p99: 2000,
    p99_9: 2000,
  });
  expect(metrics["mmap_sem.contentions{mode=R}"]).toEqual({ unit: "1", count: 1 });
  const waited = document.differences.find(
    ({ metric, stat }) => metric === "op.latency{role=proc_reader}" && stat === "p99",
  );
  expect(waited).toEqual({
    variant: "unlocked",
    metric: "op.latency{role=proc_reader}",
    stat: "p99",
    reference: 8_000_000,
    candidate: 10_000,
    diff: -7_990_000,
    ratio: 0.00125,
    n: 2,
    interval: null,
    variance_reduction: null,
  });
});

test("an empty distribution has no statistics, and no difference to one that is not", () => {
  const metrics = compareDocument(scenario, [unlocked]).variants[0]?.metrics;
  expect(metrics?.["mmap_sem.hold_io{mode=R}"]).toEqual({
    unit: "ns",
    count: 0,
    min: null,
    max: null,
    sum: 0,
    mean: null,
    p50: null,
    p90: null,
    p99: null,
    p99_9: null,
  });
  const io = differences(sideOf(plain), sideOf(unlocked)).filter(({ metric }) => metric === "mmap_sem.hold_io{mode=R}");
  expect(io.map(({ stat, reference, candidate, diff, ratio }) => [stat, reference, candidate, diff, ratio])).toEqual([
    ["mean", 8_000_000, null, null, null],
    ["p50", 8_000_000, null, null, null],
    ["p99", 8_000_000, null, null, null],
    ["max", 8_000_000, null, null, null],
  ]);
});

describe("two variants agree", () => {
  test("when all holds and waits do, whatever else they count", () => {
    expect(locksAgree(plain, smallOutcome("other", `${plainStory}\n 9000000 kworker gup_retry value=1`))).toBe(true);
  });

  test("not when one hold is 1 ns longer", () => {
    expect(locksAgree(plain, smallOutcome("other", plainStory.replaceAll("8030000", "8030001")))).toBe(false);
  });
});

test("the text at 80 columns: head, each variant, then what changes", () => {
  const costs = { ...testCosts(), down_read: { value_ns: 12, provenance: "measured", origin: "a test" } as const };
  const text = renderCompare({ ...scenario, costs_name: "server-2014", costs }, [plain, unlocked], 80);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const guesses = /costs server-2014, guessed: [^=]*/.exec(text)?.[0] ?? "";
  expect(guesses).toContain("up_read, down_write");
  expect(guesses).not.toContain("down_read");
  expect(`\n${text.replace(guesses, "costs …\n\n")}`).toBe(`
plain: 99.9 % of the readers' waittime is IO under async_pf_execute (99.9 %)
unlocked: no reader waited

kvm-swap: Do /proc readers stall?
  10.0 ms simulated for each of 2 seeds: 1, 2
  measured from the beginning
  not modelled: CPUs are unlimited, so nobody waits in a run queue and no holder
    is preempted
  costs …

== plain =======================================================================
gup=plain rwsem=xadd-v3.17
ending: duration, 20.0 ms simulated with 2 seeds, 1,234 events

class name               contentions  wait-p99  acquisitions  hold-p99  hold-max
&mm->mmap_sem-W                    1   8.00 ms             1   2.00 µs   2.00 µs
  role mm_writer                   1   8.00 ms             1   2.00 µs   2.00 µs
  site vm_munmap                   1   8.00 ms             1   2.00 µs   2.00 µs
&mm->mmap_sem-R                    1   7.99 ms             2   8.01 ms   8.01 ms
  role kworker                     0      0 ns             1   8.01 ms   8.01 ms
  role proc_reader                 1   7.99 ms             1   10.0 µs   10.0 µs
  site async_pf_execute            0      0 ns             1   8.01 ms   8.01 ms
  site show_pid_map                1   7.99 ms             1   10.0 µs   10.0 µs

holds the lock across IO: async_pf_execute (-R) 8.00 ms in 1 of its holds,
  longest 8.00 ms
operations: proc_reader maps 50.0/s
no convoys

99.9 % of the readers' waittime is IO under async_pf_execute (99.9 %)
   share  waittime  longest  charged to
  99.9 %   7.98 ms  7.98 ms  async_pf_execute (-R) in swap IO
0.0375 %   3.00 µs  3.00 µs  the wake-up of show_pid_map
0.0375 %   3.00 µs  3.00 µs  the wake-up of vm_munmap
0.0250 %   2.00 µs  2.00 µs  async_pf_execute (-R) on the CPU
0.0250 %   2.00 µs  2.00 µs  vm_munmap (-W) on the CPU

99.9 % of the writers' waittime is IO under async_pf_execute (99.9 %)
   share  waittime  longest  charged to
  99.9 %   7.99 ms  7.99 ms  async_pf_execute (-R) in swap IO
0.0375 %   3.00 µs  3.00 µs  the wake-up of vm_munmap
0.0250 %   2.00 µs  2.00 µs  async_pf_execute (-R) on the CPU

whom each site made wait
   share  waittime  by site                   mostly of
  99.9 %   16.0 ms  async_pf_execute (-R)     mm_writer (-W) 50.0 %
0.0375 %   6.00 µs  vm_munmap (waking up)     mm_writer (-W) 50.0 %
0.0188 %   3.00 µs  show_pid_map (waking up)  proc_reader (-R) 100 %
0.0125 %   2.00 µs  vm_munmap (-W)            proc_reader (-R) 100 %

readers' holdtime, &mm->mmap_sem-R
     nsecs               : count     distribution
      8192 -> 16383      : 1        |****************************************|
     16384 -> 32767      : 0        |                                        |
     32768 -> 65535      : 0        |                                        |
     65536 -> 131071     : 0        |                                        |
    131072 -> 262143     : 0        |                                        |
    262144 -> 524287     : 0        |                                        |
    524288 -> 1048575    : 0        |                                        |
   1048576 -> 2097151    : 0        |                                        |
   2097152 -> 4194303    : 0        |                                        |
   4194304 -> 8388607    : 1        |****************************************|

avg = 4011000 nsecs, total: 8022000 nsecs, count: 2

readers' waittime, &mm->mmap_sem-R, of those who waited
     nsecs               : count     distribution
   4194304 -> 8388607    : 1        |****************************************|

avg = 7990000 nsecs, total: 7990000 nsecs, count: 1

== unlocked ====================================================================
gup=unlocked rwsem=xadd-v3.17
ending: duration, 20.0 ms simulated with 2 seeds, 1,234 events

class name               contentions  wait-p99  acquisitions  hold-p99  hold-max
&mm->mmap_sem-W                    0      0 ns             1   2.00 µs   2.00 µs
  role mm_writer                   0      0 ns             1   2.00 µs   2.00 µs
  site vm_munmap                   0      0 ns             1   2.00 µs   2.00 µs
&mm->mmap_sem-R                    0      0 ns             2   10.0 µs   10.0 µs
  role kworker                     0      0 ns             1   10.0 µs   10.0 µs
  role proc_reader                 0      0 ns             1   10.0 µs   10.0 µs
  site async_pf_execute            0      0 ns             1   10.0 µs   10.0 µs
  site show_pid_map                0      0 ns             1   10.0 µs   10.0 µs

nothing holds the lock across IO
operations: proc_reader maps 50.0/s
no convoys

readers' holdtime, &mm->mmap_sem-R
     nsecs               : count     distribution
      8192 -> 16383      : 2        |****************************************|

avg = 10000 nsecs, total: 20000 nsecs, count: 2

readers' waittime, &mm->mmap_sem-R, of those who waited
     no samples

== plain -> unlocked ===========================================================
reader hold p99: 8.01 ms -> 10.0 µs (801 x shorter)
reader hold across IO p99: 8.00 ms -> none
reader wait p99: 7.99 ms -> 0 ns
writer hold p99: 2.00 µs, unchanged
writer wait p99: 8.00 ms -> 0 ns
op latency proc_reader p99: 8.00 ms -> 10.0 µs (800 x shorter)

metric                  stat  reference  candidate      diff   diff %
hold-R                  p99     8.01 ms    10.0 µs  -8.00 ms  -99.9 %
hold-R                  max     8.01 ms    10.0 µs  -8.00 ms  -99.9 %
hold-R kworker          p50     8.01 ms    10.0 µs  -8.00 ms  -99.9 %
hold-R kworker          p99     8.01 ms    10.0 µs  -8.00 ms  -99.9 %
hold-R kworker          max     8.01 ms    10.0 µs  -8.00 ms  -99.9 %
hold_io-R               p50     8.00 ms          -         -        -
hold_io-R               p99     8.00 ms          -         -        -
hold_io-R               max     8.00 ms          -         -        -
hold_io-R kworker       p50     8.00 ms          -         -        -
hold_io-R kworker       p99     8.00 ms          -         -        -
hold_io-R kworker       max     8.00 ms          -         -        -
op latency proc_reader  p50     8.00 ms    10.0 µs  -7.99 ms  -99.9 %
op latency proc_reader  p99     8.00 ms    10.0 µs  -7.99 ms  -99.9 %
op latency proc_reader  max     8.00 ms    10.0 µs  -7.99 ms  -99.9 %
wait-R                  p99     7.99 ms       0 ns  -7.99 ms   -100 %
wait-R                  max     7.99 ms       0 ns  -7.99 ms   -100 %
wait-R proc_reader      p50     7.99 ms       0 ns  -7.99 ms   -100 %
wait-R proc_reader      p99     7.99 ms       0 ns  -7.99 ms   -100 %
wait-R proc_reader      max     7.99 ms       0 ns  -7.99 ms   -100 %
wait-W                  p50     8.00 ms       0 ns  -8.00 ms   -100 %
wait-W                  p99     8.00 ms       0 ns  -8.00 ms   -100 %
wait-W                  max     8.00 ms       0 ns  -8.00 ms   -100 %
wait-W mm_writer        p50     8.00 ms       0 ns  -8.00 ms   -100 %
wait-W mm_writer        p99     8.00 ms       0 ns  -8.00 ms   -100 %
wait-W mm_writer        max     8.00 ms       0 ns  -8.00 ms   -100 %

paired: the same 2 seeds, all their samples pooled; no intervals; 18 of 52
  statistics are equal
`);
});

test("variants whose locks behave alike are called identical", () => {
  const text = renderCompare(scenario, [plain, { ...plain, variant: "rfc", ending: "deadlock" }], 100);
  expect(text.slice(text.indexOf("== plain -> rfc"))).toBe(`== plain -> rfc ${"=".repeat(84)}
ending: duration -> deadlock
identical: all acquisitions, hold times and wait times agree to the ns

paired: the same 2 seeds, all their samples pooled; no intervals; 52 of 52 statistics are equal
`);
});
