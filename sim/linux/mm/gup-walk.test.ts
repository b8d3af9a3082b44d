import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultWorld } from "../../../test/support/fault-world.ts";
import {
  EFAULT,
  EHWPOISON,
  EINTR,
  ERESTARTSYS,
  FOLL_ANON,
  FOLL_FORCE,
  FOLL_GET,
  FOLL_HWPOISON,
  FOLL_NOWAIT,
  FOLL_TOUCH,
  FOLL_WRITE,
} from "../include/linux/mm.ts";
import { pte_cow, pte_file, pte_hwpoison, pte_present, pte_sigbus, pte_swap } from "../include/linux/mm_types.ts";
import { down_read, up_read } from "../kernel/locking/rwsem.ts";
import { __get_user_pages, get_user_pages_unlocked, type LockedPointer } from "./gup.ts";

/** Present, needs IO, beyond the end of the file, poisoned, present for reading only. */
const ptes: Readonly<Record<string, number>> = {
  P: pte_present,
  I: pte_file,
  B: pte_sigbus,
  H: pte_hwpoison,
  C: pte_cow,
};

interface Asked {
  readonly flags?: number;
  readonly kind?: "anon" | "file";
  /** Without a vector: a prefault. */
  readonly prefault?: boolean;
  /** Page from which on is asked, and how many; all by default. */
  readonly from?: number;
  readonly count?: number;
  readonly killedAt?: number;
  readonly readOnly?: boolean;
  /** Each read of a page fails. */
  readonly fails?: boolean;
}

/** One call that may drop the lock, over pages of {@link ptes}, from 0 us on. */
function call(variant: string, pages: string, asked: Asked = {}) {
  const retries: number[] = [];
  let lost = 0;
  const world = faultWorld(variant, {
    kind: asked.kind ?? "file",
    hears: { gup_retry: (e) => void retries.push(e.n), section_lost: () => void lost++ },
  });
  const { mm, vma } = world;
  for (const [i, page] of [...pages].entries()) {
    vma.setPte(i, page === "I" && asked.kind === "anon" ? pte_swap : (ptes[page] as number));
  }
  vma.VM_WRITE = asked.readOnly !== true;
  if (asked.fails === true) vma.readFails = () => true;
  const got: number[] = [];
  const locked: LockedPointer = { value: 1 };
  let ret = 0;
  let held = false;
  let at = 0;
  const task = world.spawn("a", 0, function* (current) {
    yield* down_read(current, mm.mmap_sem, "test");
    const gup = world.kernel.ops.__get_user_pages_locked;
    const start = vma.vm_start + (asked.from ?? 0) * 4096;
    const flags = asked.flags ?? FOLL_TOUCH | FOLL_GET;
    const vector = asked.prefault === true ? null : got;
    ret = yield* gup(current, mm, start, asked.count ?? pages.length, flags, vector, locked, true);
    if (current.settles()) yield;
    at = current.sim.now / 1000;
    held = current.held.length > 0;
    if (held) yield* up_read(current, mm.mmap_sem, "test");
  });
  if (asked.killedAt !== undefined) {
    world.spawn("killer", asked.killedAt, function* () {
      task.kill();
    });
  }
  world.run();
  const indices = got.map((address) => (address - vma.vm_start) / 4096);
  return { ret, held, locked: locked.value, got: indices, retries, lost, at, vma, kernel: world.kernel };
}

const forms = [
  "v3.17",
  "v4.0",
  "v5.4",
  "v6.18",
  ...["0", "1", "3", "forever"].map((n) => `v4.0+gup=retry:${n}`),
  "v4.0+gup=rfc:one-page",
];
const neverDrops = ["v3.17", "v4.0+gup=retry:0"];

