import { describe, expect, test } from "vitest";
import { feed, storyOf } from "../../test/support/event-feed.ts";
import { sleepReasons } from "../trace/kinds.ts";
import { replay } from "./replay.ts";
import type { AtLock, Hold, SpanHears, VmaSpan, Wait } from "./span.ts";

const slept = (hold: Hold): string =>
  hold.sleeps ? hold.slept.flatMap((ns, i) => (ns === 0 ? [] : [` slept ${ns} for ${sleepReasons[i]}`])).join("") : "";
const how = (hold: Hold): string => `${hold.granted ? " granted" : ""}${hold.downgraded ? " downgraded" : ""}`;
const who = ({ task, lock }: AtLock): string => `${task.comm} ${lock.mm}`;
const wait = (one: Wait): string =>
  `${who(one.at)} ${one.mode} ${one.site} from ${one.from}${one.failed ? " failed" : ""}${one.queued ? " queued" : ""}`;
const hold = (one: Hold): string =>
  `${who(one.at)} ${one.mode} ${one.site} owned ${one.owned} from ${one.from}${how(one)}${slept(one)}`;
const vma = ({ task, mm, vma: name, site, from }: VmaSpan): string => `${task.comm} ${mm}/${name} ${site} from ${from}`;

/** All that is told of a story, a line each. */
function told(story: string): string[] {
  const lines: string[] = [];
  const line = (now: number, what: string, text: string): void => void lines.push(`${now} ${what}: ${text}`);
  const spans: SpanHears = {
    waitBegan: (one, now) => line(now, "asks", wait(one)),
    askedAgain: (one, now) => line(now, "asks again", wait(one)),
    attemptFailed: (one, mode, site, now) => line(now, `failed ${mode} ${site}`, wait(one)),
    waitQueued: (one, now) => line(now, "queued", wait(one)),
    waitGivenUp: (one, now) => line(now, "given up", wait(one)),
    waitEnded: (one, got, now) => line(now, "waited", `${wait(one)} for ${hold(got)}`),
    lockOwned: (one, now) => line(now, "owns", hold(one)),
    holdBegan: (one, now) => line(now, "holds", hold(one)),
    holdEnded: (one, now) => line(now, "held", hold(one)),
    unseenHoldEnded: (at, mode, site, now) => line(now, "held unseen", `${who(at)} ${mode} ${site}`),
    sleepEnded: ({ task, reason, site, from }, now) =>
      line(now, "slept", `${task.comm} ${reason} ${site} from ${from}`),
    operationBegan: ({ task, op, number }, now) => line(now, "begins", `${task.comm} ${op} ${number}`),
    operationEnded: ({ task, op, number, intended, from }, done, now) =>
      line(now, done ? "done" : "not done", `${task.comm} ${op} ${number} due ${intended} from ${from}`),
    vmaHoldEnded: (one, now) => line(now, "vma held", vma(one)),
    vmaWaitEnded: (one, now) => line(now, "vma waited", vma(one)),
    stillOpen: {
      hold: (one, now) => line(now, "open hold", hold(one)),
      wait: (one, now) => line(now, "open wait", wait(one)),
      operation: ({ task, op }, now) => line(now, "open operation", `${task.comm} ${op}`),
      vmaHold: (one, now) => line(now, "open vma hold", vma(one)),
      vmaWait: (one, now) => line(now, "open vma wait", vma(one)),
    },
  };
  feed({ spans }, story);
  return lines;
}

const r = "mm=qemu mode=R site=gup";
const w = "mm=qemu mode=W site=mmap";

