import { describe, expect, test } from "vitest";
import type { Steps } from "../../sim/engine/task.ts";
import { mem_rw } from "../../sim/linux/fs/proc/base.ts";
import { userfaultfd_release } from "../../sim/linux/fs/userfaultfd.ts";
import { FOLL_GET, FOLL_HWPOISON, FOLL_NOWAIT, FOLL_TOUCH } from "../../sim/linux/include/linux/mm.ts";
import {
  page,
  pte_cow,
  pte_hwpoison,
  pte_migration,
  pte_none,
  pte_present,
  pte_writeback,
  Stalls,
} from "../../sim/linux/include/linux/mm_types.ts";
import type { task_struct } from "../../sim/linux/include/linux/sched.ts";
import { down_read, down_write, up_read, up_write } from "../../sim/linux/kernel/locking/rwsem.ts";
import { __get_user_pages_unlocked, get_user_pages_unlocked, type LockedPointer } from "../../sim/linux/mm/gup.ts";
import {
  fixup_user_fault,
  get_dump_page,
  get_user_pages_fast_only,
  get_user_pages_remote,
} from "../../sim/linux/mm/gup/gup-wrappers.ts";
import { madvise_populate } from "../../sim/linux/mm/syscalls/madvise.ts";
import { takePageAway } from "../../sim/linux/mm/syscalls/migrate.ts";
import { vm_mmap_pgoff } from "../../sim/linux/mm/util.ts";
import { type FaultWorld, fault, faultWorld } from "../support/fault-world.ts";

/** get_user_pages_unlocked of `pages` pages from `index`; the result goes to `results`. */
function gup({ vma, mm }: FaultWorld, index: number, pages: number, results: number[] = [], write = false) {
  return function* (current: task_struct) {
    const start = vma.vm_start + index * 4096;
    results.push(yield* get_user_pages_unlocked(current, mm, start, pages, write, false, []));
    if (current.settles()) yield;
  };
}

function nowait({ vma, mm }: FaultWorld, index: number, results: number[]) {
  return function* (current: task_struct) {
    const flags = FOLL_TOUCH | FOLL_GET | FOLL_NOWAIT | FOLL_HWPOISON;
    results.push(yield* __get_user_pages_unlocked(current, mm, vma.vm_start + index * 4096, 1, flags, []));
    if (current.settles()) yield;
  };
}

/** Takes the lock for write and keeps it for `us`. */
function writer({ mm }: FaultWorld, us: number) {
  return function* (current: task_struct) {
    yield* down_write(current, mm.mmap_sem, "test");
    current.charge(us * 1000);
    yield* up_write(current, mm.mmap_sem, "test");
  };
}

describe("a fault on a swapped page", () => {
  test("v2.6.36 waits for the IO with the lock held", () => {
    const world = faultWorld("v3.17+fault=never-drop");
    world.spawn("a", 0, fault(world, 0));
    expect(world.run()).toEqual(["0 a +R", "10 a sleeps swap", "1015 a -R"]);
  });

  test("v3.17 submits with the lock held, waits without it, and maps with it", () => {
    const world = faultWorld("v3.17");
    world.spawn("a", 0, fault(world, 0));
    expect(world.run()).toEqual(["0 a +R", "10 a -R", "10 a sleeps swap", "1010 a +R", "1015 a -R"]);
  });

  test("v6.18 submits under the VMA lock, drops it for the wait, and takes mmap_lock once, after the IO", () => {
    const world = faultWorld("v6.18");
    world.spawn("a", 0, fault(world, 0));
    expect(world.run()).toEqual(["0 a +vma", "10 a -vma", "10 a sleeps swap", "1010 a +R", "1015 a -R"]);
  });

  test("v6.4 does not swap in under a VMA lock: it starts again under mmap_lock, and is polite there", () => {
    const world = faultWorld("v6.18+vma=v6.4");
    world.spawn("a", 0, fault(world, 0));
    expect(world.run()).toEqual([
      "0 a +vma",
      "0 a -vma",
      "0 a +R",
      "10 a -R",
      "10 a sleeps swap",
      "1010 a +R",
      "1015 a -R",
    ]);
  });

  test.each(["v3.17", "v6.18"])(
    "%s: the second attempt waits for a second IO with the lock held (trap 9)",
    (preset) => {
      const world = faultWorld(preset);
      // The page goes away again before the second look.
      Object.assign(world.vma, {
        reclaimAfter: (_: number, nth: number) => (nth === 0 ? 0 : Number.POSITIVE_INFINITY),
      });
      world.spawn("a", 0, fault(world, 0));
      const lines = world.run().filter((line) => !line.includes("vma"));
      expect(lines.slice(-3)).toEqual(["1010 a +R", "1020 a sleeps swap", "2025 a -R"]);
      expect(lines.filter((line) => line.includes("sleeps")).length).toBe(2);
    },
  );

  test("zram decompresses inside the fault and never drops: v6.18 takes mmap_lock not at all (trap 11)", () => {
    const world = faultWorld("v6.18", { device: "zram" });
    world.spawn("a", 0, fault(world, 0));
    expect(world.run()).toEqual(["0 a +vma", "1005 a -vma"]);
  });
});

