import { describe, expect, test } from "vitest";
import { patchSiteSteps } from "../../sim/callers/patch-site-steps.ts";
import { lint, type PatchSite, patchSites, type SiteForm } from "../../sim/callers/patch-sites.ts";
import { defaultLitmusCosts, type LitmusOutcome, type LitmusPage, runLitmus } from "../../sim/experiments/litmus.ts";
import { matrixRows, runCell } from "../../sim/experiments/matrix.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { down_write, up_write } from "../../sim/linux/kernel/locking/rwsem.ts";
import { faultWorld } from "../support/fault-world.ts";

/** The call sites of the mail's patches, each alone over a small vector of pages. An IO is 1 ms, everything else some us. */

const ms = 1_000_000;

function recordOf(name: string): PatchSite {
  const record = patchSites.find(({ site }) => site === name);
  if (record === undefined) throw new Error(`no site ${name}`);
  return record;
}

function at(record: PatchSite, form: SiteForm, vector: string, variant = "v4.0"): LitmusOutcome {
  const call = { prefault: false, mlock: false, ignoreBugs: false, site: { record, form } };
  return runLitmus([...vector] as LitmusPage[], parseVariant(variant), defaultLitmusCosts, call);
}

describe("the slow part of gup_fast", () => {
  const fast = recordOf("get_user_pages_fast");

  test("stands in six architectures, and is asked for the rest of the batch only: what the fast part got is walked without the lock (S94-S99)", () => {
    expect(fast.file.match(/\w+(?=[,}])/g)?.sort()).toEqual(["mips", "powerpc", "s390", "sh", "sparc", "x86"]);
    for (const form of ["before", "rfc", "merged"] as const) {
      expect(at(fast, form, "PPPP").acquisitions).toBe(0);
      expect([form, at(fast, form, "PPPI").hold_segments_ns]).toEqual([form, at(fast, form, "I").hold_segments_ns]);
      expect([form, at(fast, form, "PPIP").pages_got]).toEqual([form, [0, 1, 2, 3]]);
    }
  });

  test("held the lock over each IO of the rest before the patch, and over none after it (S94-S99)", () => {
    expect(at(fast, "before", "PIPI").max_hold_ns).toBeGreaterThan(2 * ms);
    for (const form of ["rfc", "merged"] as const) {
      expect(at(fast, form, "PIPI").max_hold_ns).toBeLessThan(ms / 10);
      expect(at(fast, form, "PIPI").unlocked_wait_ns).toBeGreaterThan(1.9 * ms);
    }
    // On a kernel whose slow call is plain the conversion changes nothing.
    expect(at(fast, "rfc", "PIPI", "v3.17").max_hold_ns).toBe(at(fast, "before", "PIPI").max_hold_ns);
  });

  test("where there is no lockless walk all of it takes the lock, and is polite all the same (S112)", () => {
    const weak = recordOf("get_user_pages_fast (weak)");
    for (const form of ["before", "rfc", "merged"] as const) expect(at(weak, form, "PPPP").acquisitions).toBe(1);
    expect(at(weak, "before", "PIPI").max_hold_ns).toBeGreaterThan(2 * ms);
    expect(at(weak, "merged", "PIPI").max_hold_ns).toBeLessThan(ms / 10);
  });
});

describe("a site that became gup_fast", () => {
  test.each(["dma_pin_iovec_pages", "sgl_map_user_pages", "pvr2fb_write"])(
    "%s takes no lock on a hit, and none over IO on a miss; before it did both (S102, S106, S107)",
    (name) => {
      const record = recordOf(name);
      expect(at(record, "before", "PPPP").acquisitions).toBe(1);
      expect(at(record, "rfc", "PPPP").acquisitions).toBe(0);
      expect(at(record, "before", "PIPI").max_hold_ns).toBeGreaterThan(2 * ms);
      expect(at(record, "rfc", "PIPI").max_hold_ns).toBeLessThan(ms / 10);
      for (const vector of ["PPPP", "PIPI", "PIE"]) {
        const [before, rfc] = [at(record, "before", vector), at(record, "rfc", vector)];
        expect([rfc.result, rfc.pages_got]).toEqual([before.result, before.pages_got]);
      }
      // A short count is what the site releases; an error after progress is one.
      expect([at(record, "rfc", "PIE").result, at(record, "rfc", "E").errno]).toEqual([2, "EFAULT"]);
    },
  );

  test("saves the walk of the hits, and the IO only together with the retry: the two toggles on one call (S118)", () => {
    const st = recordOf("sgl_map_user_pages");
    const held = (form: SiteForm, variant: string): number => at(st, form, "PPPPIIII", variant).total_hold_ns;
    const [neither, fast, retry, both] = [
      held("before", "v3.17"),
      held("rfc", "v3.17"),
      held("merged", "v4.0"),
      held("rfc", "v4.0"),
    ] as const;
    // The fast form saves the walk of four hits, 1 us each; the retry the four IOs, less what each drop costs to look up again.
    expect(neither - fast).toBe(4_000);
    expect(neither - retry).toBeGreaterThan(3.9 * ms);
    // The effects add: what one saves is under no lock for the other.
    expect(neither - both).toBe(neither - fast + (neither - retry));
  });

  test("pvr2fb asks to write what it only reads from: a read-only buffer fails in each form, and ivtv's does not (S133)", () => {
    const result = (name: string, form: SiteForm): number => {
      const world = faultWorld("v4.0");
      world.vma.VM_WRITE = false;
      let got = 0;
      world.spawn("a", 0, function* (current) {
        got = yield* patchSiteSteps(current, world.mm, world.vma.vm_start, 1, recordOf(name), form);
      });
      world.run();
      return got;
    };
    for (const form of ["before", "rfc", "merged"] as const) {
      expect([form, result("pvr2fb_write", form), result("ivtv_udma_setup", form)]).toEqual([form, -14, 1]);
    }
  });

  test("ceph's loop under one hold was a critical section: a call for each step lets a writer in between two pages of one vector (S130)", () => {
    const pagesBefore = (form: SiteForm): number => {
      const world = faultWorld("v4.0");
      world.vma.populateAtStart(1, 0);
      const got: number[] = [];
      let seen = -1;
      world.spawn("ceph", 0, function* (current) {
        yield* patchSiteSteps(
          current,
          world.mm,
          world.vma.vm_start,
          12,
          recordOf("ceph_get_direct_page_vector"),
          form,
          got,
        );
      });
      // Resident pages, so that only the end of a step lets anybody in.
      world.spawn("writer", 1, function* (current) {
        yield* down_write(current, world.mm.mmap_sem, "test");
        seen = got.length;
        yield* up_write(current, world.mm.mmap_sem, "test");
      });
      world.run();
      return seen;
    };
    expect(pagesBefore("before")).toBe(12);
    expect(pagesBefore("merged")).toBe(4);
  });
});

