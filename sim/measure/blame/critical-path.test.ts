import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { CriticalPaths } from "./critical-path.ts";

/** The path of each operation of a story, a line a segment; tasks are numbered as they appear. */
function paths(story: string): string[] {
  const lines: string[] = [];
  const listener = new CriticalPaths(({ task, op, from, to, segments }) => {
    lines.push(`${op} of ${task} ${from}..${to}`);
    for (const one of segments) {
      const site = one.site === "" ? "" : ` in ${one.site}`;
      lines.push(`  ${one.from}..${one.to} ${one.task} ${one.doing}${site}`);
    }
  });
  feed(listener, story);
  return lines;
}

const maps = "mm=qemu mode=R site=show_pid_map";

test("a /proc read is late, waits for the lock, then computes", () => {
  expect(
    paths(`
      10  monitor op_begin label=maps value=0 aux=4
      12  monitor start    ${maps}
      80  monitor got      ${maps}
      95  monitor released ${maps}
      100 monitor op_end   label=maps value=0 aux=1
    `),
  ).toEqual([
    "maps of 0 4..100",
    "  4..10 0 late",
    "  10..12 0 cpu",
    "  12..80 0 mmap_sem in show_pid_map",
    "  80..100 0 cpu in show_pid_map",
  ]);
});

test("a vcpu's touch goes through the worker's queue, its lock wait and its IO, and waits until the vcpu looks", () => {
  expect(
    paths(`
      0   vcpu   op_begin label=touch value=7 aux=0
      5   vcpu   kvm_async_pf_not_present value=99 aux=3
      20  worker work_begin label=async_pf_execute value=3 aux=0
      22  worker start    mm=qemu mode=R site=async_pf_execute
      30  worker got      mm=qemu mode=R site=async_pf_execute
      31  vcpu   op_begin label=touch value=8 aux=31
      33  worker sleep    label=swap site=async_pf_execute
      40  vcpu   op_end   label=touch value=8 aux=1
      40  vcpu   sleep    label=guest-idle
      90  worker wake     label=swap
      95  worker released mm=qemu mode=R site=async_pf_execute
      96  worker work_end label=async_pf_execute value=3 aux=0
      110 vcpu   wake     label=guest-idle
      115 vcpu   kvm_async_pf_ready value=99 aux=3
      120 vcpu   op_end   label=touch value=7 aux=1
    `),
  ).toEqual([
    "touch of 0 31..40",
    "  31..40 0 cpu",
    "touch of 0 0..120",
    "  0..5 0 cpu",
    "  5..20 1 queued",
    "  20..22 1 cpu",
    "  22..30 1 mmap_sem in async_pf_execute",
    "  30..33 1 cpu in async_pf_execute",
    "  33..90 1 swap in async_pf_execute",
    "  90..96 1 cpu",
    "  96..115 0 delivery",
    "  115..120 0 cpu",
  ]);
});

test("a wait for a server in userspace goes through the server's thread: its queue, its own wait for the lock, its service", () => {
  expect(
    paths(`
      0   reader op_begin  label=cmdline value=0 aux=0
      5   reader io_submit label=sshfs value=4 aux=1
      6   reader sleep     label=fuse
      30  daemon work_begin label=sshfs value=4 aux=-1
      35  daemon start     mm=qemu mode=W site=vm_mmap_pgoff
      60  daemon got       mm=qemu mode=W site=vm_mmap_pgoff
      65  daemon sleep     label=service
      90  daemon wake      label=service
      92  daemon work_end  label=sshfs value=4 aux=-1
      97  reader sched_in  value=3
      99  reader wake      label=fuse
      100 reader op_end    label=cmdline value=0 aux=1
    `),
  ).toEqual([
    "cmdline of 0 0..100",
    "  0..6 0 cpu",
    "  6..30 1 queued",
    "  30..35 1 cpu",
    "  35..60 1 mmap_sem in vm_mmap_pgoff",
    "  60..65 1 cpu in vm_mmap_pgoff",
    "  65..90 1 service",
    "  90..92 1 cpu",
    "  92..94 0 wake-up",
    "  94..97 0 run-queue",
    "  97..99 0 wake-up",
    "  99..100 0 cpu",
  ]);
});

test("a fault on a userfaultfd goes through the thread that serves its page, up to the moment it is woken", () => {
  expect(
    paths(`
      0   vcpu   op_begin label=touch value=0 aux=0
      3   vcpu   fault_begin mm=qemu label=ram value=12
      5   vcpu   sleep    label=userfault
      7   pager  work_begin label=pager value=12 aux=-1
      8   pager  sleep    label=service
      50  pager  wake     label=service
      60  vcpu   wake     label=userfault
      61  pager  work_end label=pager value=12 aux=-1
      70  vcpu   op_end   label=touch value=0 aux=1
    `),
  ).toEqual([
    "touch of 0 0..70",
    "  0..5 0 cpu",
    "  5..7 1 queued",
    "  7..8 1 cpu",
    "  8..50 1 service",
    "  50..60 1 cpu",
    "  60..70 0 cpu",
  ]);
});

test("what has failed has no path", () => {
  expect(paths("0 a op_begin label=maps\n9 a op_end label=maps aux=0")).toEqual([]);
});