describe("a wait", () => {
  test("lasts from the first attempt to the lock, through a trylock that failed and the queue", () => {
    expect(
      told(`
        5  a start ${r}
        6  a failed ${r}
        8  a start ${w}
        9  a contention_begin ${w}
        20 a got ${w}
        30 a released ${w}
      `),
    ).toEqual([
      "5 asks: a qemu R gup from 5",
      "6 failed R gup: a qemu R gup from 5 failed",
      "8 asks again: a qemu W mmap from 5",
      "9 queued: a qemu W mmap from 5 queued",
      "20 owns: a qemu W mmap owned 20 from -1",
      "20 holds: a qemu W mmap owned 20 from 20",
      "20 waited: a qemu W mmap from 5 queued for a qemu W mmap owned 20 from 20",
      "30 held: a qemu W mmap owned 20 from 20",
    ]);
  });

  test("that a signal ended in the queue is no queued one any more, and is given up when the operation ends", () => {
    expect(
      told(`
        1  a op_begin label=maps value=1
        5  a start ${r}
        6  a contention_begin ${r}
        9  a failed ${r}
        10 a op_end label=maps value=1
        20 a start ${r}
        20 a got ${r}
      `).slice(1),
    ).toEqual([
      "5 asks: a qemu R gup from 5",
      "6 queued: a qemu R gup from 5 queued",
      "9 failed R gup: a qemu R gup from 5 failed",
      "10 given up: a qemu R gup from 5",
      "10 not done: a maps 1 due 0 from 1",
      "20 asks: a qemu R gup from 20",
      "20 owns: a qemu R gup owned 20 from -1",
      "20 holds: a qemu R gup owned 20 from 20",
      "20 waited: a qemu R gup from 20 for a qemu R gup owned 20 from 20",
      "20 open hold: a qemu R gup owned 20 from 20",
    ]);
  });

  test("that goes on is not given up by an operation that ends", () => {
    expect(
      told(`
        5  a start ${r}
        9  a op_end label=maps value=1 aux=1
      `),
    ).toEqual(["5 asks: a qemu R gup from 5", "9 open wait: a qemu R gup from 5"]);
  });

  test("whose begin is missing is none, whatever follows of it", () => {
    expect(
      told(`
        5  a contention_begin ${w}
        9  a failed ${w}
        10 a op_end label=maps value=1 aux=1
        20 a got ${w}
      `),
    ).toEqual([
      "5 queued: a qemu W mmap from -1 queued",
      "9 failed W mmap: a qemu W mmap from -1 failed",
      "20 owns: a qemu W mmap owned 20 from -1",
      "20 holds: a qemu W mmap owned 20 from 20",
      "20 open hold: a qemu W mmap owned 20 from 20",
    ]);
  });

  test("that begins with the trace is one, and so is a hold", () => {
    expect(
      told(`
        0 a start ${r}
        0 a failed ${r}
        0 a start ${r}
        0 a granted ${r}
        0 a got ${r}
      `).slice(2),
    ).toEqual([
      "0 asks again: a qemu R gup from 0",
      "0 owns: a qemu R gup owned 0 from -1 granted",
      "0 holds: a qemu R gup owned 0 from 0 granted",
      "0 waited: a qemu R gup from 0 for a qemu R gup owned 0 from 0 granted",
      "0 open hold: a qemu R gup owned 0 from 0 granted",
    ]);
  });

  test("at one lock is not one at another", () => {
    expect(
      told(`
        1 a start mm=one mode=R site=x
        2 a start mm=two mode=W site=y
        3 b start mm=two mode=R site=z
        4 a got mm=two mode=W site=y
        5 b failed mm=two mode=R site=z
      `),
    ).toEqual([
      "1 asks: a one R x from 1",
      "2 asks: a two W y from 2",
      "3 asks: b two R z from 3",
      "4 owns: a two W y owned 4 from -1",
      "4 holds: a two W y owned 4 from 4",
      "4 waited: a two W y from 2 for a two W y owned 4 from 4",
      "5 failed R z: b two R z from 3 failed",
      "5 open wait: a one R x from 1",
      "5 open hold: a two W y owned 4 from 4",
    ]);
  });
});

