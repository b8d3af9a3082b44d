import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { CheckDocument } from "../../reports/documents/check.ts";
import type { DurationMetric, ResultDocument } from "../../reports/documents/result.ts";
import { gupsimAt, type Said } from "../support/gupsim.ts";

/** Scenarios of test/reported about which something false was said once: their first lines tell what is right. */
const folder = mkdtempSync(join(tmpdir(), "gupsim-reported-"));
afterAll(() => rmSync(folder, { recursive: true }));

const reported = (name: string): string => fileURLToPath(new URL(`../reported/${name}.yaml`, import.meta.url));

async function ran(name: string, ...more: string[]): Promise<Said & { result: ResultDocument }> {
  const out = join(folder, name);
  const said = await gupsimAt(80, ["run", reported(name), "--seeds", "1", "--out", out, ...more]);
  return { ...said, result: JSON.parse(readFileSync(join(out, "result.json"), "utf8")) };
}

async function checked(name: string, ...more: string[]): Promise<Said & { rows: CheckDocument["rows"] }> {
  const said = await gupsimAt(80, [
    "check",
    reported(name),
    "--out",
    join(folder, `${name}.check`),
    ...more,
    "--format",
    "json",
  ]);
  return { ...said, rows: (JSON.parse(said.out) as CheckDocument).rows };
}

const metric = ({ metrics }: ResultDocument, key: string): DurationMetric => metrics[key] as DurationMetric;
const oneLine = (text: string): string => text.replace(/\s+/g, " ");

describe("K1: a hold over an IO of five seconds, and who queues behind it, at the end of a run of one second", () => {
  test("fails the budgets of what it exceeds, and passes none", async () => {
    const { code, rows } = await checked("K1-hold-io-open", "--seeds", "10");
    expect(rows.map(({ assert, status }) => `${assert}: ${status}`)).toEqual([
      "p99 <= 1ms: inconclusive",
      "count == 0: fail",
      "share(> 16.7ms) <= 0.1%: fail",
      "max <= 100ms: fail",
    ]);
    expect(code).toBe(1);
  });

  test("is in the text, on one screen and in full", async () => {
    for (const full of [[], ["--full"]]) {
      const { out, result } = await ran("K1-hold-io-open", ...full);
      expect(out).not.toContain("nothing holds the lock across IO");
      expect(out).not.toContain("no reader waited");
      expect(oneLine(out)).toMatch(/wait-R.*≥ 99\d ms|readers still waited/);
      expect(metric(result, "mmap_sem.hold_io{mode=R}").count).toBeGreaterThan(0);
    }
  });
});

describe("K2: a walk of page tables over 60 GiB costs by what is mapped", () => {
  test.each([
    [
      "huge pages: 2.8 ms a walk, in proportion to 0.19 ms of 4 GiB, and twice where the record is made again",
      "K2-smaps-thp",
      2.7,
      6,
    ],
    ["1 % of 4 KiB pages at random: 42 ms, in proportion to 2.8 ms of 4 GiB", "K2-smaps-sparse", 5, 45],
  ])("%s", async (_what, name, least, most) => {
    const { result } = await ran(name, "--warmup", "0");
    const ms = (metric(result, "mmap_sem.hold{mode=R,role=proc_reader}").max as number) / 1e6;
    expect(ms).toBeGreaterThan(least);
    expect(ms).toBeLessThan(most);
  });
});

describe("K6: what fails or leaks is in every report", () => {
  test("a vcpu whose look-ups of missing pages fail with -EFAULT: the screen begins with it, the reports have it", async () => {
    const { out } = await ran("K6-user-mode-only", "--set", "duration=100ms", "--set", "tasks.vcpu.async_pf=false");
    expect(oneLine(out)).toMatch(/^v5\.4: operations failed: kvm_vcpu touch \d+ of \d+ /);
    for (const more of [["--full"], ["--format", "md"]]) {
      const report = await gupsimAt(80, ["report", join(folder, "K6-user-mode-only"), ...more]);
      expect(oneLine(report.out)).toMatch(/operations failed: kvm_vcpu touch \d+ of \d+/);
    }
  });

  test("a vcpu that asks for the page again and again, for it has asynchronous page faults: none of its touches ends", async () => {
    const { out } = await ran("K6-user-mode-only", "--set", "duration=100ms");
    expect(oneLine(out)).toMatch(/^v5\.4: no operation ended of kvm_vcpu touch /);
  });

  test("the leak of FOLL_NOWAIT with a locked pointer, as in v4.16-rc: ending leaked-lock and exit code 4, without any writer", async () => {
    const { code, out, result } = await ran("leak-without-writer");
    expect([code, result.ending]).toEqual([4, "leaked-lock"]);
    expect(oneLine(out)).toMatch(/^v4\.0\+kvm=v5\.2 ended by leaked-lock: .*hva_to_pfn_slow took at/);
    const { out: md } = await gupsimAt(80, ["report", join(folder, "leak-without-writer"), "--format", "md"]);
    expect(md.split("\n")[2]).toBe("**ended by leaked-lock**");
    expect(oneLine((await gupsimAt(80, ["explain", "leaked-lock"])).out)).toContain("exit code 4");
    expect(oneLine((await gupsimAt(80, ["explain", "kvm=v5.2"])).out)).toContain("leaked-lock");
  });

  test("and v5.4, whose get_user_pages knows that NOWAIT holds the lock, gives it back", async () => {
    const { code, result } = await ran("leak-without-writer", "--variants", "v5.4");
    expect([code, result.ending]).toEqual([0, "duration"]);
  });
});

test("K7: MADV_DONTDUMP leads to the advice that stands for it, a writer, and not to a reader", async () => {
  const { code, err } = await gupsimAt(80, [
    "run",
    reported("K7-dontdump"),
    "--set",
    "tasks.gc-flag.call=madv_dontdump",
  ]);
  expect(code).toBe(2);
  expect(err).toContain(
    'unknown value "madv_dontdump" (it changes the mapping, as a writer: "madv_hugepage" stands for it)',
  );
  expect(err).not.toContain("did you mean");
});

test("K8: reclaim under the lock is in hold_io of no result, no budget and no text", async () => {
  const short = ["--set", "duration=1s", "--variants", "v5.4"];
  const { code, rows } = await checked("K8-reclaim-is-io", "--seeds", "10", ...short);
  expect([code, rows.map(({ interval }) => interval?.point)]).toEqual([0, [0, 0]]);
  const { out, result } = await ran("K8-reclaim-is-io", "--full", ...short);
  expect(metric(result, "mmap_sem.hold_io{mode=R}").count).toBe(0);
  expect(out).toContain("nothing holds the lock across IO");
});

test("K9: munmap of 512 pages out of 4 GiB zaps 512 pages: 0.12 ms as a reader after a short hold for write", async () => {
  const { result } = await ran("K9-part-of-a-mapping");
  const [read, write] = [metric(result, "mmap_sem.hold{mode=R}"), metric(result, "mmap_sem.hold{mode=W}")];
  expect([read.count, write.count]).toEqual([10, 10]);
  expect((read.max as number) / 512).toBeGreaterThan(200);
  expect((read.max as number) / 512).toBeLessThan(280);
  expect(write.max).toBeLessThan(5_000);
});
