import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { BlameLedger } from "./blame.ts";
import { sorted } from "../metrics/metrics.ts";
import type { ChargedWait } from "../window/window.ts";

/** The charges of each wait of a story, in the order in which the waits ended. */
function ledger(story: string): string[] {
  const lines: string[] = [];
  const listener = new BlameLedger(({ mm, mode, site, from, to, charges }: ChargedWait) => {
    lines.push(`${site} ${mode} ${mm} ${from}..${to}`);
    for (const charge of charges) {
      const how = charge.holderMode === "" ? "to come" : charge.holderMode;
      const behind = charge.carrier < 0 ? "" : ` behind ${charge.carrierSite}`;
      lines.push(`  ${charge.from}..${charge.to} ${charge.holderSite} ${how} ${charge.cause}${behind}`);
    }
  });
  feed(listener, story);
  return lines;
}

/** Who waits on the lock of `mm` for reading as `site`, and so on. */
const at = (mode: "R" | "W", site: string, mm = "qemu"): string => `mm=${mm} mode=${mode} site=${site}`;
const gup = at("R", "gup");
const map = at("W", "mmap");
const maps = at("R", "maps");

test("a reader behind a queued writer behind a reader in IO is charged to the IO, and the writer carries it", () => {
  expect(
    ledger(`
      0   worker   start            ${gup}
      0   worker   got              ${gup}
      10  worker   sleep            label=swap
      20  alloc    start            ${map}
      25  alloc    contention_begin ${map}
      30  monitor  start            ${maps}
      31  monitor  contention_begin ${maps}
      100 worker   wake             label=swap
      110 worker   released         ${gup}
      115 alloc    contention_end   ${map}
      115 alloc    got              ${map}
      150 alloc    released         ${map}
      150 monitor  granted          ${maps}
      160 monitor  contention_end   ${maps}
      160 monitor  got              ${maps}
      170 monitor  released         ${maps}
    `),
  ).toEqual([
    "mmap W qemu 20..115",
    "  20..100 gup R swap",
    "  100..110 gup R cpu",
    "  110..115 mmap to come wake-up",
    "maps R qemu 30..160",
    "  30..100 gup R swap behind mmap",
    "  100..110 gup R cpu behind mmap",
    "  110..115 mmap to come wake-up",
    "  115..150 mmap W cpu",
    "  150..160 maps R wake-up",
  ]);
});

test("a holder that waits for the lock of another mm is charged as that, and only by those who wait for its own", () => {
  expect(
    ledger(`
      0   a  start    ${at("W", "fork", "parent")}
      0   a  got      ${at("W", "fork", "parent")}
      0   b  start    ${at("R", "smaps", "child")}
      0   b  got      ${at("R", "smaps", "child")}
      10  a  start    ${at("W", "fork", "child")}
      12  a  contention_begin ${at("W", "fork", "child")}
      15  c  start    ${at("R", "maps", "parent")}
      16  c  contention_begin ${at("R", "maps", "parent")}
      60  b  released ${at("R", "smaps", "child")}
      60  a  contention_end ${at("W", "fork", "child")}
      60  a  got      ${at("W", "fork", "child")}
      80  a  released ${at("W", "fork", "child")}
      90  a  released ${at("W", "fork", "parent")}
      90  c  granted  ${at("R", "maps", "parent")}
      90  c  contention_end ${at("R", "maps", "parent")}
      90  c  got      ${at("R", "maps", "parent")}
    `),
  ).toEqual([
    "fork W child 10..60",
    "  10..60 smaps R cpu",
    "maps R parent 15..90",
    "  15..60 fork W mmap_sem",
    "  60..90 fork W cpu",
  ]);
});

test("after a downgrade the holder is charged as a reader, and readers are behind the queued writer", () => {
  expect(
    ledger(`
      0   a  start    ${at("W", "munmap")}
      0   a  got      ${at("W", "munmap")}
      5   w  start    ${map}
      6   w  contention_begin ${map}
      8   r  start    ${maps}
      9   r  contention_begin ${maps}
      20  a  downgraded ${at("R", "munmap")}
      50  a  released ${at("R", "munmap")}
      50  w  contention_end ${map}
      50  w  got      ${map}
      60  w  released ${map}
      60  r  granted  ${maps}
      60  r  contention_end ${maps}
      60  r  got      ${maps}
    `),
  ).toEqual([
    "mmap W qemu 5..50",
    "  5..20 munmap W cpu",
    "  20..50 munmap R cpu",
    "maps R qemu 8..60",
    "  8..20 munmap W cpu",
    "  20..50 munmap R cpu behind mmap",
    "  50..60 mmap W cpu",
  ]);
});

test("a writer that steals the lock from the one that was woken is charged for its hold, not for the wake-up before", () => {
  expect(
    ledger(`
      0   r  start    ${maps}
      0   r  got      ${maps}
      5   w  start    ${map}
      6   w  contention_begin ${map}
      10  r  released ${maps}
      12  thief start ${at("W", "brk")}
      12  thief got   ${at("W", "brk")}
      30  thief released ${at("W", "brk")}
      33  w  contention_end ${map}
      33  w  got      ${map}
    `),
  ).toEqual([
    "mmap W qemu 5..33",
    "  5..10 maps R cpu",
    "  10..12 mmap to come wake-up",
    "  12..30 brk W cpu",
    "  30..33 mmap to come wake-up",
  ]);
});