describe("get_user_pages", () => {
  test.each(forms)("%s: gets the pages up to the first that cannot be had, each once and in order", (variant) => {
    const vector = fc.array(fc.constantFrom("P", "P", "I", "I", "B"), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(vector, (chosen) => {
        const pages = chosen.join("");
        const until = pages.includes("B") ? pages.indexOf("B") : pages.length;
        const waits = [...pages.slice(0, until)].filter((page) => page === "I").length;
        const drops = neverDrops.includes(variant) ? 0 : waits;
        const { ret, held, locked, got, retries, lost } = call(variant, pages);
        expect(ret).toBe(until === 0 ? -EFAULT : until);
        expect(got).toEqual(Array.from({ length: until }, (_, i) => i));
        // Whoever lost the lock once is told so, and told without it; each drop is a retry more.
        expect({ held, locked }).toEqual(drops === 0 ? { held: true, locked: 1 } : { held: false, locked: 0 });
        expect(retries).toEqual(Array.from({ length: drops }, (_, i) => i + 1));
        expect(lost).toBe(drops === 0 ? 0 : 1);
      }),
      { numRuns: 30 },
    );
  });

  test.each(forms)(
    "%s: an address before a mapping is not of that mapping, and one behind the last of none: -EFAULT",
    (variant) => {
      expect(call(variant, "PP", { from: -1, count: 2 })).toMatchObject({ ret: -EFAULT, got: [], held: true });
      expect(call(variant, "PP", { from: 64, count: 1 })).toMatchObject({ ret: -EFAULT, got: [], held: true });
    },
  );

  test.each(forms)("%s: at the end of a mapping with nothing behind it the pages before count", (variant) => {
    const { ret, got } = call(variant, "P".repeat(64), { from: 62, count: 4 });
    expect({ ret, got }).toEqual({ ret: 2, got: [62, 63] });
  });

  test.each(forms)("%s: a pending SIGKILL ends it with an errno before the first page", (variant) => {
    const errno = variant === "v6.18" ? EINTR : ERESTARTSYS;
    expect(call(variant, "PP", { killedAt: 0 })).toMatchObject({ ret: 2 });
    const world = faultWorld(variant);
    world.vma.setPte(0, pte_present);
    const rets: number[] = [];
    const task = world.spawn("a", 5, function* (current) {
      yield* down_read(current, world.mm.mmap_sem, "test");
      rets.push(yield* __get_user_pages(current, world.mm, world.vma.vm_start, 1, FOLL_GET, [], null));
      rets.push(yield* __get_user_pages(current, world.mm, world.vma.vm_start + 4096, 1, FOLL_GET, [], null));
      yield* up_read(current, world.mm.mmap_sem, "test");
    });
    world.spawn("killer", 0, function* () {
      task.kill();
    });
    world.run();
    expect(rets).toEqual([-errno, -errno]);
  });

  test("SIGKILL during the IO of a later page: the pages before it are the answer", () => {
    // v3.17 waits to the end of the IO and looks at the signal then.
    const { ret, got, at } = call("v3.17", "PIP", { killedAt: 500 });
    expect({ ret, got }).toEqual({ ret: 1, got: [0] });
    expect(at).toBeGreaterThan(1000);
    expect(call("v6.18", "PIP", { killedAt: 500 })).toMatchObject({
      ret: 1,
      got: [0],
      held: false,
      locked: 0,
      at: 500,
    });
    expect(call("v6.18", "IP", { killedAt: 500 })).toMatchObject({ ret: -EINTR, got: [], held: false, at: 500 });
  });

  test("a walk costs one look-up of the mapping, and one of each page", () => {
    const world = faultWorld("v3.17", { more: { find_vma: 300, follow_page: 7 } });
    for (let i = 0; i < 5; i++) world.vma.setPte(i, pte_present);
    let at = 0;
    world.spawn("a", 0, function* (current) {
      yield* down_read(current, world.mm.mmap_sem, "test");
      yield* __get_user_pages(current, world.mm, world.vma.vm_start, 5, FOLL_GET, [], null);
      if (current.settles()) yield;
      at = current.sim.now;
      yield* up_read(current, world.mm.mmap_sem, "test");
    });
    world.run();
    expect(at).toBe(335);
  });

  test.each(forms)("%s: poisoned memory is told as such to who asks for it", (variant) => {
    expect(call(variant, "PH").ret).toBe(1);
    expect(call(variant, "H").ret).toBe(-EFAULT);
    expect(call(variant, "H", { flags: FOLL_GET | FOLL_HWPOISON }).ret).toBe(-EHWPOISON);
  });

  test.each(forms)("%s: FOLL_ANON refuses pages of a file, and takes anonymous ones", (variant) => {
    expect(call(variant, "PP", { flags: FOLL_GET | FOLL_ANON }).ret).toBe(-EFAULT);
    expect(call(variant, "PP", { flags: FOLL_GET | FOLL_ANON, kind: "anon" }).ret).toBe(2);
  });

  test.each(forms)("%s: a mapping that may not be written is read, and written only by force", (variant) => {
    const readOnly = true;
    expect(call(variant, "PP", { readOnly }).ret).toBe(2);
    expect(call(variant, "PP", { readOnly, flags: FOLL_GET | FOLL_WRITE }).ret).toBe(-EFAULT);
    expect(call(variant, "PP", { readOnly, flags: FOLL_GET | FOLL_WRITE | FOLL_FORCE }).ret).toBe(2);
    expect(call(variant, "PP", { flags: FOLL_GET | FOLL_WRITE }).ret).toBe(2);
  });

  test.each(forms)("%s: a page present for reading is faulted on for a write only", (variant) => {
    const reads = call(variant, "C", { kind: "anon" });
    const writes = call(variant, "C", { kind: "anon", flags: FOLL_GET | FOLL_WRITE });
    expect([reads.ret, reads.at, reads.vma.pte[0]]).toEqual([1, 1, pte_cow]);
    expect([writes.ret, writes.vma.pte[0]]).toEqual([1, pte_present]);
    expect(writes.at).toBeGreaterThan(reads.at);
  });

  test("a prefault insists since v5.4; the merged form gives up at the first drop, and its caller must look", () => {
    for (const variant of ["v4.0", "v4.0+gup=retry:3", "rfc"]) {
      expect(call(variant, "PIPIP", { prefault: true })).toMatchObject({ ret: 1, held: false, locked: 0 });
    }
    for (const variant of ["v5.4", "v6.18"]) {
      expect(call(variant, "PIPIP", { prefault: true })).toMatchObject({ ret: 5, held: false, locked: 0 });
    }
    expect(call("v3.17", "PIPIP", { prefault: true })).toMatchObject({ ret: 5, held: true });
  });

  test("the second look at a page of a file is no hit of its read-ahead", () => {
    // One miss is counted; a hit would take it back.
    for (const variant of ["v4.0", "v5.4", "v6.18"]) {
      const world = faultWorld(variant, { kind: "file", readahead: 8 });
      let ret = 0;
      world.spawn("a", 0, function* (current) {
        ret = yield* get_user_pages_unlocked(current, world.mm, world.vma.vm_start, 1, false, false, []);
      });
      world.run();
      expect([ret, world.vma.ra.mmap_miss]).toEqual([1, 1]);
    }
  });

  test("who may not wait gets 0 pages from v6.18 when the first is away, and has the lock still", () => {
    const { ret, held } = call("v6.18", "I", { kind: "anon", flags: FOLL_GET | FOLL_NOWAIT });
    expect({ ret, held }).toEqual({ ret: 0, held: true });
  });
});