describe("a fault on a file page", () => {
  test("v3.17 submits with the lock held, v5.1 and later after the drop", () => {
    const holds = ["v3.17", "v3.17+fault=v5.1", "v6.18+vma=none"].map((variant) => {
      const world = faultWorld(variant, { kind: "file" });
      world.spawn("a", 0, fault(world, 0));
      return world.run().slice(0, 3);
    });
    expect(holds).toEqual([
      ["0 a +R", "10 a -R", "10 a sleeps file"],
      ["0 a +R", "0 a -R", "10 a sleeps file"],
      ["0 a +R", "0 a -R", "10 a sleeps file"],
    ]);
  });

  test("v3.17 on FUSE without read-ahead waits with the lock held, although it may retry (trap 14)", () => {
    const world = faultWorld("v3.17", { kind: "file", device: "fuse" });
    world.spawn("a", 0, fault(world, 0));
    expect(world.run("a")).toEqual(["0 a +R", "10 a sleeps fuse", "1015 a -R"]);
  });

  test("v5.1 on FUSE drops it", () => {
    const world = faultWorld("v5.4", { kind: "file", device: "fuse" });
    world.spawn("a", 0, fault(world, 0));
    expect(world.run("a")).toEqual(["0 a +R", "0 a -R", "10 a sleeps fuse", "1010 a +R", "1015 a -R"]);
  });

  test("NOWAIT returns at once on v3.17; on v6.18 without read-ahead it reads and waits, lock held (trap 7)", () => {
    const old = faultWorld("v3.17", { kind: "file" });
    const oldResult: number[] = [];
    old.spawn("a", 0, nowait(old, 0, oldResult));
    expect(old.run()).toEqual(["0 a +R", "10 a -R"]);
    expect(oldResult).toEqual([0]);

    const now = faultWorld("v6.18", { kind: "file" });
    const result: number[] = [];
    now.spawn("a", 0, nowait(now, 0, result));
    expect(now.run()).toEqual(["0 a +R", "10 a sleeps file", "1016 a -R"]);
    expect(result).toEqual([1]);
  });

  test("NOWAIT with read-ahead returns at once on v6.18 too, lock held (trap 8)", () => {
    const world = faultWorld("v6.18", { kind: "file", readahead: 8 });
    const result: number[] = [];
    world.spawn("a", 0, nowait(world, 0, result));
    expect(world.run()).toEqual(["0 a +R", "10 a -R"]);
    expect(result).toEqual([0]);
  });

  test("a read error: pass 1 reads without the lock, the retried pass reads once more with it, then -EFAULT", () => {
    const world = faultWorld("v6.18", { kind: "file", device: "fuse" });
    world.vma.readFails = () => true;
    const result: number[] = [];
    world.spawn("a", 0, gup(world, 0, 1, result));
    world.spawn("w1", 500, writer(world, 1));
    world.spawn("w2", 1500, writer(world, 1));
    expect(world.run("a", "w1", "w2")).toEqual([
      "0 a +R",
      "0 a -R",
      "10 a sleeps fuse",
      "500 w1 +W",
      "501 w1 -W",
      "1010 a +R",
      "1010 a sleeps fuse",
      "2010 a -R",
      "2010 w2 +W",
      "2011 w2 -W",
    ]);
    expect(result).toEqual([-14]);
  });

  /** The page is in the page cache and not mapped. */
  const cache = ({ vma }: FaultWorld): void => {
    const cached = new page(0);
    cached.locked = false;
    cached.uptodate = true;
    vma.cache.set(0, cached);
    vma.dirty_throttle = new Stalls(() => 200_000);
  };

  test("one who has dirtied too much: v3.17 waits with the lock held, v6.18 drops it and the fault is COMPLETED", () => {
    const diary = ["v3.17", "v6.18+vma=none"].map((variant) => {
      const world = faultWorld(variant, { kind: "file" });
      cache(world);
      world.spawn("a", 0, fault(world, 0, { write: true }));
      return world.run();
    });
    expect(diary).toEqual([
      ["0 a +R", "5 a sleeps throttle", "205 a -R"],
      ["0 a +R", "5 a -R", "5 a sleeps throttle"],
    ]);
  });

  test("GUP takes COMPLETED for done: it takes the lock again for the second look, and the count is right", () => {
    const world = faultWorld("v6.18", { kind: "file" });
    cache(world);
    const result: number[] = [];
    world.spawn("a", 0, gup(world, 0, 1, result, true));
    expect(world.run()).toEqual(["0 a +R", "5 a -R", "5 a sleeps throttle", "205 a +R", "206 a -R"]);
    expect(result).toEqual([1]);
  });
});

