import { replay } from "../../sim/spans/replay.ts";
import { hearsAll } from "../../sim/trace/trace.ts";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LockStat } from "../../sim/measure/lock/lock-stat.ts";
import { type Recording, parseRecording } from "./parse-recording.ts";

const mm = "mm=00000000d6d6c6b5 memcg_id=43595";
const start = `mmap_lock_start_locking: ${mm} write=false`;
const got = `mmap_lock_acquire_returned: ${mm} write=false success=true`;

function parse(...lines: string[]): Recording {
  return parseRecording(lines.join("\n"), "trace.txt");
}

/** Who, by comm and pid, as the heads of single lines say. */
function who(head: string): string {
  const { tasks, problems } = parse(`${head}: ${start}`);
  return problems[0] ?? `${tasks[0]?.comm}|${tasks[0]?.pid}`;
}

test("a comm may hold dashes, blanks, colons, slashes and brackets", () => {
  expect(who("            gup0-18370   [000] .....  3487.173538")).toBe("gup0|18370");
  expect(who("     kworker/0:0-15426   [001] .N...  5207.720703")).toBe("kworker/0:0|15426");
  expect(who("        a-1 b: 2-77      [000] d..2.     1.000000")).toBe("a-1 b: 2|77");
  expect(who("    x [000] 1.5:-8       [003] .....     1.000000")).toBe("x [000] 1.5:|8");
  expect(who("           <...>-2258    [000] .....     1.000000")).toBe("<...>|2258");
  expect(who(" Web Content-12 34 [000]  5.000000")).toBe("Web Content-12|34");
});

test("the CPU of each event is kept, and told to those who hear the trace again", () => {
  const trace = parse(`gup0-1 [001] ..... 1.000001: ${start}`, `gup0-1 [000] ..... 1.000002: ${got}`);
  expect(trace.cpus).toEqual([1, 0]);
  const heard: (number | undefined)[] = [];
  const hears = hearsAll((e, tasks) => heard.push(tasks[e.task]?.cpu));
  replay(trace.events, trace.tasks, [{ hears }], trace.cpus);
  expect(heard).toEqual([1, 0]);
});

test("the thread group, the flags and the width of the columns may differ or be missing", () => {
  expect(who("            gup0-18370   (  18367) [000] .....  3487.173538")).toBe("gup0|18370");
  expect(who("            gup0-18370   (-------) [000] .....  3487.173538")).toBe("gup0|18370");
  expect(who("gup0-18370 [000]  3487.173538")).toBe("gup0|18370");
});

test("perf script: the system before the event, pid/tid, 0x before the pointer", () => {
  const line = "  CPU 0/KVM  5990/5991 [000]  5832.619370125: mmap_lock:mmap_lock_acquire_returned:";
  const { events, tasks } = parse(`${line} mm=0xffff88810006f6c0 memcg_id=5381 write=true success=true`);
  expect(tasks).toEqual([{ comm: "CPU 0/KVM", role: "CPU N/KVM", pid: 5991, cpu: 0 }]);
  expect(events).toEqual([
    {
      kind: "mmap_lock_acquire_returned",
      time: 619_370_125,
      task: 0,
      mm: "ffff88810006f6c0",
      mode: "W",
      site: "",
      label: "",
      value: 1,
      aux: 0,
    },
  ]);
});

test("memcg_id, memcg_path with blanks in it or empty, and a pointer that is not hashed yet", () => {
  const rest = "write=true";
  const payloads = [
    `mm=00000000d6d6c6b5 memcg_path=/user.slice/a b ${rest}`,
    `mm=D6D6C6B5 memcg_path= ${rest}`,
    `mm=0xd6d6c6b5 memcg_id=1 ${rest}`,
    `mm=(____ptrval____) memcg_id=1 ${rest}`,
    `mm=00000000(ptrval) memcg_id=1 ${rest}`,
  ];
  const { events, problems } = parse(
    ...payloads.map((text) => `a-1 [000] ..... 1.000000: mmap_lock_released: ${text}`),
  );
  expect(problems).toEqual([]);
  const same = "00000000d6d6c6b5";
  expect(events.map((e) => e.mm)).toEqual([same, same, same, "(ptrval)", "(ptrval)"]);
});

