import { describe, expect, test } from "vitest";
import type { Device, Scenario } from "../../sim/scenario.ts";
import type { GupCaller } from "../../sim/roles/gup-caller.ts";
import type { MmWriter } from "../../sim/roles/mm-writer.ts";
import type { ProcReader } from "../../sim/roles/proc-reader.ts";
import type { UserThread } from "../../sim/roles/user-thread.ts";
import type { SavedEvent } from "../../sim/trace/event.ts";
import { constant, disk, Lines, run, smallScenario, swapped, testCosts } from "../support/small-scenario.ts";

const readers: GupCaller = {
  role: "gup_caller",
  site: "process_vm_rw_single_vec",
  form: "merged",
  vmas: false,
  count: 1,
  schedule: { kind: "think", law: constant(100_000) },
  mm: "mm",
  touch: "ram",
  order: "sequential",
  pages: 1,
};
const writer: MmWriter = {
  role: "mm_writer",
  op: "mmap+munmap",
  count: 1,
  schedule: { kind: "every", law: constant(1_000_000) },
  mm: "mm",
  pages: 1,
  touch: 0,
  merges: true,
};
const monitor: ProcReader = {
  role: "proc_reader",
  count: 1,
  schedule: { kind: "every", law: constant(1_000_000) },
  file: "smaps",
  target: "mm",
  cycles: 1,
};
const toucher: UserThread = {
  role: "user_thread",
  count: 1,
  schedule: { kind: "think", law: constant(100_000) },
  mm: "mm",
  touch: "ram",
  order: "sequential",
  write: 1,
  access: "user",
};

/** One mm with pages of a FUSE file, or behind a userfaultfd, that a server with these habits fills in 1 ms. */
function served(kind: "fuse" | "userfaultfd", device: Partial<Device>, tasks: Scenario["tasks"]): Scenario {
  const ram = kind === "fuse" ? swapped({ kind: "file", random: true }) : swapped();
  return smallScenario(tasks, {
    costs: testCosts({ mmap_region: 1000, io_submit: 1000, server_read: 10_000, wake_up: 1000 }),
    devices: { disk: disk({ kind, depth: 1, ...device }) },
    mms: { mm: { vmas: { ram }, other_vmas: 0, arg_start: null } },
    duration_ns: 50_000_000,
  });
}

/** Operations that ended, by role, and how the run did. */
function outcome(scenario: Scenario, variant: string) {
  const ends = new Lines((e: SavedEvent) => e.kind === "op_end");
  const failures = new Lines((e: SavedEvent) => e.kind === "op_end" && e.aux === 0);
  const { ending, findings } = run(scenario, variant, [ends, failures]);
  const count = (comm: string): number => ends.lines.filter((line) => line.includes(` ${comm} `)).length;
  return { ending, findings: findings.map(({ text }) => text), count, failed: failures.lines.length };
}

describe("a server that stalls", () => {
  test("stalls whoever it serves; under plain that is the whole process once a writer is about, under unlocked nobody else (S11)", () => {
    const stalls = { share: 1, stall: constant(20_000_000) };
    const scenario = served("fuse", { stalls }, { readers, writer, monitor });
    const plain = outcome(scenario, "v5.4+gup=plain");
    const unlocked = outcome(scenario, "v5.4");
    expect(plain.count("monitor")).toBeLessThan(10);
    expect(unlocked.count("monitor")).toBeGreaterThan(45);
    expect(unlocked.count("readers")).toBe(plain.count("readers"));
  });
});

describe("a server that hangs", () => {
  const ends = { after_ns: 10_000_000, how: "hangs" } as const;

  test("hangs the process for good under plain, told with who holds what; under unlocked only its own client waits (S11)", () => {
    const scenario = served("fuse", { ends }, { readers, writer, monitor });
    const plain = outcome(scenario, "v5.4+gup=plain");
    expect(plain.ending).toBe("orphaned-lock");
    expect(plain.findings).toEqual([
      "readers in process_vm_rw_single_vec holds mm for read for ever: it waits for the server of disk, which hangs",
    ]);
    expect(plain.count("monitor")).toBeLessThan(12);
    const unlocked = outcome(scenario, "v5.4");
    expect([unlocked.ending, unlocked.findings]).toEqual(["duration", []]);
    expect(unlocked.count("monitor")).toBeGreaterThan(45);
    expect(unlocked.count("readers")).toBeLessThan(12);
  });

  test("is found by who asks it later, too", () => {
    const late = { ...readers, schedule: { kind: "every", law: constant(30_000_000) } } as const;
    const plain = outcome(served("fuse", { ends }, { late }), "v5.4+gup=plain");
    expect(plain.ending).toBe("orphaned-lock");
    expect(plain.findings[0]).toBe(
      "late in process_vm_rw_single_vec holds mm for read for ever: it waits for the server of disk, which hangs",
    );
  });

  test("of a userfaultfd hangs its clients and no lock", () => {
    const { ending, count } = outcome(served("userfaultfd", { ends }, { toucher, writer, monitor }), "v6.18");
    expect(ending).toBe("duration");
    expect(count("toucher")).toBeLessThan(12);
    expect(count("monitor")).toBeGreaterThan(45);
  });
});

describe("a server that exits", () => {
  const ends = { after_ns: 10_000_000, how: "exits" } as const;

  test("fails the requests of a FUSE file, also those under way: -EFAULT, and nobody hangs", () => {
    for (const variant of ["v3.17", "v5.4+gup=plain", "v5.4", "v6.18"]) {
      const { ending, failed, count } = outcome(served("fuse", { ends }, { readers, writer, monitor }), variant);
      expect([variant, ending]).toEqual([variant, "duration"]);
      expect(failed).toBeGreaterThan(100);
      expect(count("monitor")).toBeGreaterThan(45);
    }
  });

  test("of a userfaultfd leaves ordinary pages behind", () => {
    const { ending, failed, count } = outcome(served("userfaultfd", { ends }, { toucher }), "v6.18");
    expect([ending, failed]).toEqual(["duration", 0]);
    expect(count("toucher")).toBeGreaterThan(300);
  });
});

describe("a userfaultfd server in its clients' mm", () => {
  test.each(["mmap", "proc"] as const)(
    "that needs the lock (%s) waits for others and never closes a cycle: its clients have dropped it",
    (takes) => {
      for (const variant of ["v5.4", "v5.4+gup=plain", "v6.18", "v6.18+vma=none"]) {
        const scenario = served("userfaultfd", { server: { mm: "mm", takes } }, { toucher, writer, monitor });
        const { ending, count } = outcome(scenario, variant);
        expect([variant, ending]).toEqual([variant, "duration"]);
        expect(count("toucher")).toBeGreaterThan(30);
      }
    },
  );
});