describe("swapped shmem", () => {
  test.each(["v3.17", "v5.4", "v6.18"])("%s: the polite gup keeps the lock over the IO (trap 12)", (preset) => {
    const world = faultWorld(preset, { kind: "shmem" });
    world.spawn("a", 0, gup(world, 0, 1));
    expect(world.run()).toEqual(["0 a +R", "10 a sleeps swap", "1016 a -R"]);
  });

  test("NOWAIT waits for the IO as well", () => {
    const world = faultWorld("v6.18", { kind: "shmem" });
    const result: number[] = [];
    world.spawn("a", 0, nowait(world, 0, result));
    expect(world.run()).toEqual(["0 a +R", "10 a sleeps swap", "1016 a -R"]);
    expect(result).toEqual([1]);
  });

  test("v6.18: a user fault keeps the VMA lock, and munmap waits for it with mmap_lock held for write", () => {
    const world = faultWorld("v6.18", { kind: "shmem" });
    world.spawn("a", 0, fault(world, 0));
    world.spawn("m", 300, function* (current) {
      yield* current.kernel.ops.vm_munmap(current, world.mm, world.vma.vm_start, 64);
    });
    expect(world.run()).toEqual([
      "0 a +vma",
      "10 a sleeps swap",
      "300 m +W",
      "300 m waits for the VMA's readers",
      "1015 a -vma",
      "1015 m has the VMA",
      "1017 m downgrades",
      "1021 m -R",
    ]);
  });

  test("v6.18: a waiting writer does not stop VMA readers, an active one on that mapping does", () => {
    const world = faultWorld("v6.18", { kind: "shmem" });
    world.spawn("r", 0, function* (current) {
      yield* mem_rw(current, world.mm, world.vma.vm_start, 1, false);
    });
    world.spawn("m", 100, function* (current) {
      yield* current.kernel.ops.vm_munmap(current, world.mm, world.vma.vm_start, 64);
    });
    world.spawn("a", 200, fault(world, 1));
    const lines = world.run("a");
    expect(lines[0]).toBe("200 a +vma");
  });
});

