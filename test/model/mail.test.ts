import { describe, expect, test } from "vitest";
import { replicate } from "../support/replicate.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { loadScenario } from "../../scenarios/load.ts";
import { get_user_pages_fast } from "../../sim/linux/arch/x86/mm/gup.ts";
import { patchSites } from "../../sim/callers/patch-sites.ts";
import { gupCalls } from "../../sim/callers/gup-calls.ts";
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  FOLL_FORCE,
  FOLL_GET,
  FOLL_TOUCH,
  FOLL_WRITE,
} from "../../sim/linux/include/linux/mm.ts";
import { get_user_pages_locked, get_user_pages_unlocked, type LockedPointer } from "../../sim/linux/mm/gup.ts";
import { down_read, up_read } from "../../sim/linux/kernel/locking/rwsem.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { defaultLitmusCosts, type LitmusPage, runLitmus } from "../../sim/experiments/litmus.ts";
import { samplesWhere } from "../../sim/measure/metrics/metrics.ts";
import { faultWorld } from "../support/fault-world.ts";
import { constant, Lines, run, smallScenario } from "../support/small-scenario.ts";

/** Statements of the mail that are neither a scenario nor a trap, one by one. */

const call = { prefault: false, mlock: false, ignoreBugs: false };
const litmus = (vector: string, variant: string, how: Partial<typeof call> & { isLocked?: boolean } = {}) =>
  runLitmus([...vector] as LitmusPage[], parseVariant(variant), defaultLitmusCosts, { ...call, ...how });

/** All vectors of 1 to `longest` pages of these kinds. */
function vectors(kinds: string, longest: number): string[] {
  let level = [""];
  const all: string[] = [];
  for (let n = 0; n < longest; n++) {
    level = level.flatMap((head) => [...kinds].map((kind) => head + kind));
    all.push(...level);
  }
  return all;
}

const shipped = (name: string, variant: string, sets: string[] = []): VariantOutcome => {
  const { scenario } = loadScenario(name, sets);
  return replicate(scenario, parseVariant(variant), ["1"], [], { checkInvariants: false });
};

describe("1a", () => {
  test("in a mix of callers the hold time a second drops with the conversion, and few of them were most of it (S14, S15)", () => {
    const held = (converted: string, site: string | null): number => {
      const { metrics } = shipped("adoption-slider", "unlocked", ["duration=2s", `converted=${converted}`]);
      return samplesWhere(metrics, "mmap_sem.hold", site === null ? { role: "gup_caller" } : { site }).sum;
    };
    const before = held("[]", null);
    expect(held("[get_user_pages_fast]", null)).toBeLessThan(before * 0.65);
    expect(
      held("[get_user_pages_fast,sgl_map_user_pages,ivtv_udma_setup,pvr2fb_write,ceph_get_direct_page_vector]", null),
    ).toBeLessThan(before / 100);
    // What is left after that is named: the reader of another process, which was not converted.
    expect(held("[get_user_pages_fast]", "process_vm_rw_single_vec")).toBeGreaterThan(5e7);
  });

  test("where no page needs IO the polite forms cost nothing: same holds, same acquisitions (S17)", () => {
    for (const vector of ["P", "PPPP", "PPPPPPPPPPPP"]) {
      const plain = litmus(vector, "plain");
      for (const variant of ["rfc", "v4.0", "v5.4", "v6.18"]) {
        expect(litmus(vector, variant).hold_segments_ns).toEqual(plain.hold_segments_ns);
      }
    }
  });

  test("a caller in another mm has no effect on the lock of this one; in the same mm it has its full effect (S19)", () => {
    const sets = (mm: string): string[] => [
      "duration=1s",
      "mms.camera={ vmas: { frames: { kind: anon, size: 256MiB, resident: 60%, keep: 60%, backing: swapdev } } }",
      `tasks.v4l={role: gup_caller, site: ivtv_udma_setup, form: before, mm: ${mm}, touch: ${mm === "camera" ? "frames" : "heap"}, pages: 4, think: 5ms}`,
    ];
    const wait = (set: string[]): number =>
      samplesWhere(shipped("iommu-device-faults", "unlocked", set).metrics, "mmap_sem.wait", {
        mm: "process",
        role: "proc_reader",
      }).percentile(99) ?? 0;
    expect(wait(sets("camera"))).toBe(wait(["duration=1s"]));
    expect(wait(sets("process"))).toBeGreaterThan(1e6);
  });
});

