import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storyOf } from "../../test/support/event-feed.ts";
import { lockStories } from "../../test/support/lock-story.ts";
import type { SavedEvent } from "../trace/event.ts";
import type { EventKind } from "../trace/kinds.ts";
import { type Lasting, lastingIn } from "./lasting.ts";
import { Standing } from "./standing.ts";

const line = ({ kind, from, to, begin, page }: Lasting): string =>
  `${kind} ${from}..${to === Number.POSITIVE_INFINITY ? "" : to} of ${begin.task} by ${begin.kind}@${begin.time}${page < 0 ? "" : ` page ${page}`}`;

const lasting = (story: string, ...moments: EventKind[]): string[] => {
  const { tasks, events } = storyOf(story);
  return lastingIn(events, tasks, new Set(moments)).map(line);
};

const r = "mm=qemu mode=R site=gup";
const w = "mm=qemu mode=W site=mmap";

/** One of each that lasts, begun at 1 and over at 9, of a task of its own. */
const each = [
  ["op", "op_begin label=x value=1", "op_end label=x value=1"],
  ["work", "work_begin label=x value=1", "work_end label=x value=1"],
  ["sleep", "sleep label=swap", "wake label=swap"],
  ["run-queue", "sched_out", "sched_in value=8"],
  ["vma-hold", "vma_start_read mm=qemu label=ram value=1", "vma_end_read mm=qemu label=ram"],
  ["vma-wait", "vma_wait_begin mm=qemu label=ram", "vma_wait_end mm=qemu label=ram"],
  ["io", "io_submit label=disk value=4", "io_complete label=disk value=4"],
  ["async_pf", "kvm_async_pf_not_present value=7 aux=3", "kvm_async_pf_ready value=7 aux=3"],
] as const;

describe("what lasts", () => {
  test.each(each)("%s: from the event that begins it to the one that ends it, or to no end", (kind, begin, end) => {
    const by = begin.split(" ")[0];
    expect(lasting(`1 a ${begin}\n9 a ${end}`)).toEqual([`${kind} 1..9 of 0 by ${by}@1`]);
    expect(lasting(`1 a ${begin}\n9 b op_end`)).toEqual([`${kind} 1.. of 0 by ${by}@1`]);
  });

  test.each(each.filter(([kind]) => kind !== "run-queue"))(
    "%s: an end without its begin is nothing",
    (_kind, _begin, end) => {
      expect(lasting(`9 a ${end}`)).toEqual([]);
    },
  );

  test.each(each.filter(([kind]) => !["io", "run-queue"].includes(kind)))(
    "%s: one task's is not ended by another's",
    (kind, begin, end) => {
      const by = begin.split(" ")[0];
      expect(lasting(`1 a ${begin}\n9 b ${end}`)).toEqual([`${kind} 1.. of 0 by ${by}@1`]);
    },
  );

  test("a lock of a mapping that was refused does not", () => {
    expect(lasting("1 a vma_start_read mm=qemu label=ram value=0\n2 a vma_end_read mm=qemu label=ram")).toEqual([]);
  });

  test("a wait in the run queue without its begin is as long as the event says, and none when that is nothing", () => {
    expect(lasting("9 a sched_in value=4\n12 a sched_in value=0")).toEqual(["run-queue 5..9 of 0 by sched_in@9"]);
  });

  test("moments are told where they are wanted, in order with the rest", () => {
    expect(lasting("1 a sleep label=swap\n3 a gup_retry\n5 a wake label=swap\n6 a bug", "bug")).toEqual([
      "sleep 1..5 of 0 by sleep@1",
      "moment 6..6 of 0 by bug@6",
    ]);
  });

  test("a sleep for IO has the page of its task's last fault", () => {
    expect(
      lasting(`
        1 a fault_begin mm=qemu label=ram value=12
        2 a sleep label=swap
        3 b sleep label=swap
        4 a wake label=swap
        5 b wake label=swap
      `),
    ).toEqual(["sleep 2..4 of 0 by sleep@2 page 12", "sleep 3..5 of 1 by sleep@3"]);
  });

  test("a wait and its hold: the wait is begun by the last attempt, a granted reader owns before it holds", () => {
    expect(
      lasting(`
        1 a start ${r}
        1 a failed ${r}
        2 a start ${r}
        3 a contention_begin ${r}
        6 a granted ${r}
        8 a got ${r}
        9 a released ${r}
      `),
    ).toEqual([
      "granted 6..8 of 0 by granted@6",
      "wait 1..8 of 0 by mmap_lock_start_locking@2",
      "hold 8..9 of 0 by mmap_lock_acquire_returned@8",
    ]);
  });

  test("an attempt that failed is a wait only if another follows in the same operation", () => {
    expect(lasting(`1 a start ${r}\n2 a failed ${r}`)).toEqual([]);
    expect(lasting(`1 a start ${r}\n2 a failed ${r}\n3 a op_end label=x\n4 a start ${w}\n5 a got ${w}`)).toEqual([
      "wait 4..5 of 0 by mmap_lock_start_locking@4",
      "hold 5.. of 0 by mmap_lock_acquire_returned@5",
    ]);
    expect(lasting(`1 a start ${r}\n2 a failed ${r}\n3 a start ${r}`)).toEqual([
      "wait 1.. of 0 by mmap_lock_start_locking@3",
    ]);
  });
});