describe("per-VMA locks", () => {
  test("faults of the kernel itself ignore them (trap 31)", () => {
    const world = faultWorld("v6.18", { device: "zram" });
    world.spawn("w", 0, writer(world, 100));
    world.spawn("user", 10, fault(world, 0));
    world.spawn("kernel", 10, fault(world, 1, { user: false }));
    expect(world.run("user")).toEqual(["10 user +vma", "1015 user -vma"]);
    expect(world.run("kernel").slice(0, 2)).toEqual(["10 kernel fails R", "100 kernel +R"]);
  });

  test("the first fault in a fresh mapping: v6.8 falls back to mmap_lock, v6.18 takes it for the preparation only (trap 32)", () => {
    const diary = ["v6.8", "v6.18"].map((vma) => {
      const world = faultWorld(`v6.18+vma=${vma}`);
      world.vma.pte.fill(pte_none);
      world.vma.anon_vma = false;
      world.spawn("a", 0, fault(world, 0, { write: true }));
      return world.run();
    });
    expect(diary).toEqual([
      ["0 a falls back: uncovered", "0 a +R", "6 a -R"],
      ["0 a +vma", "0 a +R", "1 a -R", "6 a -vma"],
    ]);
  });

  test("that preparation fails when a writer merely waits, and the whole fault goes to mmap_lock (traps 24 and 32)", () => {
    const world = faultWorld("v6.18");
    world.vma.pte.fill(pte_none, 1);
    world.vma.anon_vma = false;
    world.spawn("r", 0, function* (current) {
      yield* mem_rw(current, world.mm, world.vma.vm_start, 1, false);
    });
    world.spawn("w", 100, writer(world, 1));
    world.spawn("a", 200, fault(world, 5, { write: true }));
    expect(world.run("a").slice(0, 4)).toEqual(["200 a +vma", "200 a fails R", "200 a -vma", "200 a fails R"]);
  });

  test("a mapping that the present write section has marked falls back", () => {
    const world = faultWorld("v6.18", { kind: "shmem" });
    world.spawn("a", 0, fault(world, 0));
    world.spawn("m", 300, function* (current) {
      yield* current.kernel.ops.vm_munmap(current, world.mm, world.vma.vm_start, 64);
    });
    world.spawn("b", 500, fault(world, 1));
    expect(world.run("b")[0]).toBe("500 b falls back: write-locked");
  });

  test("munmap is a writer for the edit and a reader for the zap (trap 26)", () => {
    const world = faultWorld("v6.18");
    world.vma.pte.fill(pte_present);
    world.spawn("m", 0, function* (current) {
      yield* current.kernel.ops.vm_munmap(current, world.mm, world.vma.vm_start, 64);
    });
    expect(world.run()).toEqual(["0 m +W", "2 m downgrades", "69 m -R"]);
  });
});

