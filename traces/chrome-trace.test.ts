import { expect, test } from "vitest";
import { WindowRecorder } from "../sim/measure/window/event-window.ts";
import type { EventWindow } from "../sim/measure/window/window.ts";
import {
  type ChromeEvent,
  type ChromeFile,
  faultsOf,
  nanoseconds,
  slicesOf,
  threadNames,
  trackOf,
} from "../test/support/chrome-timeline.ts";
import { feed } from "../test/support/event-feed.ts";
import { chromeTrace } from "./chrome-trace.ts";

function windowOf(story: string, from: number, to: number, limit = 1000): EventWindow {
  const recorder = new WindowRecorder(from, to, limit);
  feed(recorder, story);
  return recorder.window("made-up", "plain", "1");
}

function exported(window: EventWindow): ChromeFile {
  const file = JSON.parse(chromeTrace(window, { version: "9.9.9" })) as ChromeFile;
  expect(faultsOf(file)).toEqual([]);
  return file;
}

/** The slices of a file as `track: from..to cat name`. */
function drawn(file: ChromeFile): string[] {
  const names = threadNames(file);
  return slicesOf(file).map(
    ({ event, track, from, to }) => `${names.get(track)}: ${from}..${to} ${event.cat} ${event.name}`,
  );
}

/** The arrows of a file as `name: track@time -> track@time`. */
function arrows(file: ChromeFile): string[] {
  const { traceEvents } = file;
  const names = threadNames(file);
  const place = (event: ChromeEvent): string => `${names.get(trackOf(event))}@${nanoseconds(event.ts)}`;
  return traceEvents.flatMap((event) => {
    if (event.ph !== "s") return [];
    const end = traceEvents.find(({ ph, id }) => ph === "f" && id === event.id) as ChromeEvent;
    return [`${event.name}: ${place(event)} -> ${place(end)}`];
  });
}

/** A reader waits for a holder that reads a page in, and gets the lock when it is done. */
const convoy = `
  1000 gup    op_begin         label=call value=7 aux=900
  1100 gup    start            mm=qemu mode=R site=get_user_pages
  1100 gup    got              mm=qemu mode=R site=get_user_pages
  1200 gup    fault_begin      mm=qemu label=ram value=5
  1300 gup    io_submit        label=disk value=4 aux=2
  1400 gup    sleep            label=swap
  2000 writer start            mm=qemu mode=W site=vm_munmap
  2100 writer contention_begin mm=qemu mode=W
  2200 reader start            mm=qemu mode=R site=show_smap
  2300 reader contention_begin mm=qemu mode=R
  9000 -      io_complete      label=disk value=4 aux=2
  9500 gup    wake             label=swap
 10000 gup    released         mm=qemu mode=R
 10000 gup    op_end           label=call value=7 aux=1
 10500 writer contention_end   mm=qemu mode=W
 10500 writer got              mm=qemu mode=W site=vm_munmap
 10900 writer downgraded       mm=qemu site=vm_munmap
 10900 reader granted          mm=qemu mode=R
 11200 reader got              mm=qemu mode=R site=show_smap
 11300 writer released         mm=qemu mode=R
 11400 reader released         mm=qemu mode=R
`;

test("a convoy: slices on their threads and lanes, arrows from wait to hold to IO and from the hold that ended to the next", () => {
  const file = exported(windowOf(convoy, 0, 20_000));
  expect(drawn(file)).toEqual([
    "gup: 1000..10000 op call",
    "qemu mmap_sem R 1: 1100..10000 hold gup",
    "gup: 1100..9998 hold hold R get_user_pages",
    "disk 1: 1300..9000 io page 4",
    "gup: 1400..9500 sleep swap",
    "writer: 2000..10499 wait wait W vm_munmap",
    "reader: 2200..11199 wait wait R show_smap",
    "qemu mmap_sem W: 10500..10900 hold writer",
    "writer: 10500..10899 hold hold W vm_munmap",
    "writer: 10900..11300 hold hold R vm_munmap",
    "qemu mmap_sem R 1: 10900..11300 hold writer",
    "reader: 11200..11400 hold hold R show_smap",
    "qemu mmap_sem R 2: 11200..11400 hold reader",
  ]);
  expect(arrows(file)).toEqual([
    "waits for: writer@2001 -> gup@2003",
    "is in IO: gup@2001 -> disk 1@2003",
    "waits for: reader@2201 -> gup@2203",
    "lets in: gup@9995 -> writer@10501",
    "waits for: reader@10501 -> writer@10503",
    "lets in: writer@10896 -> reader@11201",
  ]);
});