describe("1b", () => {
  test("gup_fast is __gup_fast and then get_user_pages_unlocked: same pages, same answer on any vector (S29, S35, S100)", () => {
    for (const vector of vectors("PIE", 4)) {
      const site = patchSites.find(({ site }) => site === "get_user_pages_fast");
      if (site === undefined) throw new Error("no such site");
      const fast = runLitmus([...vector] as LitmusPage[], parseVariant("v4.0"), defaultLitmusCosts, {
        ...call,
        site: { record: { ...site, write: false }, form: "merged" },
      });
      const unlocked = litmus(vector, "v4.0");
      expect([vector, fast.result, fast.pages_got]).toEqual([vector, unlocked.result, unlocked.pages_got]);
    }
  });

  test("a fast call on resident pages takes no lock at all; the unlocked one always does (S28, S34, trap 17)", () => {
    const world = faultWorld("v4.0");
    world.vma.populateAtStart(1, 0);
    world.spawn("fast", 0, function* (current) {
      yield* get_user_pages_fast(current, world.mm, world.vma.vm_start, 8, true, []);
    });
    world.spawn("slow", 0, function* (current) {
      yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 8, true, false, []);
    });
    const lines = world.run();
    expect(lines.filter((line) => line.includes(" fast "))).toEqual([]);
    expect(lines.filter((line) => line.includes(" slow +R")).length).toBe(1);
  });

  test("one table says what each call of the family can be asked for (S25, S31, S33)", () => {
    const able = (what: "force" | "vmas" | "remote" | "droppable"): string[] =>
      gupCalls.filter((one) => one[what]).map((one) => one.call);
    expect(able("vmas")).toEqual(["__get_user_pages", "get_user_pages"]);
    expect(able("force")).not.toContain("get_user_pages_fast");
    expect(able("remote")).not.toContain("get_user_pages_fast");
    expect(able("droppable")).not.toContain("get_user_pages");
  });

  test("two flags: ALLOW_RETRY drops and waits, with RETRY_NOWAIT it does neither; none of them keeps the lock and waits (S41, S43)", () => {
    const flags: number[] = [];
    const scenario = loadScenario("kvm-swap", ["duration=100ms"]).scenario;
    run(scenario, "v4.0", [{ hears: { fault_begin: (e) => void flags.push(e.flags) } }]);
    const nowait = flags.filter((f) => f & FAULT_FLAG_RETRY_NOWAIT);
    expect(nowait.length).toBeGreaterThan(0);
    for (const f of nowait) expect(f & FAULT_FLAG_ALLOW_RETRY).toBeTruthy();
    expect(flags.some((f) => (f & FAULT_FLAG_ALLOW_RETRY) !== 0 && (f & FAULT_FLAG_RETRY_NOWAIT) === 0)).toBe(true);
  });

  test("/proc/PID/mem of a page of userspace holds for no time, because it gets an error (S43, S47, S90)", () => {
    const plain = litmus("U", "v6.18+gup=plain");
    expect([plain.errno, plain.max_hold_ns]).toEqual(["EFAULT", 0]);
    const polite = litmus("U", "v6.18");
    expect([polite.result, polite.max_hold_ns < 2_000]).toEqual([1, true]);
  });
});

describe("1c", () => {
  test("gup flags are what the arguments say: TOUCH always, GET with a pages array, WRITE, FORCE (S53)", () => {
    const seen: number[] = [];
    const world = faultWorld("v4.0", {
      broken: ({ __get_user_pages_locked }) => ({
        __get_user_pages_locked: (...args) => {
          seen.push(args[4]);
          return __get_user_pages_locked(...args);
        },
      }),
    });
    world.vma.populateAtStart(1, 0);
    world.spawn("a", 0, function* (current) {
      const { mm, vma } = world;
      yield* get_user_pages_unlocked(current, mm, vma.vm_start, 1, false, false, null);
      yield* get_user_pages_unlocked(current, mm, vma.vm_start, 1, false, false, []);
      yield* get_user_pages_unlocked(current, mm, vma.vm_start, 1, true, false, []);
      yield* get_user_pages_unlocked(current, mm, vma.vm_start, 1, true, true, null);
    });
    world.run();
    expect(seen).toEqual([
      FOLL_TOUCH,
      FOLL_TOUCH | FOLL_GET,
      FOLL_TOUCH | FOLL_GET | FOLL_WRITE,
      FOLL_TOUCH | FOLL_WRITE | FOLL_FORCE,
    ]);
  });

  test("the reviewed rename, alone, turns the sense of the flag round: the caller is not told of the drop (S52, S71, trap 6)", () => {
    expect(litmus("I", "rfc", { isLocked: true }).drop_unreported).toBe(false);
    expect(litmus("I", "rfc+gup=rfc:rename", { isLocked: true }).drop_unreported).toBe(true);
    expect(litmus("I", "v4.0", { isLocked: true }).drop_unreported).toBe(false);
  });

  test("a stack guard page counts as one page that nobody got, never as 0; as an error the anomaly is gone (S65, S66)", () => {
    const posted = litmus("G", "rfc", { mlock: true });
    expect([posted.result, posted.pages_got]).toEqual([1, []]);
    expect(litmus("G", "rfc+gup=rfc:guard-errno", { mlock: true }).errno).toBe("EFAULT");
    expect(litmus("PG", "rfc+gup=rfc:guard-errno", { mlock: true }).result).toBe(1);
  });

  test("TRIED excludes ALLOW_RETRY in 2014, and goes with it from v5.7 on (S73, S74)", () => {
    const both = (variant: string): boolean[] => {
      const flags: number[] = [];
      const tasks = {
        reader: {
          role: "process_vm_readv",
          count: 2,
          schedule: { kind: "think", law: constant(100_000) },
          target: "mm",
          touch: "ram",
          order: "random",
          pages: 4,
        } as const,
      };
      run(smallScenario(tasks, { duration_ns: 10_000_000 }), variant, [
        { hears: { fault_begin: (e) => void flags.push(e.flags) } },
      ]);
      return flags.filter((f) => f & FAULT_FLAG_TRIED).map((f) => (f & FAULT_FLAG_ALLOW_RETRY) !== 0);
    };
    expect(new Set(both("v4.0"))).toEqual(new Set([false]));
    expect(new Set(both("v6.18"))).toEqual(new Set([true]));
  });

  test("a dropped pass reports no error and fewer pages than it was asked for: no BUG_ON of v4.0 fires on any vector (S55, S56)", () => {
    for (const vector of vectors("PIERX", 4)) expect([vector, litmus(vector, "v4.0").bug]).toEqual([vector, null]);
  });

  test("a drop for each page that needs IO: the loop is polite again after the single page (S68)", () => {
    for (const vector of vectors("PI", 5)) {
      const ios = [...vector].filter((page) => page === "I").length;
      expect([vector, litmus(vector, "v4.0").acquisitions]).toEqual([vector, 1 + ios]);
    }
  });

  test("when the last pass has taken the lock again, telling the drop costs an up_read and no more (S72)", () => {
    const told = litmus("IP", "v4.0", { isLocked: true });
    const own = litmus("IP", "v4.0");
    expect(told.hold_segments_ns).toEqual(own.hold_segments_ns);
    expect(told.drop_unreported).toBe(false);
  });

  test("three polite attempts are more ways through the loop than one: it has as many lengths as attempts (S82)", () => {
    const lengths = (variant: string): number => {
      const seen = [0, 1, 2, 3, 4].map((gone) => {
        const world = faultWorld(variant, { gone });
        world.spawn("a", 0, function* (current) {
          yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 1, false, false, []);
        });
        return world.run("a").filter((line) => line.includes("+R")).length;
      });
      return new Set(seen).size;
    };
    expect(["plain", "v4.0", "v4.0+gup=retry:3"].map(lengths)).toEqual([1, 1, 3]);
  });
});