describe("userfaultfd", () => {
  const uffd = { device: "userfaultfd" } as const;

  test("plain gup gets -EFAULT at once: who may not retry gets SIGBUS", () => {
    const world = faultWorld("v6.18+gup=plain", uffd);
    const result: number[] = [];
    world.spawn("a", 0, gup(world, 0, 1, result));
    expect(world.run("a")).toEqual(["0 a +R", "0 a -R"]);
    expect(result).toEqual([-14]);
  });

  test("/proc/PID/mem gets an error too, in no time", () => {
    const world = faultWorld("v6.18", uffd);
    const result: number[] = [];
    world.spawn("a", 0, function* (current) {
      result.push(yield* mem_rw(current, world.mm, world.vma.vm_start, 1, false));
    });
    world.run();
    expect(result).toEqual([-14]);
  });

  test("the polite gup waits without the lock, and the server installs the page under the VMA lock (v6.18)", () => {
    const world = faultWorld("v6.18", uffd);
    world.spawn("a", 1, gup(world, 0, 1));
    expect(world.run()).toEqual([
      "1 a +R",
      "1 a -R",
      "1 a sleeps userfault",
      "1001 server +vma",
      "1006 server -vma",
      "1006 a +R",
      "1007 a -R",
    ]);
  });

  test("before v6.18 the server takes mmap_lock for read, and waits behind a writer", () => {
    const world = faultWorld("v6.18+vma=v6.8", uffd);
    world.spawn("a", 1, gup(world, 0, 1));
    world.spawn("w", 900, writer(world, 300));
    expect(world.run("server", "w")).toEqual(["900 w +W", "1200 w -W", "1200 server +R", "1205 server -R"]);
  });

  test("NOWAIT is told to come again, lock held", () => {
    const world = faultWorld("v6.18", uffd);
    const result: number[] = [];
    world.spawn("a", 1, nowait(world, 0, result));
    expect(world.run("a")).toEqual(["1 a +R", "1 a -R"]);
    expect(result).toEqual([0]);
  });

  test("a page that is missing again on the second look: v5.4 gives -EFAULT, v6.18 drops the lock and waits again", () => {
    const answers = ["v5.4", "v6.18"].map((preset) => {
      const world = faultWorld(preset, uffd);
      const result: number[] = [];
      world.spawn("a", 1, gup(world, 0, 1, result));
      // Someone throws the page away as soon as it is there, once: before the waiter has the lock again.
      world.spawn("w", 900, function* (current) {
        yield* down_write(current, world.mm.mmap_sem, "test");
        current.charge(200_000);
        if (current.settles()) yield;
        world.vma.pte[0] = pte_none;
        yield* up_write(current, world.mm.mmap_sem, "test");
      });
      const waits = world.run("a").filter((line) => line.includes("sleeps")).length;
      return { result, waits };
    });
    expect(answers[1]).toEqual({ result: [1], waits: 2 });
    expect(answers[0]?.waits).toBe(1);
  });

  test("closing the descriptor lets everyone go, and the page is an ordinary one", () => {
    const world = faultWorld("v6.18", uffd);
    const { userfaultfd } = world.vma;
    const result: number[] = [];
    world.spawn("a", 1, gup(world, 0, 1, result));
    world.spawn("closer", 500, (current) => userfaultfd_release(current, world.mm, userfaultfd as never));
    expect(world.run("a", "closer")).toEqual([
      "1 a +R",
      "1 a -R",
      "1 a sleeps userfault",
      "500 closer +W",
      "500 closer -W",
      "500 a +R",
      "506 a -R",
    ]);
    expect(result).toEqual([1]);
  });
});

describe("with the lock held over", () => {
  test("direct reclaim in the fault's allocation, whoever is polite (trap 15)", () => {
    const world = faultWorld("v6.18");
    world.vma.direct_reclaim = new Stalls(() => 2_000_000);
    world.spawn("a", 0, gup(world, 0, 1));
    expect(world.run().slice(0, 3)).toEqual(["0 a +R", "10 a sleeps reclaim", "2010 a -R"]);
  });

  test("a full request queue: submission is the latency (trap 13)", () => {
    const world = faultWorld("v4.0", { queue: 1 });
    world.spawn("a", 0, gup(world, 0, 1));
    world.spawn("b", 100, gup(world, 1, 1));
    expect(world.run("b").slice(0, 4)).toEqual([
      "100 b +R",
      "110 b sleeps throttle",
      "1010 b -R",
      "1010 b sleeps swap",
    ]);
  });

  test("the migration of a page", () => {
    const world = faultWorld("v6.18+vma=none");
    world.vma.pte.fill(pte_present);
    world.spawn("k", 0, (current) => discard(takePageAway(current, world.vma, 0, pte_migration, 300_000)));
    world.spawn("a", 100, gup(world, 0, 1));
    expect(world.run("a")).toEqual(["100 a +R", "100 a sleeps migration", "301 a -R"]);
  });

  test("the writeback of a page that is written to; user code keeps only the VMA lock", () => {
    const world = faultWorld("v6.18", { kind: "file" });
    world.vma.pte.fill(pte_present);
    world.spawn("k", 0, (current) => discard(takePageAway(current, world.vma, 0, pte_writeback, 300_000)));
    world.spawn("reader", 50, gup(world, 0, 1));
    world.spawn("gup", 100, gup(world, 0, 1, [], true));
    world.spawn("user", 100, fault(world, 0, { write: true }));
    expect(world.run("reader")).toEqual(["50 reader +R", "51 reader -R"]);
    expect(world.run("gup")).toEqual(["100 gup +R", "100 gup sleeps writeback", "306 gup -R"]);
    expect(world.run("user")).toEqual(["100 user +vma", "100 user sleeps writeback", "305 user -vma"]);
  });
});

