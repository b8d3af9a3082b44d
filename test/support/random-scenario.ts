import fc from "fast-check";
import { loadScenario } from "../../scenarios/load.ts";
import { patchSites } from "../../sim/callers/patch-sites.ts";
import { callerNames } from "../../sim/callers/callers.ts";
import { procFiles } from "../../sim/callers/proc.ts";
import { axes, axisNames } from "../../sim/kernels/axes.ts";
import { presets } from "../../sim/kernels/presets.ts";
import type { Scenario, Schedule } from "../../sim/scenario.ts";
import type { TaskGroup } from "../../sim/roles/roles.ts";
import { constant, disk, smallScenario, swapped } from "./small-scenario.ts";

const { costs } = loadScenario("kvm-swap").scenario;

const load = fc.constantFrom({}, {}, { load: { steps: [1, 4, 0.5, 1], each_ns: 4_000_000 } });
const schedule = fc
  .record<Omit<Schedule, "load">>({
    kind: fc.constantFrom("every", "think", "compute"),
    law: fc.integer({ min: 20_000, max: 3_000_000 }).map(constant),
  })
  .chain((plain) => load.map((steps): Schedule => ({ ...plain, ...steps })));
const count = fc.integer({ min: 1, max: 3 });
const order = fc.constantFrom("random" as const, "sequential" as const);
const pages = fc.integer({ min: 1, max: 8 });
const write = fc.constantFrom(0, 0.5, 1);
const touch = fc.constantFrom("ram", "file", "user", "fuse");

const group: fc.Arbitrary<TaskGroup> = fc.oneof(
  fc.record({
    role: fc.constant("kvm_vcpu" as const),
    count,
    schedule,
    order,
    write,
    mm: fc.constant("mm"),
    touch,
    guest_tasks: count,
    async_pf: fc.option(fc.record({ possible: write, user_mode: write })),
  }),
  fc.record({
    role: fc.constant("user_thread" as const),
    count,
    schedule,
    order,
    write,
    mm: fc.constant("mm"),
    touch,
    access: fc.constantFrom("user" as const, "kernel" as const),
  }),
  fc.record({
    role: fc.constant("madvise_populate" as const),
    count,
    schedule,
    order,
    pages,
    mm: fc.constant("mm"),
    touch: fc.constant("ram"),
  }),
  fc.record({
    role: fc.constant("proc_reader" as const),
    count,
    schedule,
    file: fc.constantFrom(...Object.keys(procFiles)),
    target: fc.constantFrom("mm", "other"),
    cycles: fc.constant(null),
  }),
  fc.record({
    role: fc.constant("mm_writer" as const),
    op: fc.constant("mmap+munmap" as const),
    count,
    schedule,
    mm: fc.constantFrom("mm", "other"),
    pages,
    touch: fc.integer({ min: 0, max: 1 }),
    merges: fc.boolean(),
  }),
  fc.record({
    role: fc.constantFrom("process_vm_readv" as const, "proc_mem" as const),
    count,
    schedule,
    order,
    pages,
    target: fc.constant("mm"),
    touch,
  }),
  fc.record({
    role: fc.constant("gup_caller" as const),
    count,
    schedule,
    order,
    pages,
    site: fc.constantFrom(...patchSites.map(({ site }) => site)),
    form: fc.constantFrom("before" as const, "rfc" as const, "merged" as const),
    vmas: fc.constant(false),
    mm: fc.constant("mm"),
    touch: fc.constant("ram"),
  }),
  fc.record({
    role: fc.constant("mm_call" as const),
    count,
    schedule,
    order,
    pages,
    call: fc.constantFrom(...callerNames),
    mm: fc.constant("mm"),
    touch: fc.constant("ram"),
  }),
  fc.record({
    role: fc.constantFrom("page_migration" as const, "writeback" as const),
    count,
    schedule,
    mm: fc.constant("mm"),
    touch: fc.constant("ram"),
    away: fc.constant(constant(400_000)),
  }),
);

/** Scenarios of 20 ms with every role, on two mms with anonymous, file, FUSE and userfaultfd pages, on few CPUs or many. */
export const randomScenario: fc.Arbitrary<Scenario> = fc
  .record({
    groups: fc.array(group, { minLength: 2, maxLength: 6 }),
    cpus: fc.constantFrom<(number | "unlimited")[]>("unlimited", 2, 4),
    latency: fc.integer({ min: 10_000, max: 4_000_000 }),
    queue: fc.option(fc.integer({ min: 1, max: 2 })),
    io_speedup: fc.dictionary(
      fc.constantFrom("process_vm_rw_single_vec", "do_user_addr_fault", "mem_rw"),
      fc.constantFrom(2, 3.5),
    ),
  })
  .map(({ groups, cpus, latency, queue, io_speedup }) =>
    smallScenario(Object.fromEntries(groups.map((one, i) => [`t${i}`, one])), {
      cpus,
      costs,
      io_speedup,
      duration_ns: 20_000_000,
      devices: {
        disk: disk({ latency: constant(latency), queue, depth: queue }),
        fs: disk({ kind: "file", latency: constant(latency), readahead_pages: 4 }),
        daemon: disk({ kind: "fuse", latency: constant(latency), depth: 2 }),
        pager: disk({ kind: "userfaultfd", latency: constant(latency), depth: 2 }),
      },
      mms: {
        mm: {
          vmas: {
            ram: swapped({ resident: 0.3, keep: 0.5, cow: 0.2 }),
            file: swapped({ kind: "file", backing: "fs", resident: 0.2 }),
            fuse: swapped({ kind: "file", backing: "daemon", resident: 0.2 }),
            user: swapped({ backing: "pager", resident: 0.2 }),
          },
          other_vmas: 5,
          arg_start: "ram",
        },
        other: { vmas: { ram: swapped() }, other_vmas: 3, arg_start: "ram" },
      },
    }),
  );

/** A preset, or one with an axis changed: all eras and policies. */
export const randomVariant: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...Object.keys(presets)),
  fc
    .tuple(fc.constantFrom(...Object.keys(presets)), fc.constantFrom(...axisNames))
    .chain(([preset, axis]) =>
      fc
        .constantFrom(...Object.keys(axes[axis]).filter((value) => !value.includes(":")))
        .map((value) => `${preset}+${axis}=${value}`),
    ),
);
