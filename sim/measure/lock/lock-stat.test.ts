import { describe, expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import type { IoClass } from "../../trace/kinds.ts";
import { LockStat } from "./lock-stat.ts";
import { type Metrics, samplesWhere, sorted } from "../metrics/metrics.ts";

function measured(story: string, classes: readonly IoClass[] = []): Metrics {
  const stat = new LockStat(classes);
  feed(stat, story);
  return stat.metrics();
}

/** Each key that matches, with its samples when they are few and different enough to be told apart. */
function lines(metrics: Metrics, pattern: RegExp): string[] {
  const found = sorted(metrics.histograms)
    .filter(([key]) => pattern.test(key))
    .map(([key, { count, min, max, sum }]) => `${key}: n=${count} min=${min} max=${max} sum=${sum}`);
  for (const [key, n] of sorted(metrics.counts)) if (pattern.test(key)) found.push(`${key}: ${n}`);
  return found;
}

const reader = "mm=qemu mode=R site=async_pf_execute";
const writer = "mm=qemu mode=W site=vm_mmap_pgoff";

test("a hold is acquire_returned to released, a wait start_locking to acquire_returned", () => {
  const metrics = measured(`
      0 vcpu  start    ${reader}
      0 vcpu  got      ${reader}
    100 alloc start    ${writer}
   1000 vcpu  released ${reader}
   1000 alloc got      ${writer}
   1500 alloc released ${writer}
   2000 vcpu  start    ${reader}
   2000 vcpu  got      ${reader}
   2300 vcpu  released ${reader}
  `);
  expect(lines(metrics, /./)).toEqual([
    "mmap_sem.hold_io{mode=R,role=vcpu}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold_io{mode=R}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold_io{mode=W,role=alloc}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold_io{mode=W}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold{mm=qemu,mode=R,role=vcpu,site=async_pf_execute}: n=2 min=300 max=1000 sum=1300",
    "mmap_sem.hold{mm=qemu,mode=W,role=alloc,site=vm_mmap_pgoff}: n=1 min=500 max=500 sum=500",
    "mmap_sem.hold{mode=R,role=vcpu}: n=2 min=300 max=1000 sum=1300",
    "mmap_sem.hold{mode=R}: n=2 min=300 max=1000 sum=1300",
    "mmap_sem.hold{mode=W,role=alloc}: n=1 min=500 max=500 sum=500",
    "mmap_sem.hold{mode=W}: n=1 min=500 max=500 sum=500",
    "mmap_sem.wait{mm=qemu,mode=R,role=vcpu,site=async_pf_execute}: n=2 min=0 max=0 sum=0",
    "mmap_sem.wait{mm=qemu,mode=W,role=alloc,site=vm_mmap_pgoff}: n=1 min=900 max=900 sum=900",
    "mmap_sem.wait{mode=R,role=vcpu}: n=2 min=0 max=0 sum=0",
    "mmap_sem.wait{mode=R}: n=2 min=0 max=0 sum=0",
    "mmap_sem.wait{mode=W,role=alloc}: n=1 min=900 max=900 sum=900",
    "mmap_sem.wait{mode=W}: n=1 min=900 max=900 sum=900",
    "mmap_sem.contentions{mm=qemu,mode=R,role=vcpu,site=async_pf_execute}: 0",
    "mmap_sem.contentions{mm=qemu,mode=W,role=alloc,site=vm_mmap_pgoff}: 1",
    "mmap_sem.contentions{mode=R,role=vcpu}: 0",
    "mmap_sem.contentions{mode=R}: 0",
    "mmap_sem.contentions{mode=W,role=alloc}: 1",
    "mmap_sem.contentions{mode=W}: 1",
  ]);
});

test("a queue-granted lock is owned before it is returned: grant_delay is the time between", () => {
  const metrics = measured(`
      0 vcpu start    ${reader}
    700 vcpu granted  ${reader}
   1700 vcpu got      ${reader}
   1800 vcpu released ${reader}
   1900 vcpu start    ${reader}
   1900 vcpu got      ${reader}
   1950 vcpu released ${reader}
  `);
  expect(lines(metrics, /(grant_delay|wait|hold)\{mode=R\}/)).toEqual([
    "mmap_sem.grant_delay{mode=R}: n=1 min=1000 max=1000 sum=1000",
    "mmap_sem.hold{mode=R}: n=2 min=50 max=100 sum=150",
    "mmap_sem.wait{mode=R}: n=2 min=0 max=1700 sum=1700",
  ]);
});

test("a downgrade ends the W hold and opens an R hold that did not wait", () => {
  const metrics = measured(`
      0 alloc start      ${writer}
    100 alloc got        ${writer}
    600 alloc downgraded mm=qemu site=vm_munmap
   2600 alloc released   mm=qemu mode=R site=vm_munmap
  `);
  expect(lines(metrics, /(hold|wait|contentions)\{mode=.\}/)).toEqual([
    "mmap_sem.hold{mode=R}: n=1 min=2000 max=2000 sum=2000",
    "mmap_sem.hold{mode=W}: n=1 min=500 max=500 sum=500",
    "mmap_sem.wait{mode=R}: n=0 min=0 max=0 sum=0",
    "mmap_sem.wait{mode=W}: n=1 min=100 max=100 sum=100",
    "mmap_sem.contentions{mode=R}: 0",
    "mmap_sem.contentions{mode=W}: 1",
  ]);
});

describe("a failed trylock", () => {
  test("and the lock that follows are one wait from the first start, one acquisition and one tryfail", () => {
    const metrics = measured(`
      100 vcpu start    ${reader}
      150 vcpu failed   ${reader}
      200 vcpu start    ${reader}
     1100 vcpu got      ${reader}
     1200 vcpu released ${reader}
    `);
    expect(lines(metrics, /wait\{mode=R\}|hold\{mode=R\}|tryfail/)).toEqual([
      "mmap_sem.hold{mode=R}: n=1 min=100 max=100 sum=100",
      "mmap_sem.wait{mode=R}: n=1 min=1000 max=1000 sum=1000",
      "mmap_sem.tryfail{mm=qemu,role=vcpu,site=async_pf_execute}: 1",
    ]);
  });

  test("that is given up with its operation does not begin the wait of the next operation", () => {
    const metrics = measured(`
      100 vcpu start    ${reader}
      150 vcpu failed   ${reader}
      200 vcpu op_end   label=touch value=1
     9000 vcpu start    ${reader}
     9001 vcpu got      ${reader}
    `);
    expect(lines(metrics, /wait\{mode=R\}/)).toEqual(["mmap_sem.wait{mode=R}: n=1 min=1 max=1 sum=1"]);
  });
});

test("a recursive reader's releases pair with its last acquisition", () => {
  const metrics = measured(`
      0 vcpu start    mm=qemu mode=R site=outer
      0 vcpu got      mm=qemu mode=R site=outer
    100 vcpu start    mm=qemu mode=R site=inner
    100 vcpu got      mm=qemu mode=R site=inner
    150 vcpu released mm=qemu mode=R site=inner
    900 vcpu released mm=qemu mode=R site=outer
  `);
  expect(lines(metrics, /hold\{mm/)).toEqual([
    "mmap_sem.hold{mm=qemu,mode=R,role=vcpu,site=inner}: n=1 min=50 max=50 sum=50",
    "mmap_sem.hold{mm=qemu,mode=R,role=vcpu,site=outer}: n=1 min=900 max=900 sum=900",
  ]);
});

test("a task may hold two mms at once, and its IO counts for both", () => {
  const metrics = measured(
    `
      0 copy start    mm=own mode=R site=process_vm_rw
      0 copy got      mm=own mode=R site=process_vm_rw
     10 copy start    mm=qemu mode=R site=process_vm_rw
     20 copy got      mm=qemu mode=R site=process_vm_rw
     30 copy sleep    label=swap
   1030 copy wake     label=swap
   1040 copy released mm=own mode=R site=process_vm_rw
   1140 copy released mm=qemu mode=R site=process_vm_rw
  `,
    ["swap"],
  );
  expect(lines(metrics, /(hold|hold_io)\{(class=swap,)?mm/)).toEqual([
    "mmap_sem.hold_io{class=swap,mm=own,mode=R,role=copy,site=process_vm_rw}: n=1 min=1000 max=1000 sum=1000",
    "mmap_sem.hold_io{class=swap,mm=qemu,mode=R,role=copy,site=process_vm_rw}: n=1 min=1000 max=1000 sum=1000",
    "mmap_sem.hold{mm=own,mode=R,role=copy,site=process_vm_rw}: n=1 min=1040 max=1040 sum=1040",
    "mmap_sem.hold{mm=qemu,mode=R,role=copy,site=process_vm_rw}: n=1 min=1120 max=1120 sum=1120",
  ]);
});

test("hold_io has one sample a hold and class, sums a hold's sleeps, and ignores sleeps without the lock or without IO", () => {
  const metrics = measured(
    `
      0 vcpu sleep    label=swap
    500 vcpu wake     label=swap
    500 vcpu start    ${reader}
    500 vcpu got      ${reader}
    600 vcpu sleep    label=swap
    700 vcpu wake     label=swap
    800 vcpu sleep    label=swap
   1000 vcpu wake     label=swap
   1000 vcpu sleep    label=file
   1007 vcpu wake     label=file
   1100 vcpu sleep    label=idle-worker
   1200 vcpu wake     label=idle-worker
   1300 vcpu released ${reader}
   1400 vcpu start    ${reader}
   1400 vcpu got      ${reader}
   1500 vcpu released ${reader}
   1500 vcpu sleep    label=swap
   1600 vcpu wake     label=swap
  `,
    ["swap", "file"],
  );
  const full = "mm=qemu,mode=R,role=vcpu,site=async_pf_execute";
  expect(lines(metrics, /hold_io\{.*mode=R/)).toEqual([
    `mmap_sem.hold_io{class=file,${full}}: n=1 min=7 max=7 sum=7`,
    "mmap_sem.hold_io{class=file,mode=R,role=vcpu}: n=1 min=7 max=7 sum=7",
    "mmap_sem.hold_io{class=file,mode=R}: n=1 min=7 max=7 sum=7",
    `mmap_sem.hold_io{class=swap,${full}}: n=1 min=300 max=300 sum=300`,
    "mmap_sem.hold_io{class=swap,mode=R,role=vcpu}: n=1 min=300 max=300 sum=300",
    "mmap_sem.hold_io{class=swap,mode=R}: n=1 min=300 max=300 sum=300",
    "mmap_sem.hold_io{mode=R,role=vcpu}: n=2 min=7 max=300 sum=307",
    "mmap_sem.hold_io{mode=R}: n=2 min=7 max=300 sum=307",
  ]);
  expect(samplesWhere(metrics, "mmap_sem.hold_io", { role: "vcpu" }).sum).toBe(307);
});

test("a caller that never sleeps with the lock has a hold_io key with count 0", () => {
  const metrics = measured(
    `
      0 vcpu start    ${reader}
      0 vcpu got      ${reader}
     10 vcpu released ${reader}
  `,
    ["swap"],
  );
  expect(lines(metrics, /hold_io\{.*(mm|class=swap,mode=.\})/)).toEqual([
    "mmap_sem.hold_io{class=swap,mm=qemu,mode=R,role=vcpu,site=async_pf_execute}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold_io{class=swap,mode=R}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold_io{class=swap,mode=W}: n=0 min=0 max=0 sum=0",
  ]);
});

test("holds and waits that are open at the end are counted and not recorded", () => {
  const metrics = measured(`
      0 vcpu  start ${reader}
      0 vcpu  got   ${reader}
     10 alloc start ${writer}
     20 other start ${reader}
     30 other failed ${reader}
  `);
  expect(lines(metrics, /open|hold\{mode=R\}|wait\{mode=.\}/)).toEqual([
    "mmap_sem.hold{mode=R}: n=0 min=0 max=0 sum=0",
    "mmap_sem.wait{mode=R}: n=1 min=0 max=0 sum=0",
    "mmap_sem.wait{mode=W}: n=0 min=0 max=0 sum=0",
    "mmap_sem.hold_open{mm=qemu,mode=R,role=vcpu,site=async_pf_execute}: 1",
    "mmap_sem.wait_open{mm=qemu,mode=W,role=alloc,site=vm_mmap_pgoff}: 1",
  ]);
});

test("a release without its acquisition, as at the head of a real trace, is counted", () => {
  expect(lines(measured(`5 vcpu released ${reader}`), /unmatched/)).toEqual(["mmap_sem.unmatched_release: 1"]);
});
