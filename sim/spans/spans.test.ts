import { expect, test } from "vitest";
import { feed } from "../../test/support/event-feed.ts";
import { Spans } from "./spans.ts";

/** What is open at 100 ns of a story, as `kind task mm mode name from age`. */
function openAt100(story: string): string[] {
  const spans = new Spans([]);
  feed(spans, story);
  return spans
    .open(100)
    .map(({ kind, task, mm, mode, name, from, age_ns }) => `${kind} ${task} ${mm} ${mode} ${name} ${from} ${age_ns}`);
}

test("what is open at the end is a span with its age: operations, nested holds, waits, sleeps and locks of mappings", () => {
  expect(
    openAt100(`
      5  a op_begin label=read value=1 aux=3
      10 a start mm=m mode=R site=x
      10 a got   mm=m mode=R site=x
      20 a start mm=m mode=R site=y
      20 a got   mm=m mode=R site=y
      30 b start mm=m mode=W site=z
      31 b contention_begin mm=m mode=W site=z
      40 a sleep label=swap
      50 c vma_start_read mm=m label=heap value=1
      60 d vma_wait_begin mm=m label=heap
    `),
  ).toEqual([
    "op 0  null read 5 95",
    "hold 0 m R x 10 90",
    "hold 0 m R y 20 80",
    "sleep 0  null swap 40 60",
    "wait 1 m W z 30 70",
    "vma-hold 2 m R heap 50 50",
    "vma-wait 3 m W heap 60 40",
  ]);
});

test("who asked before the trace began is older than the trace", () => {
  expect(openAt100("7 a contention_begin mm=m mode=W site=z")).toEqual(["wait 0 m W z null 100"]);
});

test("a reader that owns the lock and does not run yet still waits, and owns it", () => {
  expect(
    openAt100(`
      10 a start mm=m mode=R site=x
      11 a contention_begin mm=m mode=R site=x
      30 a granted mm=m mode=R site=x
    `),
  ).toEqual(["granted 0 m R x 30 70", "wait 0 m R x 10 90"]);
});

test("nothing is open once it has ended, was given up, or failed last", () => {
  expect(
    openAt100(`
      5  a op_begin label=read value=1 aux=3
      10 a start mm=m mode=W site=x
      10 a got   mm=m mode=W site=x
      20 a downgraded mm=m site=x
      30 a released mm=m mode=R site=x
      31 a sleep label=swap
      32 a wake  label=swap
      40 a start mm=m mode=R site=x
      41 a failed mm=m mode=R site=x
      42 a op_end label=read value=1 aux=1
      50 b start mm=m mode=R site=x
      51 b failed mm=m mode=R site=x
      60 c released mm=m mode=R site=x
    `),
  ).toEqual([]);
});