test("what a slice says", () => {
  const file = exported(windowOf(convoy, 0, 20_000));
  const args = (name: string) => file.traceEvents.find((event) => event.name === name && event.ph === "X")?.args;
  expect(args("call")).toEqual({
    ns: 9000,
    number: 7,
    intended_ns: 900,
    latency_ns: 9100,
    path_ns: { late: 100, cpu: 900, swap: 8100 },
  });
  expect(args("hold R get_user_pages")).toEqual({
    ns: 8900,
    lock: "qemu",
    mode: "R",
    site: "get_user_pages",
    holder: "gup",
  });
  expect(args("page 4")).toEqual({ ns: 7700, device: "disk", page: 4, pages: 2, task: "gup", site: "" });
  expect(args("swap")).toEqual({ ns: 8100, cause: "swap", site: "" });
  expect(args("wait R show_smap")).toMatchObject({
    lock: "qemu",
    mode: "R",
    site: "show_smap",
    holder: "gup",
    cause: "swap",
  });
  expect(args("wait R show_smap")?.charges).toContainEqual({
    holder: "gup",
    holder_mode: "R",
    holder_site: "get_user_pages",
    cause: "swap",
    carrier: "writer",
    ns: 7300,
  });
});

test("counters: a value at the begin, then one at each change", () => {
  const file = exported(windowOf(convoy, 1500, 11_350));
  const values = file.traceEvents.filter(({ ph }) => ph === "C");
  const curve = (name: string) => values.filter((event) => event.name === name).map((e) => [nanoseconds(e.ts), e.args]);
  expect(curve("qemu waiters")).toEqual([
    [1500, { R: 0, W: 0 }],
    [2000, { R: 0, W: 1 }],
    [2200, { R: 1, W: 1 }],
    [10_500, { R: 1, W: 0 }],
    [11_200, { R: 0, W: 0 }],
  ]);
  expect(curve("qemu readers")).toEqual([
    [1500, { inside: 1 }],
    [10_000, { inside: 0 }],
    [10_900, { inside: 1 }],
    [11_200, { inside: 2 }],
    [11_300, { inside: 1 }],
  ]);
  expect(curve("runnable")).toEqual([]);
});

test("runnable tasks: preempted ones, and woken ones that wait for a CPU", () => {
  const story = `
    100 a sched_out
    150 b sleep    label=swap
    300 a sched_in value=200
    400 b sched_in value=250
    450 b wake     label=swap
  `;
  const file = exported(windowOf(story, 0, 500));
  expect(drawn(file)).toEqual(["a: 100..300 sched run queue", "b: 150..450 sleep swap", "b: 150..400 sched run queue"]);
  const values = file.traceEvents.filter(({ name }) => name === "runnable");
  expect(values.map(({ ts, args }) => [nanoseconds(ts), args.tasks])).toEqual([
    [0, 0],
    [100, 1],
    [150, 2],
    [300, 1],
    [400, 0],
  ]);
});

test("operations of guest tasks that overlap stand on threads of their own, beside their vcpu", () => {
  const story = `
    100 vcpu op_begin label=touch value=1
    200 vcpu op_begin label=touch value=2
    300 vcpu op_end   label=touch value=1 aux=1
    310 vcpu start    mm=qemu mode=R
    310 vcpu got      mm=qemu mode=R
    320 vcpu released mm=qemu mode=R
    400 vcpu op_end   label=touch value=2 aux=1
  `;
  const file = exported(windowOf(story, 0, 500));
  expect(drawn(file).filter((text) => text.startsWith("vcpu"))).toEqual([
    "vcpu: 100..300 op touch",
    "vcpu 2: 200..400 op touch",
    "vcpu: 310..320 hold hold R",
  ]);
  expect([...threadNames(file).values()]).toEqual(["window", "vcpu", "vcpu 2", "qemu mmap_sem R 1"]);
});

