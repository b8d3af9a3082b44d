import { describe, expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { sorted } from "../metrics/metrics.ts";
import type { ChargedWait } from "../window/window.ts";
import { BlameLedger } from "./blame.ts";

/** The charges of each wait of a story, in the order in which the waits ended, and the totals of all. */
function told(story: string): { waits: string[]; totals: string[] } {
  const waits: string[] = [];
  const ledger = new BlameLedger(({ site, mode, from, to, charges }: ChargedWait) => {
    waits.push(`${site} ${mode} ${from}..${to}`);
    for (const { from, to, holderSite, holderMode, cause, carrierSite } of charges) {
      waits.push(
        `  ${from}..${to} ${holderSite} ${holderMode || "none"} ${cause}${carrierSite && ` behind ${carrierSite}`}`,
      );
    }
  });
  feed(ledger, story);
  // Without a sink the totals are the same.
  const silent = new BlameLedger();
  feed(silent, story);
  const lines = (one: BlameLedger): string[] =>
    sorted(one.metrics().totals).map(([key, { count, sum, max }]) => `${key}: ${count} ${sum} ${max}`);
  expect(lines(silent)).toEqual(lines(ledger));
  return { waits, totals: lines(ledger) };
}

const gup = "mm=qemu mode=R site=gup";
const map = "mm=qemu mode=W site=mmap";
const brk = "mm=qemu mode=W site=brk";
const maps = "mm=qemu mode=R site=maps";

describe("a wait", () => {
  test("that was given up leaves nothing to the next one", () => {
    const { waits } = told(`
      0   w  got      ${map}
      5   q  start    ${gup}
      6   q  contention_begin ${gup}
      10  q  failed   ${gup}
      11  q  op_end
      20  w  released ${map}
      21  w  got      ${brk}
      30  q  start    ${gup}
      31  q  contention_begin ${gup}
      40  w  released ${brk}
      40  q  got      ${gup}
    `);
    expect(waits).toEqual(["gup R 30..40", "  30..40 brk W cpu"]);
  });

  test("that was given up is no reason to keep the history of the lock, nor to stand in its queue", () => {
    const { waits } = told(`
      0   w  got      ${map}
      5   q  start    ${brk}
      6   q  contention_begin ${brk}
      10  q  failed   ${brk}
      11  q  op_end
      12  w  released ${map}
      13  r  got      ${maps}
      15  x  start    ${gup}
      16  x  contention_begin ${gup}
      30  r  released ${maps}
      33  x  granted  ${gup}
      35  x  got      ${gup}
    `);
    expect(waits).toEqual([
      "gup R 15..35",
      "  15..30 maps R cpu",
      "  30..33 gup none wake-up",
      "  33..35 gup R wake-up",
    ]);
  });

  test("of no time is none, whoever had the lock before", () => {
    const { waits, totals } = told(`
      0  a start ${gup}
      0  a got ${gup}
      5  a released ${gup}
      5  b start ${map}
      5  b got ${map}
    `);
    expect({ waits, totals }).toEqual({ waits: [], totals: [] });
  });

  test("of a second reader in a row is charged from its own begin, not from that of the first", () => {
    const { waits } = told(`
      0  w  got ${map}
      5  a  start ${gup}
      6  a  contention_begin ${gup}
      9  b  start ${maps}
      9  b  contention_begin ${maps}
      20 w  released ${map}
      20 a  granted ${gup}
      20 b  granted ${maps}
      22 a  got ${gup}
      25 b  got ${maps}
    `);
    expect(waits).toEqual([
      "gup R 5..22",
      "  5..20 mmap W cpu",
      "  20..22 gup R wake-up",
      "maps R 9..25",
      "  9..20 mmap W cpu",
      "  20..25 maps R wake-up",
    ]);
  });

  test("at a lock that is free and has a queue is charged to the first of the queue, who is waking up", () => {
    const { waits } = told(`
      0  r  got ${maps}
      2  w  start ${map}
      3  w  contention_begin ${map}
      5  x  start ${gup}
      6  x  contention_begin ${gup}
      10 r  released ${maps}
      18 w  got ${map}
      20 w  released ${map}
      20 x  granted ${gup}
      20 x  got ${gup}
    `);
    expect(waits.slice(3)).toEqual([
      "gup R 5..20",
      "  5..10 maps R cpu behind mmap",
      "  10..18 mmap none wake-up",
      "  18..20 mmap W cpu",
    ]);
  });
});

describe("the writer that carries a wait from reader to reader", () => {
  const readers = `
    0  r  got ${gup}
    2  w1 start ${map}
    3  w1 contention_begin ${map}
    4  w2 start ${brk}
    5  w2 contention_begin ${brk}
    10 x  start ${maps}
    11 x  contention_begin ${maps}
  `;

  test("is the first that is queued, and when that one is killed the next", () => {
    const { waits } = told(`${readers}
      20 w1 failed ${map}
      20 w1 op_end
      50 r  released ${gup}
      50 w2 got ${brk}
      60 w2 released ${brk}
      60 x  granted ${maps}
      60 x  got ${maps}
    `);
    expect(waits.slice(2)).toEqual([
      "maps R 10..60",
      "  10..20 gup R cpu behind mmap",
      "  20..50 gup R cpu behind brk",
      "  50..60 brk W cpu",
    ]);
  });

  test("is none when all are killed: the reader is on its way then", () => {
    const { waits } = told(`${readers}
      20 w2 failed ${brk}
      30 w1 failed ${map}
      30 w1 op_end
      31 w2 op_end
      32 x  granted ${maps}
      40 x  got ${maps}
    `);
    expect(waits).toEqual([
      "maps R 10..40",
      "  10..30 gup R cpu behind mmap",
      "  30..32 gup R cpu",
      "  32..40 maps R wake-up",
    ]);
  });

  test("is none of a writer's, nor of a wait for a writer", () => {
    const { waits } = told(`
      0  w0 got ${brk}
      2  w1 start ${map}
      3  w1 contention_begin ${map}
      10 x  start ${maps}
      11 x  contention_begin ${maps}
      20 w0 released ${brk}
      20 w1 got ${map}
      30 w1 released ${map}
      30 x  granted ${maps}
      30 x  got ${maps}
    `);
    expect(waits).toEqual([
      "mmap W 2..20",
      "  2..20 brk W cpu",
      "maps R 10..30",
      "  10..20 brk W cpu",
      "  20..30 mmap W cpu",
    ]);
  });

  test("comes in the middle of a hold: before it the wait is the reader's alone", () => {
    const { waits } = told(`
      0  r  got ${gup}
      2  x  start ${maps}
      3  x  contention_begin ${maps}
      8  w1 start ${map}
      9  w1 contention_begin ${map}
      50 r  released ${gup}
      50 x  granted ${maps}
      50 x  got ${maps}
    `);
    expect(waits).toEqual(["maps R 2..50", "  2..9 gup R cpu", "  9..50 gup R cpu behind mmap"]);
  });
});

describe("what a holder does", () => {
  test("is charged apart, cause by cause, and the same cause together", () => {
    const { waits, totals } = told(`
      0  r op_begin label=x
      0  r got ${gup}
      5  w start ${map}
      6  w contention_begin ${map}
      10 r sleep label=swap
      20 r wake label=swap
      25 r sleep label=file
      40 r wake label=file
      42 r sleep label=swap
      50 r wake label=swap
      55 r released ${gup}
      55 w got ${map}
    `);
    expect(waits).toEqual([
      "mmap W 5..55",
      "  5..10 gup R cpu",
      "  10..20 gup R swap",
      "  20..25 gup R cpu",
      "  25..40 gup R file",
      "  40..42 gup R cpu",
      "  42..50 gup R swap",
      "  50..55 gup R cpu",
    ]);
    const key = (cause: string): string =>
      `mmap_sem.blame{carrier=none,cause=${cause},holder_mode=R,holder_role=r,holder_site=gup,mm=qemu,mode=W,role=w,site=mmap}`;
    expect(totals).toEqual([`${key("cpu")}: 1 17 17`, `${key("file")}: 1 15 15`, `${key("swap")}: 1 18 18`]);
  });

  test("is added up over waits, by who waited and who had the lock, behind whom", () => {
    const one = (at: number): string => `
      ${at}      r got ${gup}
      ${at + 2}  w start ${map}
      ${at + 3}  w contention_begin ${map}
      ${at + 4}  x start ${maps}
      ${at + 4}  x contention_begin ${maps}
      ${at + 10} r released ${gup}
      ${at + 10} w got ${map}
      ${at + 20} w released ${map}
      ${at + 20} x granted ${maps}
      ${at + 21} x got ${maps}
      ${at + 22} x released ${maps}
    `;
    const { totals } = told(one(0) + one(100));
    expect(totals.map((line) => line.replace("mmap_sem.blame", ""))).toEqual([
      "{carrier=mmap,cause=cpu,holder_mode=R,holder_role=r,holder_site=gup,mm=qemu,mode=R,role=x,site=maps}: 2 12 6",
      "{carrier=none,cause=cpu,holder_mode=R,holder_role=r,holder_site=gup,mm=qemu,mode=W,role=w,site=mmap}: 2 16 8",
      "{carrier=none,cause=cpu,holder_mode=W,holder_role=w,holder_site=mmap,mm=qemu,mode=R,role=x,site=maps}: 2 20 10",
      "{carrier=none,cause=wake-up,holder_mode=R,holder_role=x,holder_site=maps,mm=qemu,mode=R,role=x,site=maps}: 2 2 1",
    ]);
  });

  test("at one lock is remembered while it has another", () => {
    const { waits } = told(`
      0  a got ${gup}
      1  a got mm=other mode=R site=peek
      3  a sleep label=swap
      5  w start ${map}
      6  w contention_begin ${map}
      9  a wake label=swap
      12 a released mm=other mode=R site=peek
      15 a sleep label=file
      20 a wake label=file
      22 a released ${gup}
      22 w got ${map}
    `);
    expect(waits).toEqual([
      "mmap W 5..22",
      "  5..9 gup R swap",
      "  9..15 gup R cpu",
      "  15..20 gup R file",
      "  20..22 gup R cpu",
    ]);
  });

  test("of a reader that took the lock again is one hold inside another", () => {
    const { waits } = told(`
      0  a got ${gup}
      2  a got ${maps}
      3  w start ${map}
      4  w contention_begin ${map}
      6  a released ${maps}
      9  a released ${gup}
      10 w got ${map}
    `);
    expect(waits).toEqual(["mmap W 3..10", "  3..9 gup R cpu", "  9..10 mmap none wake-up"]);
  });

  test("before it had its CPU back is the run queue, and then what it did before", () => {
    const { waits } = told(`
      0  a got ${gup}
      1  w start ${map}
      2  w contention_begin ${map}
      5  a vma_wait_begin ${gup}
      6  a sched_out
      9  a sched_in value=3
      11 a vma_wait_end ${gup}
      15 a released ${gup}
      15 w got ${map}
    `);
    expect(waits).toEqual([
      "mmap W 1..15",
      "  1..5 gup R cpu",
      "  5..6 gup R vma_lock",
      "  6..9 gup R run-queue",
      "  9..11 gup R vma_lock",
      "  11..15 gup R cpu",
    ]);
  });
});