describe("1e", () => {
  test("a userfault: message, drop, server, copy, wake, second look (S89, S92)", () => {
    const lines = new Lines((e) =>
      ["io_submit", "io_complete", "mmap_lock_released", "sleep", "wake"].includes(e.kind),
    );
    const outcome = loadScenario("userfault-wake-order", ["duration=300us"]).scenario;
    run(outcome, "v5.4", [lines]);
    const story = lines.lines
      .filter((line) => !line.includes("idle"))
      .map((line) => line.split(" ").slice(1, 3).join(" "));
    expect(story.slice(0, 8)).toEqual([
      "toucher mmap_lock_released",
      "toucher sleep",
      "ram-0 io_submit",
      "ram-0 sleep",
      "ram-0 wake",
      "ram-0 io_complete",
      "ram-0 mmap_lock_released",
      "toucher wake",
    ]);
  });
});

describe("1f", () => {
  test("without an MMU get_user_pages_locked ignores its pointer and never drops; unlocked is lock, get, unlock (S109, S110)", () => {
    const locked: LockedPointer = { value: 1 };
    const world = faultWorld("v4.0+gup=nommu");
    let got = 0;
    world.spawn("a", 0, function* (current) {
      yield* down_read(current, world.mm.mmap_sem, "test");
      got = yield* get_user_pages_locked(current, world.mm, world.vma.vm_start, 8, false, false, [], locked);
      yield* up_read(current, world.mm.mmap_sem, "test");
    });
    world.run();
    expect([got, locked.value]).toEqual([8, 1]);
    const outcome = litmus("IIII", "v4.0+gup=nommu");
    expect([outcome.result, outcome.acquisitions, outcome.unlocked_wait_ns]).toEqual([4, 1, 0]);
  });

  test("fast and retry conversions are two toggles, and their effects add on different pages (S102, S106, S107, S118)", () => {
    const holds = (form: string, variant: string, resident: string): { n: number; longest: number } => {
      const sets = [
        "duration=1s",
        `tasks.ceph={role: gup_caller, site: sgl_map_user_pages, form: ${form}, count: 2, mm: client, touch: buffers, pages: 8, think: 10ms}`,
        `mms.client.vmas.buffers={ kind: anon, size: 1GiB, resident: ${resident}, backing: swapdev }`,
      ];
      const held = samplesWhere(shipped("ceph-direct-io", variant, sets).metrics, "mmap_sem.hold", {
        site: "sgl_map_user_pages",
      });
      return { n: held.count, longest: held.percentile(100) ?? 0 };
    };
    // All resident: only the fast form changes anything. All away: only the retry does.
    expect(holds("before", "plain", "100%")).toEqual(holds("before", "unlocked", "100%"));
    expect(holds("rfc", "plain", "100%").n).toBe(0);
    expect(holds("before", "unlocked", "50%").longest).toBeGreaterThan(5e6);
    expect(holds("rfc", "plain", "50%").longest).toBeGreaterThan(5e6);
    expect(holds("rfc", "unlocked", "50%").longest).toBeLessThan(50_000);
  });
});