test("times count from the second of the first event, exactly, however long the machine is up", () => {
  const { events, epoch_s } = parse(`a-1 [000] 98765432.999999999: ${start}`, `a-1 [000] 98765433.000000001: ${got}`);
  expect(epoch_s).toBe(98_765_432);
  expect(events.map(({ time }) => time)).toEqual([999_999_999, 1_000_000_001]);
});

test("lines that are out of order are counted and put in order", () => {
  const { events, out_of_order } = parse(`a-1 [000] 1.000002: ${got}`, `a-1 [001] 1.000001: ${start}`);
  expect(out_of_order).toBe(1);
  expect(events.map(({ kind }) => kind)).toEqual(["mmap_lock_start_locking", "mmap_lock_acquire_returned"]);
});

test("all bad lines of our events are found in one pass, each with its place, its text and a reason", () => {
  const head = "a-1 [000] ..... 1.000000: ";
  const { problems, events } = parse(
    `${head}mmap_lock_released: mm=nowhere memcg_id=1 write=true`,
    `${head}mmap_lock_released: mm=12ab write=true`,
    `${head}mmap_lock_released: mm=12ab memcg_id=1 write=maybe`,
    `${head}mmap_lock_acquire_returned: mm=12ab memcg_id=1 write=true`,
    `${head}mmap_lock_released: mm=12ab memcg_id=1 write=true success=true`,
    `${head}mmap_lock_start_locking: mm=12`,
    `${head}contention_begin: 12ab flags=READ`,
    `${head}contention_end: 12ab (ret=no)`,
    `a-1 [000] ..... 4711: ${start}`,
    `  a [000] ..... 1.0: ${start}`,
    `${head}${start}`,
  );
  expect(problems).toEqual([
    'trace.txt:1:47: expected mm=POINTER: "mm=nowhere memcg_id=1 write=true"',
    'trace.txt:2:55: expected memcg_id=NUMBER or memcg_path=PATH, and write=: "write=true"',
    'trace.txt:3:66: expected write=true or write=false: "write=maybe"',
    'trace.txt:4:84: expected success=true or success=false: ""',
    'trace.txt:5:77: expected the end of the line: "success=true"',
    'trace.txt:6:57: expected memcg_id=NUMBER or memcg_path=PATH, and write=: ""',
    'trace.txt:7:50: expected (flags=…): "flags=READ"',
    'trace.txt:8:48: expected (ret=NUMBER): "(ret=no)"',
    'trace.txt:9:17: expected a time in seconds with decimals: set trace_clock to local, global or mono: "4711: mmap_lock_start_locking: mm=00000000d6d6c6b5 memcg_id=…"',
    'trace.txt:10:3: expected COMM-PID [CPU] FLAGS SECONDS as ftrace, or COMM PID [CPU] SECONDS as perf script: "a [000] ..... 1.0: mmap_lock_start_locking: mm=00000000d6d6c…"',
  ]);
  expect(events).toHaveLength(1);
});

test("other events are counted; comments, empty lines and stack traces are no events", () => {
  const { events, other_events, problems } = parse(
    "# tracer: nop",
    "",
    "vcpu1-2258    [000] .....  5207.720666: kvm_try_async_get_page: gva = 0x44001000, gfn = 0x44001",
    "opcall-23816   [000] .....  4181.474377: <stack trace>",
    " => __mmap_lock_do_trace_start_locking",
    "a-1 [000] ..... 1.000000: tracing_mark_write: now: mmap_lock_released: soon",
  );
  expect({ events, other_events, problems }).toEqual({ events: [], other_events: 2, problems: [] });
});