/** What lasts beyond event `at`, found from all events, and from those that stand then and the rest. */
function bothWays(
  events: readonly SavedEvent[],
  tasks: Parameters<typeof lastingIn>[1],
  at: number,
): [string[], string[]] {
  const standing = new Standing();
  for (const e of events.slice(0, at)) standing.add(e);
  const rest = events.slice(at);
  const since = rest[0]?.time ?? 0;
  const beyond = (all: readonly Lasting[]): string[] =>
    all
      .filter(({ to, kind }) => to > since && kind !== "run-queue")
      .map(({ kind, from, to, begin }) => `${kind} ${from}..${to} ${begin.task} ${begin.mm}`)
      .sort();
  const cut = [...standing.events(), ...rest];
  return [beyond(lastingIn(events, tasks, new Set())), beyond(lastingIn(cut, tasks, new Set()))];
}

describe("from what stands at a moment and all that follows", () => {
  test("one finds the waits and holds that one finds from the whole trace", () => {
    fc.assert(
      fc.property(
        lockStories,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        ({ events, tasks }, share) => {
          const [whole, cut] = bothWays(events, tasks, Math.floor(events.length * share));
          expect(cut).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(each)("one finds %s, and of what is over nothing is kept", (_kind, begin, end) => {
    const story = storyOf(`
      1 a ${begin}
      2 a ${end}
      3 a ${begin}
      5 b bug
      9 a ${end}
    `);
    const standing = new Standing();
    for (const e of story.events.slice(0, 4)) standing.add(e);
    expect(standing.events().map(({ time }) => time)).toEqual([3]);
    standing.add(story.events[4] as SavedEvent);
    expect(standing.events()).toEqual([]);
    // Another's end, or that of another page or operation, is not its end.
    const other = storyOf(
      `1 a ${begin}\n2 b bug\n3 b ${end.replace(/value=\d/, "value=8").replace(/aux=\d/, "aux=8")}`,
    );
    const kept = new Standing();
    for (const e of other.events) kept.add(e);
    expect(kept.events().map(({ time }) => time)).toEqual([1]);
  });

  test("the events are in order of time, whatever they are of", () => {
    const { events } = storyOf(`
      1 a sleep label=swap
      2 b start ${w}
      3 c op_begin label=x value=1
      4 a vma_wait_begin mm=qemu label=ram
    `);
    const standing = new Standing();
    for (const e of events) standing.add(e);
    expect(standing.events()).toEqual(events);
  });

  /** What stands after a story: time and kind. */
  const stands = (story: string): string[] => {
    const standing = new Standing();
    for (const e of storyOf(story).events) standing.add(e);
    return standing.events().map(({ time, kind }) => `${time} ${kind}`);
  };

  test("the events are in order of time also when the same thing began again", () => {
    expect(stands(`1 a sleep label=swap\n2 b op_begin label=x\n3 a wake label=swap\n4 a sleep label=swap`)).toEqual([
      "2 op_begin",
      "4 sleep",
    ]);
  });

  test("an attempt stands with its failure until another follows at the same moment, the lock is had, or the operation ends", () => {
    const failed = `1 a start ${r}\n1 a failed ${r}`;
    const both = ["1 mmap_lock_start_locking", "1 mmap_lock_acquire_returned"];
    expect(stands(failed)).toEqual(both);
    expect(stands(`${failed}\n1 a start ${w}`)).toEqual(["1 mmap_lock_start_locking"]);
    expect(stands(`${failed}\n2 a start ${w}`)).toEqual([...both, "2 mmap_lock_start_locking"]);
    expect(stands(`${failed}\n2 a got ${w}`)).toEqual(["2 mmap_lock_acquire_returned"]);
    expect(stands(`${failed}\n2 a op_end label=x`)).toEqual([]);
    expect(stands(`${failed}\n2 b op_end label=x`)).toEqual(both);
    expect(stands(`1 a start ${r}\n2 a op_end label=x`)).toEqual(["1 mmap_lock_start_locking"]);
    expect(stands(`1 a failed ${r}`)).toEqual([]);
    expect(stands(`1 a got ${r}\n2 a op_end label=x`)).toEqual(["1 mmap_lock_acquire_returned"]);
  });

  test("a hold stands from where it was granted, had or downgraded last, each of a recursive reader", () => {
    expect(stands(`1 a granted ${r}`)).toEqual(["1 granted"]);
    expect(stands(`1 a granted ${r}\n2 a got ${r}`)).toEqual(["2 mmap_lock_acquire_returned"]);
    expect(stands(`1 a granted ${r}\n2 a got ${r}\n3 a released ${r}`)).toEqual([]);
    expect(stands(`1 a got ${w}\n2 a downgraded mm=qemu`)).toEqual(["2 mmap_lock_acquire_returned"]);
    expect(stands(`1 a got ${r}\n2 a got ${r}\n3 a released ${r}`)).toEqual(["1 mmap_lock_acquire_returned"]);
    expect(stands(`1 a released ${r}`)).toEqual([]);
  });

  test("one ends and the other stands: of two operations, pages, mappings or async faults of one task", () => {
    expect(stands("1 a op_begin label=x value=1\n2 a op_begin label=x value=2\n3 a op_end label=x value=1")).toEqual([
      "2 op_begin",
    ]);
    expect(
      stands("1 a io_submit label=d value=1\n2 a io_submit label=d value=2\n3 a io_complete label=d value=1"),
    ).toEqual(["2 io_submit"]);
    expect(
      stands("1 a vma_wait_begin mm=q label=x\n2 a vma_wait_begin mm=q label=y\n3 a vma_wait_end mm=q label=x"),
    ).toEqual(["2 vma_wait_begin"]);
    expect(
      stands("1 a kvm_async_pf_not_present aux=1\n2 a kvm_async_pf_not_present aux=2\n3 a kvm_async_pf_ready aux=1"),
    ).toEqual(["2 kvm_async_pf_not_present"]);
    expect(stands("1 a vma_start_read mm=q label=x value=0")).toEqual([]);
  });
});
