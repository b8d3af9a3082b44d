import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { Overview } from "./overview.ts";

// A run of 2,400 ns has slots of 10 ns.
const overview = (): Overview => new Overview(2400);

test("of each slot: the p99 of the waits that ended in it, the longest queue and the most IOs in flight", () => {
  const drawn = overview();
  feed(
    drawn,
    `
      1 r io_submit label=disk value=7 aux=1
      2 a start mm=m mode=W site=mmap
      2 a got   mm=m mode=W site=mmap
      3 r start mm=m mode=R site=maps
      4 r contention_begin mm=m mode=R
      5 s start mm=m mode=R site=maps
      6 s contention_begin mm=m mode=R
     15 - io_complete label=disk value=7 aux=1
     23 a released mm=m mode=W site=mmap
     23 r granted mm=m mode=R site=maps
     23 s granted mm=m mode=R site=maps
     25 r got mm=m mode=R site=maps
     38 s got mm=m mode=R site=maps
    `,
  );
  expect(drawn.series(40)).toEqual({
    slot_ns: 10,
    wait_p99_ns: [null, null, 22, 33],
    queued: [2, 2, 2, 0],
    in_flight: [1, 1, 0, 0],
  });
});

test("a wait that goes on at the end counts in the last slot with its age, and its task is in the queue", () => {
  const drawn = overview();
  feed(
    drawn,
    `
      2 a start mm=m mode=W site=mmap
      2 a got   mm=m mode=W site=mmap
      3 r start mm=m mode=R site=maps
      4 r contention_begin mm=m mode=R
     29 x sleep label=swap
    `,
  );
  const { wait_p99_ns, queued } = drawn.series(30);
  expect(wait_p99_ns).toEqual([null, null, 26]);
  expect(queued).toEqual([1, 1, 1]);
});

test("of more than a hundred waits in a slot the longest is not the p99", () => {
  const drawn = overview();
  const waits = Array.from({ length: 200 }, (_, i) => {
    const length = i < 2 ? 9 : 1;
    return `0 t${i} start mm=m${i} mode=R site=maps\n ${length} t${i} got mm=m${i} mode=R site=maps`;
  });
  // A story is told in order of time.
  const lines = waits
    .flatMap((wait) => wait.split("\n"))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  feed(drawn, lines.join("\n"));
  expect(drawn.series(10).wait_p99_ns).toEqual([1]);
});