test("a holder without a CPU is charged as in the run queue, one that was woken from IO only for the time after it", () => {
  expect(
    ledger(`
      0   a  start    ${gup}
      0   a  got      ${gup}
      5   w  start    ${map}
      6   w  contention_begin ${map}
      10  a  sched_out
      40  a  sched_in value=30
      50  a  sleep    label=file
      100 a  sched_in value=20
      105 a  wake     label=file
      110 a  released ${gup}
      110 w  contention_end ${map}
      110 w  got      ${map}
    `),
  ).toEqual([
    "mmap W qemu 5..110",
    "  5..10 gup R cpu",
    "  10..40 gup R run-queue",
    "  40..50 gup R cpu",
    "  50..80 gup R file",
    "  80..100 gup R run-queue",
    "  100..110 gup R cpu",
  ]);
});

test("a server that needs the lock its client holds is charged as the client's wait for the server", () => {
  expect(
    ledger(`
      0   client start    ${gup}
      0   client got      ${gup}
      5   client sleep    label=fuse
      10  server start    ${at("R", "maps")}
      10  server got      ${at("R", "maps")}
      20  server released ${at("R", "maps")}
      22  alloc  start    ${map}
      23  alloc  contention_begin ${map}
      25  server start    ${at("R", "maps")}
      26  server contention_begin ${at("R", "maps")}
      60  client wake     label=fuse
      60  client released ${gup}
      60  alloc  contention_end ${map}
      60  alloc  got      ${map}
      70  alloc  released ${map}
      70  server granted  ${at("R", "maps")}
      75  server got      ${at("R", "maps")}
    `).slice(2),
  ).toEqual([
    "maps R qemu 25..75",
    "  25..60 gup R fuse behind mmap",
    "  60..70 mmap W cpu",
    "  70..75 maps R wake-up",
  ]);
});

test("of several readers the one that leaves last is charged, and one whose hold lies inside another's is charged nothing", () => {
  expect(
    ledger(`
      0   a  got      ${at("R", "a")}
      10  b  got      ${at("R", "b")}
      20  c  got      ${at("R", "c")}
      22  w  start    ${map}
      23  w  contention_begin ${map}
      30  a  released ${at("R", "a")}
      40  c  released ${at("R", "c")}
      60  b  released ${at("R", "b")}
      60  w  contention_end ${map}
      60  w  got      ${map}
    `),
  ).toEqual(["mmap W qemu 22..60", "  22..60 b R cpu"]);
});

test("a wait for the readers of a mapping is a class of its own", () => {
  expect(
    ledger(`
      0   a  start    ${map}
      0   a  got      ${map}
      5   r  start    ${maps}
      6   r  contention_begin ${maps}
      10  a  vma_wait_begin ${map}
      40  a  vma_wait_end   ${map}
      50  a  released ${map}
      50  r  granted  ${maps}
      50  r  got      ${maps}
    `),
  ).toEqual(["maps R qemu 5..50", "  5..10 mmap W cpu", "  10..40 mmap W vma_lock", "  40..50 mmap W cpu"]);
});

test("a failed trylock and the lock that follows are one wait; one that is given up is none", () => {
  expect(
    ledger(`
      0   w  got      ${map}
      5   r  start    ${maps}
      5   r  failed   ${maps}
      8   r  start    ${maps}
      9   r  contention_begin ${maps}
      12  q  start    ${gup}
      12  q  failed   ${gup}
      13  q  op_end
      20  w  released ${map}
      20  r  granted  ${maps}
      20  r  got      ${maps}
      25  q  start    ${gup}
      25  q  got      ${gup}
    `),
  ).toEqual(["maps R qemu 5..20", "  5..20 mmap W cpu"]);
});

test("a hold that began before the trace is charged from its end back", () => {
  expect(
    ledger(`
      5   r  start    ${maps}
      6   r  contention_begin ${maps}
      20  w  released ${map}
      20  r  granted  ${maps}
      20  r  got      ${maps}
    `),
  ).toEqual(["maps R qemu 5..20", "  5..20 mmap W cpu"]);
});

test("a long history is charged on the way, and the sums stay exact", () => {
  const story = ["0 r0 got mm=qemu mode=R site=gup", "1 w start mm=qemu mode=W site=mmap"];
  for (let i = 1; i <= 10_000; i++) {
    story.push(`${10 * i} r${i % 7} got mm=qemu mode=R site=gup`);
    story.push(`${10 * i + 2} r${(i - 1) % 7} released mm=qemu mode=R site=gup`);
  }
  story.push("100020 r4 released mm=qemu mode=R site=gup", "100020 w got mm=qemu mode=W site=mmap");
  const listener = new BlameLedger();
  feed(listener, story.join("\n"));
  const totals = sorted(listener.metrics().totals).map(
    ([key, { count, sum, max }]) => `${key}: ${count} ${sum} ${max}`,
  );
  expect(totals).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6].map((i) => expect.stringMatching(new RegExp(`holder_role=r${i},.*: 1 14\\d\\d\\d`))),
  ]);
  const sum = totals.reduce((all, line) => all + Number(line.split(" ").at(-2)), 0);
  expect(sum).toBe(100_020 - 1);
});