describe("a hold", () => {
  test("of a reader that was let in is owned before it runs, and is the same hold then", () => {
    expect(
      told(`
        5  a start ${r}
        9  a granted ${r}
        15 a got ${r}
        20 a released ${r}
      `).slice(1),
    ).toEqual([
      "9 owns: a qemu R gup owned 9 from -1 granted",
      "15 holds: a qemu R gup owned 9 from 15 granted",
      "15 waited: a qemu R gup from 5 for a qemu R gup owned 9 from 15 granted",
      "20 held: a qemu R gup owned 9 from 15 granted",
    ]);
  });

  test("that is only granted at the end is an open wait, not an open hold", () => {
    expect(told(`5 a start ${r}\n9 a granted ${r}`).slice(2)).toEqual(["9 open wait: a qemu R gup from 5"]);
  });

  test("for write that is downgraded ends, and one for read begins without a wait", () => {
    expect(
      told(`
        5  a got ${w}
        9  a downgraded site=mmap mm=qemu
        15 a released ${r}
      `).slice(2),
    ).toEqual([
      "9 held: a qemu W mmap owned 5 from 5",
      "9 owns: a qemu R mmap owned 9 from -1",
      "9 holds: a qemu R mmap owned 9 from 9 downgraded",
      "15 held: a qemu R mmap owned 9 from 9 downgraded",
    ]);
  });

  test("of a recursive reader: the youngest ends first, and what is held next has nothing of the sleeps before", () => {
    expect(
      told(`
        1  a got ${w}
        2  a downgraded site=mmap mm=qemu
        3  a granted ${r}
        4  a got ${r}
        5  a sleep label=swap
        9  a wake label=swap
        10 a released ${r}
        11 a released ${r}
        12 a got ${w}
        13 a sleep label=file
        15 a wake label=file
      `).slice(6),
    ).toEqual([
      "4 holds: a qemu R gup owned 3 from 4 granted",
      "9 slept: a swap  from 5",
      "10 held: a qemu R gup owned 3 from 4 granted slept 4 for swap",
      "11 held: a qemu R mmap owned 2 from 2 downgraded slept 4 for swap",
      "12 owns: a qemu W mmap owned 12 from -1",
      "12 holds: a qemu W mmap owned 12 from 12",
      "15 slept: a file  from 13",
      "15 open hold: a qemu W mmap owned 12 from 12 slept 2 for file",
    ]);
  });

  test("from before the trace ends unseen", () => {
    expect(told(`9 a released ${w}`)).toEqual(["9 held unseen: a qemu W mmap"]);
  });

  test("has slept what lies in it of each sleep, by its reason, up to the end of the trace", () => {
    expect(
      told(`
        0  a sleep label=swap site=x
        4  a granted ${r}
        6  a wake label=swap
        7  a got ${r}
        8  a sleep label=file site=y
        18 a wake label=file
        20 a sleep label=swap site=x
        21 a wake label=swap
        22 a sleep label=fuse site=z
        25 b op_begin label=x
      `),
    ).toEqual([
      "4 owns: a qemu R gup owned 4 from -1 granted",
      "6 slept: a swap x from 0",
      "7 holds: a qemu R gup owned 4 from 7 granted slept 2 for swap",
      "18 slept: a file y from 8",
      "21 slept: a swap x from 20",
      "25 begins: b x 0",
      "25 open hold: a qemu R gup owned 4 from 7 granted slept 3 for swap slept 10 for file slept 3 for fuse",
      "25 open operation: b x",
    ]);
  });
});

describe("other spans", () => {
  test("a wake-up without its sleep tells nothing", () => {
    expect(told("5 a wake label=swap\n6 a sleep label=swap site=x\n9 a wake label=swap\n10 a wake label=swap")).toEqual(
      ["9 slept: a swap x from 6"],
    );
  });

  test("operations of one task end by their number and name, in any order, and one without its begin not at all", () => {
    expect(
      told(`
        1 a op_begin label=touch value=1 aux=0
        2 a op_begin label=touch value=2 aux=1
        3 a op_begin label=read value=1 aux=3
        4 a op_end label=touch value=1 aux=1
        5 a op_end label=touch value=9 aux=1
        6 a op_end label=read value=1 aux=0
        7 a op_begin label=write value=4 aux=6
        8 a op_end label=touch value=2 aux=1
      `).slice(3),
    ).toEqual([
      "4 done: a touch 1 due 0 from 1",
      "6 not done: a read 1 due 3 from 3",
      "7 begins: a write 4",
      "8 done: a touch 2 due 1 from 2",
      "8 open operation: a write",
    ]);
  });

  test("the lock of a mapping is held from where it was had, not from where it was refused", () => {
    expect(
      told(`
        1 a vma_start_read mm=qemu label=ram site=fault value=0
        2 a vma_end_read mm=qemu label=ram
        3 a vma_start_read mm=qemu label=ram site=fault value=1
        5 a vma_end_read mm=qemu label=ram
        6 b vma_wait_begin mm=qemu label=ram site=munmap mode=W
        8 b vma_wait_end mm=qemu label=ram mode=W
        9 b vma_wait_end mm=qemu label=ram mode=W
      `),
    ).toEqual(["5 vma held: a qemu/ram fault from 3", "8 vma waited: b qemu/ram munmap from 6"]);
  });

  test("what is open of a mapping's lock at the end is told", () => {
    expect(
      told(`
        1 a vma_start_read mm=qemu label=ram site=fault value=1
        2 b vma_wait_begin mm=qemu label=ram site=munmap mode=W
      `),
    ).toEqual(["2 open vma hold: a qemu/ram fault from 1", "2 open vma wait: b qemu/ram munmap from 2"]);
  });
});