test("async page faults and what is served stand on lanes of their own; marks move off the edges of slices", () => {
  const story = `
    100 vcpu kvm_async_pf_not_present label=guest value=9 aux=3
    110 vcpu kvm_async_pf_not_present label=halt value=8 aux=4
    120 work work_begin label=async_pf_execute value=3 aux=0
    180 work gup_retry value=2
    200 work work_end   label=async_pf_execute value=3 aux=0
    200 work gup_retry value=1
    210 vcpu kvm_async_pf_ready value=9 aux=3
    250 -    server_end label=disk
    300 work start mm=qemu mode=R
    310 work failed mm=qemu mode=R
  `;
  const file = exported(windowOf(story, 0, 400));
  expect(drawn(file)).toEqual([
    "async_pf 1: 100..210 io gfn 9",
    "async_pf 2: 110..400 io gfn 8",
    "work: 120..200 op async_pf_execute",
  ]);
  const names = threadNames(file);
  const marks = file.traceEvents.filter(({ ph }) => ph === "i").slice(1);
  expect(marks.map((mark) => `${names.get(trackOf(mark))} ${nanoseconds(mark.ts)} ${mark.name}`)).toEqual([
    "work 180 gup_retry",
    "work 201 gup_retry",
    "servers 250 server_end",
    "work 310 lock not taken",
  ]);
  expect(slicesOf(file)[1]?.event.args.ends_ns).toBe("not in the window");
});

test("what lasts beyond the window is cut and says so; what was left out is in the note", () => {
  const file = exported(windowOf(convoy, 5000, 10_600, 3));
  expect(drawn(file)).toEqual([
    "gup: 5000..10000 op call",
    "writer: 5000..10000 wait wait W vm_munmap",
    "reader: 5000..10000 wait wait R show_smap",
    "qemu mmap_sem R 1: 5000..10000 hold gup",
    "gup: 5000..9998 hold hold R get_user_pages",
    "gup: 5000..9500 sleep swap",
    "disk 1: 5000..9000 io page 4",
  ]);
  const [wait] = slicesOf(file).filter(({ event }) => event.cat === "wait");
  expect(wait?.event.args).toMatchObject({ began_ns: 2000, ends_ns: 10_500 });
  const [note] = file.traceEvents.filter(({ ph }) => ph === "i");
  expect(note?.name).toBe("5000 to 10600 ns, the last 3 events are left out");
  expect(note?.args).toEqual({
    from_ns: 5000,
    to_ns: 10_600,
    drawn_to_ns: 10_000,
    events_left_out: 3,
    slices_too_short: 0,
  });
});

test("a wait that does not end in the run is drawn to the end of the window, without a holder", () => {
  const file = exported(windowOf("100 a start mm=qemu mode=W site=vm_munmap", 50, 400));
  expect(drawn(file)).toEqual(["a: 100..400 wait wait W vm_munmap"]);
  expect(slicesOf(file)[0]?.event.args).toEqual({
    ns: 300,
    lock: "qemu",
    mode: "W",
    site: "vm_munmap",
    ends_ns: "not in the window",
  });
});

test("the text: microseconds with three decimals, the stamp, the units of the display", () => {
  const text = chromeTrace(windowOf("1 a op_begin label=x value=1\n 1001 a op_end label=x value=1 aux=1", 0, 2000), {
    version: "9.9.9",
  });
  expect(text).toContain('{"ph":"X","ts":0.001,"dur":1.000,"pid":1,"tid":1000,"name":"x","cat":"op",');
  expect(text).toContain(
    '{"displayTimeUnit":"ns","otherData":{"version":"9.9.9","scenario":"made-up","variant":"plain","seed":"1"},',
  );
});

test("the check that these tests rest on finds what is wrong", () => {
  const file = exported(windowOf(convoy, 0, 20_000));
  const spoilt = (change: (event: ChromeEvent) => Partial<ChromeEvent>): number => {
    const traceEvents = file.traceEvents.map((event) => ({ ...event, ...change(event) }));
    return faultsOf({ ...file, traceEvents }).length;
  };
  expect(spoilt(({ name }) => (name === "swap" ? { dur: 8.7 } : {}))).toBeGreaterThan(0);
  expect(spoilt(({ ph }) => (ph === "f" ? { ts: 10.9 } : {}))).toBeGreaterThan(0);
  expect(spoilt(({ ph }) => (ph === "s" ? { id: 1 } : {}))).toBeGreaterThan(0);
  expect(spoilt(({ ph }) => (ph === "C" ? { args: { R: 1 } } : {}))).toBeGreaterThan(0);
  expect(spoilt(({ ph, name }) => (ph === "M" && name === "thread_name" ? { tid: 1 } : {}))).toBeGreaterThan(0);
});