describe("other forms of get_user_pages_locked", () => {
  const dropped = { held: false, locked: 0 };
  const kept = { held: true, locked: 1 };

  test.each([
    // As posted: what comes after the page that said RETRY is asked for at once, and more than one page of it is a BUG.
    ["rfc", "PI", {}, { ret: 2, got: [0, 1], ...dropped }],
    ["rfc", "PPB", {}, { ret: 2, ...kept }],
    ["rfc", "B", {}, { ret: -EFAULT, ...kept }],
    ["rfc", "I", { fails: true }, { ret: -EFAULT, ...dropped }],
    ["rfc:early-drop", "PI", {}, { ret: 2, got: [0, 1], ...dropped }],
    ["rfc:early-drop", "PPB", {}, { ret: 2, ...kept }],
    ["rfc:early-drop", "I", { fails: true }, { ret: -EFAULT, ...dropped }],
    // "Replace top two lines": counts what it got twice, and has no errno.
    ["rfc:add-again", "PI", {}, { ret: 2, got: [0, 1], ...dropped }],
    ["rfc:add-again", "PPB", {}, { ret: 4, got: [0, 1], ...kept }],
    ["rfc:add-again", "B", {}, { ret: 0, ...kept }],
    // "So remove": the errno of the second look is lost.
    ["rfc:no-errno", "PI", {}, { ret: 2, got: [0, 1], ...dropped }],
    ["rfc:no-errno", "B", {}, { ret: -EFAULT, ...kept }],
    ["rfc:no-errno", "I", { fails: true }, { ret: 0, ...dropped }],
    // The renamed parameter with the old test: the caller is not told of the drop.
    ["rfc:rename", "PI", {}, { ret: 2, got: [0, 1], ...kept, lost: 1 }],
    ["rfc:rename", "PP", {}, { ret: 2, ...kept, lost: 0 }],
    ["rfc:one-page", "I", { fails: true }, { ret: -EFAULT, ...dropped }],
    // All comments of the review at once.
    ["reviewed", "PIP", {}, { ret: 3, got: [0, 1, 2], ...dropped }],
    ["reviewed", "PPB", {}, { ret: 4, got: [0, 1], ...kept }],
    ["reviewed", "B", {}, { ret: 0, ...kept }],
    ["reviewed", "I", { fails: true }, { ret: 0, ...dropped }],
    ["reviewed", "PIB", {}, { ret: 2, ...dropped }],
    // One polite pass.
    ["give-up", "PIP", {}, { ret: 1, got: [0], ...dropped }],
    ["give-up", "PP", {}, { ret: 2, ...kept }],
    // Without an MMU all is there.
    ["nommu", "PIP", {}, { ret: 3, got: [0, 1, 2], at: 3, ...kept }],
    ["nommu", "PP", { from: -1 }, { ret: -EFAULT, got: [], ...kept }],
    ["nommu", "PP", { from: 62, count: 4 }, { ret: 2, got: [62, 63], ...kept }],
    ["nommu", "PI", { prefault: true }, { ret: 2, got: [], ...kept }],
    // Errors of the merged forms behind a drop.
    ["v4.0", "PI", { fails: true }, { ret: 1, got: [0], ...dropped }],
    ["v4.0", "I", { fails: true }, { ret: -EFAULT, ...dropped }],
    ["v5.4", "PI", { fails: true }, { ret: 1, got: [0], ...dropped }],
    ["retry:3", "I", { fails: true }, { ret: -EFAULT, ...dropped }],
    ["retry:3", "PI", { fails: true }, { ret: 1, got: [0], ...dropped }],
  ] as const)("%s over %s %o: %o", (form, pages, asked, expected) => {
    expect(call(`v4.0+gup=${form}`, pages, asked)).toMatchObject(expected);
  });

  test.each(["rfc", "rfc:early-drop", "rfc:add-again", "rfc:no-errno", "rfc:rename"])(
    "%s hits its own BUG_ON when there is more than one page behind the one that was waited for",
    (form) => {
      expect(call(`v4.0+gup=${form}`, "IPP").kernel.findings[0]?.text).toContain("ret > 1");
    },
  );
});