test("what began with the trace at 0 is open at its end, and what was given up at once is not", () => {
  expect(
    told(`
      0 a sleep label=swap site=x
      0 a got ${w}
      0 b start ${r}
      0 b vma_start_read mm=qemu label=ram site=fault value=1
      0 a vma_wait_begin mm=qemu label=ram site=munmap mode=W
      0 c start ${r}
      0 c failed ${r}
      0 c op_end label=x
      5 c bug
    `).slice(2),
  ).toEqual([
    "0 asks: b qemu R gup from 0",
    "0 asks: c qemu R gup from 0",
    "0 failed R gup: c qemu R gup from 0 failed",
    "0 given up: c qemu R gup from 0",
    "5 open hold: a qemu W mmap owned 0 from 0 slept 5 for swap",
    "5 open vma wait: a qemu/ram munmap from 0",
    "5 open wait: b qemu R gup from 0",
    "5 open vma hold: b qemu/ram fault from 0",
  ]);
  expect(told("0 a vma_wait_begin mm=q label=x site=y mode=W\n3 a vma_wait_end mm=q label=x mode=W")).toEqual([
    "3 vma waited: a q/x y from 0",
  ]);
});

describe("a trace that is told again", () => {
  const { tasks, events } = storyOf(
    "1 a op_begin label=x\n2 b op_begin label=x\n3 a op_end label=x\n4 b op_end label=x",
  );

  test("has the CPU of each event where it is known, and none where it is not", () => {
    const cpusOf = (cpus: readonly number[]): (number | undefined)[] => {
      const seen: (number | undefined)[] = [];
      const note = (e: { task: number }, all: readonly { cpu?: number }[]): void => void seen.push(all[e.task]?.cpu);
      replay(events, tasks, [{ hears: { op_begin: note, op_end: note } }], cpus);
      return seen;
    };
    expect(cpusOf([7, 3, 5, 3])).toEqual([7, 3, 5, 3]);
    expect(cpusOf([])).toEqual([undefined, undefined, undefined, undefined]);
    // What was said of the tasks stays as it was.
    expect(tasks.some((task) => "cpu" in task)).toBe(false);
  });

  test("ends at the end of the run, or at its last event", () => {
    const endOf = (end?: number): number[] => {
      const ends: number[] = [];
      const spans: SpanHears = { stillOpen: { operation: (_one, now) => void ends.push(now) } };
      replay(events.slice(0, 2), tasks, [{ spans }], [], end);
      return ends;
    };
    expect([endOf(), endOf(9), endOf(1)]).toEqual([
      [2, 2],
      [9, 9],
      [2, 2],
    ]);
  });

  test("is heard by those who hear for another as well, of spans and of events", () => {
    const heard: string[] = [];
    const part = {
      spans: { operationEnded: () => void heard.push("span") },
      parts: [{ hears: { op_end: () => void heard.push("event") } }],
    };
    replay(events, tasks, [{ parts: [part] }]);
    expect(heard).toEqual(["span", "event", "span", "event"]);
  });
});
