import { hearsSaved } from "../test/support/saved-events.ts";
import { expect, test } from "vitest";
import type { SavedEvent } from "../sim/trace/event.ts";
import { feed } from "../test/support/event-feed.ts";
import { type FtraceFormat, lockPointer, mmPointer, type StampUnit } from "./ftrace-line.ts";
import { parseRecording } from "./recording/parse-recording.ts";
import { ftraceText, type Recorded } from "./ftrace-text.ts";

const story = `
        0 reader          start            mm=qemu mode=R
      400 reader          failed           mm=qemu mode=R
      499 reader          start            mm=qemu mode=R
      500 reader          contention_begin mm=qemu mode=R
      600 writer          sleep            label=swap
  1234500 writer          downgraded       mm=qemu
1514902499 writer         released         mm=qemu mode=R
1514902500 reader         contention_end   mm=qemu mode=R
1999999500 reader         got              mm=qemu mode=R
`;

function recorded(left_out = 0): Recorded {
  const events: SavedEvent[] = [];
  let tasks: Recorded["tasks"] = [];
  const keeper = hearsSaved((e, all) => {
    events.push(e);
    tasks = all;
  });
  feed(keeper, story);
  return { tasks, before: events.slice(0, 1), events: events.slice(1), left_out };
}

/** The lines after the head. */
function body(format: FtraceFormat, unit: StampUnit, left_out = 0): string[] {
  return ftraceText(recorded(left_out), format, unit)
    .split("\n")
    .filter((line) => !line.startsWith("#"));
}

test("v6.18: memcg_id, five flags, microseconds rounded as the tracer rounds them", () => {
  const mm = mmPointer("qemu");
  const lock = lockPointer("qemu");
  expect(body("v6.18", "us")).toEqual([
    `          reader-1000    [000] .....     0.000000: mmap_lock_start_locking: mm=${mm} memcg_id=0 write=false`,
    `          reader-1000    [000] .....     0.000000: mmap_lock_acquire_returned: mm=${mm} memcg_id=0 write=false success=false`,
    `          reader-1000    [000] .....     0.000000: mmap_lock_start_locking: mm=${mm} memcg_id=0 write=false`,
    `          reader-1000    [000] .....     0.000001: contention_begin: ${lock} (flags=READ)`,
    `          writer-1001    [000] .....     0.001235: mmap_lock_acquire_returned: mm=${mm} memcg_id=0 write=false success=true`,
    `          writer-1001    [000] .....     1.514902: mmap_lock_released: mm=${mm} memcg_id=0 write=false`,
    `          reader-1000    [000] .....     1.514903: contention_end: ${lock} (ret=0)`,
    `          reader-1000    [000] .....     2.000000: mmap_lock_acquire_returned: mm=${mm} memcg_id=0 write=false success=true`,
    "",
  ]);
});

test("v6.8 has memcg_path; nanoseconds are nine decimals", () => {
  expect(body("v6.8", "ns")[1]).toBe(
    `          reader-1000    [000] .....     0.000000400: mmap_lock_acquire_returned: mm=${mmPointer("qemu")} memcg_path= write=false success=false`,
  );
  expect(body("v6.8", "ns")).toHaveLength(9);
});

test("v5.11 has four flags, an empty line after each event, and no contentions", () => {
  const lines = body("v5.11", "us");
  expect(lines.slice(0, 3)).toEqual([
    `          reader-1000    [000] ....     0.000000: mmap_lock_start_locking: mm=${mmPointer("qemu")} memcg_path= write=false`,
    "",
    `          reader-1000    [000] ....     0.000000: mmap_lock_acquire_returned: mm=${mmPointer("qemu")} memcg_path= write=false success=false`,
  ]);
  expect(lines.join()).not.toContain("contention");
});

test("the head names the pointers", () => {
  const head = ftraceText(recorded(), "v6.18", "us").split("\n").slice(0, 6);
  expect(head).toEqual([
    "# tracer: nop",
    "#",
    `# mm=${mmPointer("qemu")} is qemu`,
    `# ${lockPointer("qemu")} is the mmap_lock of qemu`,
    "#",
    "#           TASK-PID     CPU#  |||||   TIMESTAMP   FUNCTION",
  ]);
  expect(mmPointer("qemu")).not.toBe(lockPointer("qemu"));
});

test("events that a window left out are lost events, and are read as such", () => {
  expect(body("v6.18", "us", 17).at(-2)).toBe("CPU:0 [LOST 17 EVENTS]");
  expect(parseRecording(ftraceText(recorded(17), "v6.18", "us"), "t")).toMatchObject({ losses: 1, lost_events: 17 });
});
