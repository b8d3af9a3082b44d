import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gupsimAt } from "../../test/support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-damaged-documents-"));
const scenario = join(folder, "small.yaml");
const study = join(folder, "study");
const pair = join(folder, "pair");
const baseline = join(folder, "baseline.json");

/** Waits, holds, an IO under the lock, a convoy, and holds and waits that have not ended. */
const small = `schema: gupsim/scenario/v1
name: small
question: Is a damaged document noticed?
kind: terminating
duration: 30ms
devices:
  disk: { kind: swap, latency: 4ms, depth: 1, readahead: 1 page }
mms:
  vmm: { vmas: { ram: { kind: anon, size: 1MiB, resident: 50%, backing: disk } } }
tasks:
  vcpu: { role: kvm_vcpu, count: 2, mm: vmm, touch: ram, think: { exponential: 1ms }, async_pf: false }
  monitor: { role: proc_reader, count: 4, file: maps, target: vmm, every: 2ms }
  allocator: { role: mm_writer, mm: vmm, op: mmap+munmap, size: 128KiB, every: { exponential: 2ms } }
variants: [plain, unlocked]
budgets:
  - { metric: "mmap_sem.hold_io{mode=R}", assert: count == 0 }
  - { metric: "mmap_sem.wait{mode=R,role=proc_reader}", assert: p99 <= 1ms }
`;

beforeAll(async () => {
  writeFileSync(scenario, small);
  const seeds = ["--seeds", "10", "--warmup", "0"];
  await gupsimAt(80, ["run", scenario, "--seeds", "2", "--warmup", "0", "--out", study]);
  await gupsimAt(80, ["compare", scenario, "--seeds", "2", "--warmup", "0", "--out", pair]);
  await gupsimAt(80, ["check", scenario, ...seeds, "--variants", "plain", "--out", study, "--save-baseline", baseline]);
});
afterAll(() => rmSync(folder, { recursive: true }));

type Spot = readonly (string | number)[];

/** Every place of a document, but one of many alike. */
function spots(value: unknown, at: Spot = []): Spot[] {
  if (typeof value !== "object" || value === null) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, one]) => spots(one, [...at, Array.isArray(value) ? Number(key) : key])),
  ];
}

const strangers = [null, true, -1, 0, 0.5, 1e300, "", "x", "mmap_sem.wait{mode=", [], {}, [null], { unit: "ns" }];

/** A document with a value gone, or another in its place, cut off, or with a bit flipped. */
const damage = fc.record({
  how: fc.constantFrom("gone", "other", "other", "cut", "flipped"),
  at: fc.noBias(fc.nat(999_999)).map((n) => n / 1_000_000),
  other: fc.constantFrom(...strangers),
  bit: fc.nat(6),
});

function damaged(
  text: string,
  { how, at, other, bit }: { how: string; at: number; other: unknown; bit: number },
): string {
  const offset = Math.floor(at * text.length);
  if (how === "cut") return text.slice(0, offset);
  if (how === "flipped") {
    const turned = String.fromCharCode(text.charCodeAt(offset) ^ (1 << bit));
    return text.slice(0, offset) + turned + text.slice(offset + 1);
  }
  const root = { document: JSON.parse(text) as unknown };
  const places = spots(root).slice(2);
  const path = places[Math.floor(at * places.length)] as Spot;
  const above = path.slice(0, -1).reduce((value: unknown, key) => (value as Record<string, unknown>)[key], root);
  const key = path.at(-1) as string;
  if (how === "other") (above as Record<string, unknown>)[key] = other;
  else if (Array.isArray(above)) above.splice(Number(key), 1);
  else delete (above as Record<string, unknown>)[key];
  return JSON.stringify(root.document, null, 1);
}

/** What is on a page beside its program. */
const shown = (out: string): string => out.replace(/<(script|style)[\s\S]*?<\/\1>/g, "");

async function isRefusedOrShown(args: readonly string[], codes: readonly number[]): Promise<void> {
  const { code, out, err } = await gupsimAt(80, args);
  expect([2, ...codes], `${args.join(" ")}\n${err}`).toContain(code);
  expect(shown(out) + err).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  if (code === 2) expect(err).toMatch(/^gupsim: \S/);
}

const reports = [
  ["--format", "text"],
  ["--format", "text", "--full"],
  ["--format", "md"],
  ["--format", "csv"],
  ["--format", "ndjson"],
  ["--to", "json", "--out", "-"],
  ["--to", "html", "--out", "-"],
];

describe("a damaged document is refused with its place, or shown without a number that is none", () => {
  const victims: readonly [string, () => string, (nr: number) => string[], readonly number[], number][] = [
    [
      "a result, in a report",
      () => join(study, "result.json"),
      (nr) => ["report", study, ...(reports[nr % 7] ?? [])],
      [0],
      350,
    ],
    [
      "a result, in a check",
      () => join(study, "result.json"),
      () => ["check", join(study, "result.json")],
      [0, 1, 3, 4],
      100,
    ],
    [
      "a result, in a comparison",
      () => join(pair, "unlocked.result.json"),
      (nr) => [
        "compare",
        join(pair, "plain.result.json"),
        join(pair, "unlocked.result.json"),
        ...(reports[nr % 5] ?? []),
      ],
      [0],
      150,
    ],
    ["a comparison", () => join(pair, "result.json"), (nr) => ["report", pair, ...(reports[nr % 7] ?? [])], [0], 50],
    [
      "a window of events",
      () => join(study, "window.json"),
      () => ["report", study, "--to", "html", "--out", "-"],
      [0],
      150,
    ],
    [
      "the events of a window",
      () => join(study, "window.json"),
      (nr) => ["report", study, "--to", ["chrome", "ftrace"][nr % 2] as string, "--out", "-"],
      [0],
      50,
    ],
    ["a check", () => join(study, "check.json"), (nr) => ["report", study, ...(reports[nr % 7] ?? [])], [0], 50],
    [
      "a baseline",
      () => baseline,
      () => ["check", join(study, "result.json"), "--baseline", baseline],
      [0, 1, 3, 4],
      100,
    ],
  ];

  test.each(victims)(
    "%s",
    async (_what, victim, args, codes, numRuns) => {
      const file = victim();
      const whole = readFileSync(file, "utf8");
      let nr = 0;
      try {
        await fc.assert(
          fc.asyncProperty(damage, async (one) => {
            writeFileSync(file, damaged(whole, one));
            await isRefusedOrShown(args(nr++), codes);
          }),
          { seed: 1, numRuns, endOnFailure: true },
        );
      } finally {
        writeFileSync(file, whole);
      }
      const { code, err } = await gupsimAt(80, args(0));
      expect(codes, err).toContain(code);
    },
    300_000,
  );
});