test("what the tracer lost is noticed, in the words of ftrace, trace-cmd and perf", () => {
  const { losses, lost_events, other_events } = parse(
    "CPU:1 [LOST 123 EVENTS]",
    "CPU:0 [LOST EVENTS]",
    "CPU:7 [204 EVENTS DROPPED]",
    "CPU:7 [EVENTS DROPPED]",
    "gup 5990 [000] 5832.619370: PERF_RECORD_LOST lost 17",
    `LOST-1 [000] ..... 1.000000: ${start}`,
  );
  expect({ losses, lost_events, other_events }).toEqual({ losses: 5, lost_events: 344, other_events: 0 });
});

test("edges without another half are counted, and none is made up", () => {
  const at = (time: number, text: string, pid = 1): string => `a-${pid} [000] ..... ${time}.000000: ${text}`;
  const release = `mmap_lock_released: ${mm} write=`;
  const { unmatched, events } = parse(
    at(1, `${release}true`),
    at(2, got),
    at(3, `${release}true`),
    at(4, start),
    at(5, start),
    at(6, got),
    at(7, start, 2),
  );
  expect(unmatched).toEqual({
    acquired_without_start: 1,
    released_without_hold: 2,
    start_without_answer: 1,
    open_waits: 1,
    open_holds: 1,
  });
  expect(events).toHaveLength(7);
});

test("a contention is that of the lock its task asks for, or of another lock", () => {
  const at = (time: number, text: string): string => `a-1 [000] ..... ${time}.000000: ${text}`;
  const { events, other_events } = parse(
    at(1, "contention_begin: 00000000573bc6b8 (flags=READ)"),
    at(2, "contention_end: 00000000573bc6b8 (ret=0)"),
    at(3, start),
    at(4, "contention_begin: 00000000aaaaaaaa (flags=SPIN)"),
    at(5, "contention_end: 00000000aaaaaaaa (ret=0)"),
    at(6, "contention_begin: 00000000573bc6b8 (flags=READ)"),
    at(7, "contention_end: 00000000573bc6b8 (ret=0)"),
    at(8, got),
    at(9, "contention_begin: 00000000573bc6b8 (flags=SPIN|READ)"),
  );
  expect(events.map(({ kind, mm: pointer, mode }) => `${kind} ${pointer} ${mode}`).slice(1, 3)).toEqual([
    "contention_begin 00000000d6d6c6b5 R",
    "contention_end 00000000d6d6c6b5 R",
  ]);
  expect([events.length, other_events]).toEqual([4, 5]);
});

test("a task whose comm the tracer did not know yet gets it when it does", () => {
  const { tasks } = parse(`<...>-7 [000] ..... 1.000000: ${start}`, `gup0-7 [000] ..... 1.000001: ${got}`);
  expect(tasks).toEqual([{ comm: "gup0", role: "gup", pid: 7, cpu: 0 }]);
});

test("the text of a real v6.18: nothing is bad, a munmap is a W hold and an R hold, a failed trylock holds nothing", () => {
  const file = fileURLToPath(new URL("../samples/mmap_lock.v6.18.txt", import.meta.url));
  const trace = parseRecording(readFileSync(file, "utf8"), "mmap_lock.v6.18.txt");
  expect(trace.problems).toEqual([]);
  // 8 of kvm, 10 contentions whose starts are not in the excerpt.
  expect(trace.other_events).toBe(18);
  const isWriter = (pid: number, e: { task: number }): boolean => trace.tasks[e.task]?.pid === pid;
  const part = (pid: number) => {
    const stat = new LockStat([]);
    replay(
      trace.events.filter((e) => isWriter(pid, e)),
      trace.tasks,
      [stat],
    );
    const { histograms, counts } = stat.metrics();
    const hold = (mode: string) => histograms.get(`mmap_sem.hold{mode=${mode}}`);
    return { R: hold("R")?.sum, W: hold("W")?.sum, n: [hold("R")?.count, hold("W")?.count], counts };
  };
  const munmap = part(18376);
  expect(munmap).toMatchObject({ R: 3000, W: 6000, n: [1, 2] });
  const tries = part(22530);
  expect(tries.n).toEqual([0, 0]);
  expect(tries.counts.get("mmap_sem.tryfail{mm=0000000064933ec2,role=mmapwr,site=}")).toBe(2);
});