describe("every site", () => {
  test.each(patchSites)("$site lets go of the lock whatever the pages are, and gets each once (S21)", (record) => {
    for (const form of ["before", "rfc", "merged"] as const) {
      for (const vector of ["P", "I", "E", "R", "X", "PIPI", "IE", "RP", "IX"]) {
        for (const variant of ["v3.17", "v4.0", "v6.18"]) {
          const { lock_held_at_end, bug, pages_got, result } = at(record, form, vector, variant);
          expect([form, vector, variant, lock_held_at_end, bug]).toEqual([form, vector, variant, false, null]);
          expect(new Set(pages_got).size).toBe(pages_got.length);
          if (record.wantsPages && (result ?? 0) > 0) expect(pages_got).toEqual(pages_got.map((_, i) => i));
        }
      }
    }
  });

  test("is told the right call by the linter: gup_fast for pages of the own mm, unlocked for another mm, force and a prefault (S27, S30, S104)", () => {
    const wrongCall = (form: SiteForm) =>
      patchSites.filter((site) => lint(site, form).some((says) => says.includes("S27"))).map(({ site }) => site);
    // The tape and the frame buffer were merged as unlocked.
    expect(wrongCall("rfc")).toEqual(["hva_to_pfn_slow"]);
    expect(wrongCall("merged")).toEqual(["sgl_map_user_pages", "pvr2fb_write", "hva_to_pfn_slow"]);
    const tape: PatchSite = { ...recordOf("sgl_map_user_pages"), rfc: "unlocked" };
    const flags = (change: Partial<PatchSite>): boolean =>
      lint({ ...tape, ...change }, "rfc").some((says) => says.includes("S27"));
    expect(flags({})).toBe(true);
    for (const change of [{ force: true }, { mm: "remote" }, { wantsPages: false }, { rfc: "fast" }] as const) {
      expect([change, flags(change)]).toEqual([change, false]);
    }
    expect(flags({ rfc: "fast", mm: "remote" })).toBe(true);
    expect(lint(tape, "before")).toEqual(["holds the lock over IO"]);
  });

  test("whose caller holds the lock could not stand a get_user_pages that drops it: two sites would need an audit (S37)", () => {
    expect(patchSites.filter(({ before }) => before === "gup-held").map(({ site }) => site)).toEqual([
      "non_atomic_pte_lookup",
      "lookup_node",
    ]);
  });

  test("in KVM breaks the mail's own rule: as unlocked a page that has come in between takes the lock, as gup_fast it did not (S127)", () => {
    const kvm = recordOf("hva_to_pfn_slow");
    expect([at(kvm, "before", "P").acquisitions, at(kvm, "rfc", "P").acquisitions]).toEqual([0, 1]);
    expect([at(kvm, "before", "I").max_hold_ns > ms, at(kvm, "rfc", "I").max_hold_ns < ms / 10]).toEqual([true, true]);
    expect(lint(kvm, "rfc")).toEqual(["own mm without force: gup_fast would do without the lock (S27, S30)"]);
  });
});

test("/proc/PID/mem, ptrace and core dumps ask without a locked pointer: an error at once on a userfault, and a hold over any IO (S43, S90)", () => {
  for (const name of ["procmem_read", "procmem_write", "ptrace_peek"]) {
    const row = matrixRows[name];
    if (row === undefined) throw new Error(`no row ${name}`);
    const of = (kind: "uffd" | "anon swap" | "file") => runCell(row, kind, parseVariant("v6.18"));
    expect([name, of("uffd").failed, of("uffd").longestHold_ns < ms / 10]).toEqual([name, true, true]);
    for (const kind of ["anon swap", "file"] as const)
      expect([name, kind, of(kind).heldOverIo]).toEqual([name, kind, true]);
  }
});