describe("other kinds of fault", () => {
  test("a write copies a shared page, a read does not", () => {
    const world = faultWorld("v4.0");
    world.vma.pte.fill(pte_cow);
    world.spawn("r", 0, gup(world, 0, 1));
    world.spawn("w", 100, gup(world, 0, 1, [], true));
    expect(world.run()).toEqual(["0 r +R", "1 r -R", "100 w +R", "108 w -R"]);
    expect(world.vma.pte[0]).toBe(pte_present);
  });

  test("a huge page is cleared with the lock held, once for 512 pages", () => {
    const world = faultWorld("v4.0");
    world.vma.pte.fill(pte_none);
    world.vma.thp = true;
    world.spawn("a", 0, gup(world, 0, 4));
    expect(world.run()).toEqual(["0 a +R", "104 a -R"]);
  });

  test("hugetlb likewise", () => {
    const world = faultWorld("v4.0", { kind: "hugetlb" });
    world.vma.pte.fill(pte_none);
    world.spawn("a", 0, gup(world, 0, 2));
    expect(world.run()).toEqual(["0 a +R", "122 a -R"]);
  });

  test("poisoned memory is -EHWPOISON to who asked to know, -EFAULT to the others (trap 35)", () => {
    const world = faultWorld("v4.0");
    world.vma.pte.fill(pte_hwpoison);
    const [knowing, plain]: [number[], number[]] = [[], []];
    world.spawn("a", 0, function* (current) {
      const flags = FOLL_TOUCH | FOLL_GET | FOLL_HWPOISON;
      knowing.push(yield* __get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 1, flags, []));
    });
    world.spawn("b", 0, gup(world, 0, 1, plain));
    world.run();
    expect([knowing, plain]).toEqual([[-133], [-14]]);
  });

  test("several faulters of one page: one IO, and each gets RETRY and waits for what is left of it (trap 37)", () => {
    const world = faultWorld("v4.0");
    world.spawn("a", 0, gup(world, 0, 1));
    world.spawn("b", 400, gup(world, 0, 1));
    expect(world.run("b")).toEqual(["400 b +R", "400 b -R", "400 b sleeps swap", "1010 b +R", "1011 b -R"]);
    expect(world.vma.nextRead(0)).toBe(1);
  });

  test("MADV_POPULATE_READ drops the lock for each missing page", () => {
    const world = faultWorld("v6.18");
    world.spawn("a", 0, function* (current) {
      yield* madvise_populate(current, world.mm, world.vma.vm_start, 2);
    });
    expect(world.run()).toEqual([
      "0 a +R",
      "10 a -R",
      "10 a sleeps swap",
      "1010 a +R",
      "1026 a -R",
      "1026 a sleeps swap",
      "2026 a +R",
      "2032 a -R",
      // __get_user_pages_locked() has let go, madvise_populate() takes the lock again for its caller.
      "2032 a +R",
      "2032 a -R",
    ]);
  });

  test("mmap of pages that do not merge gives a mapping without an anon_vma", () => {
    const world = faultWorld("v6.18");
    const made: boolean[] = [];
    world.spawn("a", 0, function* (current) {
      const start = yield* vm_mmap_pgoff(current, world.mm, 4, false);
      made.push(world.mm.mm_rb.at(start)?.anon_vma ?? true);
    });
    world.run();
    expect(made).toEqual([false]);
  });
});

describe("a SIGKILL while the page is being read (trap 38)", () => {
  test("v4.0 waits to the end of the IO and answers as if nothing had happened", () => {
    const world = faultWorld("v4.0");
    const result: number[] = [];
    const victim = world.spawn("a", 0, gup(world, 0, 1, result));
    world.spawn("k", 400, function* () {
      victim.kill();
    });
    const lines = world.run("a");
    expect(lines.at(-1)).toMatch(/^1010 a -R$/);
    expect(result).toEqual([-512]);
  });

  test("v6.18 leaves at once with -EINTR and without the lock", () => {
    const world = faultWorld("v6.18");
    const result: number[] = [];
    const victim = world.spawn("a", 0, gup(world, 0, 1, result));
    world.spawn("k", 400, function* () {
      victim.kill();
    });
    expect(world.run("a")).toEqual(["0 a +R", "10 a -R", "10 a sleeps swap"]);
    expect(result).toEqual([-4]);
    expect(victim.held).toEqual([]);
  });

  test("v6.18 leaves the queue of the lock too: -EAGAIN where get_user_pages_unlocked had to take it", () => {
    const world = faultWorld("v6.18");
    const result: number[] = [];
    world.spawn("w", 0, writer(world, 1000));
    const victim = world.spawn("a", 10, gup(world, 0, 1, result));
    world.spawn("k", 400, function* () {
      victim.kill();
    });
    expect(world.run("a")).toEqual(["400 a fails R"]);
    expect(result).toEqual([-11]);
  });

  test("an x86 user fault can leave in every era", () => {
    for (const preset of ["v3.17", "v6.18"]) {
      const world = faultWorld(preset);
      const result: number[] = [];
      const victim = world.spawn("a", 0, fault(world, 0, { result }));
      world.spawn("k", 400, function* () {
        victim.kill();
      });
      world.run();
      expect([preset, result]).toEqual([preset, [-14]]);
    }
  });
});

/** Steps whose result nobody wants. */
function* discard(steps: Steps<unknown>): Steps {
  yield* steps;
}

describe("the other front ends", () => {
  const held = (world: FaultWorld, call: (current: task_struct) => Steps): ((current: task_struct) => Steps) =>
    function* (current) {
      yield* down_read(current, world.mm.mmap_sem, "test");
      yield* call(current);
      if (current.held.length > 0) yield* up_read(current, world.mm.mmap_sem, "test");
    };

  test("fixup_user_fault as futex calls it waits with the lock held; with leave to drop it has the lock again on return", () => {
    const futex = faultWorld("v6.18");
    futex.spawn(
      "a",
      0,
      held(futex, (current) => discard(fixup_user_fault(current, futex.mm, futex.vma.vm_start, true, null))),
    );
    expect(futex.run()).toEqual(["0 a +R", "10 a sleeps swap", "1015 a -R"]);

    const polite = faultWorld("v6.18");
    const unlocked = { value: false };
    polite.spawn(
      "a",
      0,
      held(polite, (current) => discard(fixup_user_fault(current, polite.mm, polite.vma.vm_start, true, unlocked))),
    );
    expect(polite.run()).toEqual(["0 a +R", "10 a -R", "10 a sleeps swap", "1010 a +R", "1015 a -R"]);
    expect(unlocked.value).toBe(true);
  });

  test("get_user_pages_remote drops the lock if and only if it is given a locked pointer", () => {
    const holds = [null, { value: 1 } as LockedPointer].map((locked) => {
      const world = faultWorld("v6.18");
      world.spawn(
        "a",
        0,
        held(world, (current) =>
          discard(get_user_pages_remote(current, world.mm, world.vma.vm_start, 1, 0, [], locked)),
        ),
      );
      return { lines: world.run(), locked: locked?.value };
    });
    expect(holds).toEqual([
      { lines: ["0 a +R", "10 a sleeps swap", "1016 a -R"], locked: undefined },
      { lines: ["0 a +R", "10 a -R", "10 a sleeps swap", "1010 a +R", "1016 a -R"], locked: 0 },
    ]);
  });

  test("a core dump waits for each page with the lock held", () => {
    const world = faultWorld("v6.18");
    world.spawn(
      "a",
      0,
      held(world, (current) => discard(get_dump_page(current, world.mm, world.vma.vm_start))),
    );
    expect(world.run()).toEqual(["0 a +R", "10 a sleeps swap", "1016 a -R"]);
  });

  test("get_user_pages_fast_only takes no lock, waits for nothing and stops at the first missing page (trap 17)", () => {
    const world = faultWorld("v6.18");
    world.vma.pte.fill(pte_present, 0, 3);
    const got: number[] = [];
    world.spawn("a", 0, function* (current) {
      got.push(get_user_pages_fast_only(current, world.mm, world.vma.vm_start, 5, false, []));
    });
    expect(world.run()).toEqual([]);
    expect(got).toEqual([3]);
  });
});
