import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gupsimAt } from "../../test/support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-documents-"));
const file = join(folder, "result.json");
let whole = "";
beforeAll(async () => {
  await gupsimAt(80, ["run", "proc-readers", "--seeds", "1", "--set", "duration=5ms", "--out", folder]);
  whole = readFileSync(file, "utf8");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function refusal(text: string): Promise<string> {
  writeFileSync(file, text);
  const { code, out, err } = await gupsimAt(80, ["report", file]);
  expect([code, out]).toEqual([2, ""]);
  return err.replaceAll(folder, "DIR");
}

const changed = (change: (document: Record<string, never>) => void): string => {
  const document = JSON.parse(whole) as Record<string, never>;
  change(document);
  return JSON.stringify(document, null, 1);
};

describe("a saved document that is damaged says where, what and why", () => {
  test("cut off: the place from where on it is none", async () => {
    expect(await refusal(whole.slice(0, 30))).toBe("gupsim: DIR/result.json:2:12: is not JSON from here on\n");
  });

  test("a value of another type, and one that is missing: place, path and rule, all in one pass", async () => {
    const err = await refusal(
      changed((document) => {
        Object.assign(document, { complete: "yes", seeds: undefined });
      }),
    );
    expect(err.split("\n")).toEqual([
      'gupsim: DIR/result.json:3:14: complete: expected true or false, got "yes"',
      "DIR/result.json:1:1: seeds: is required and missing: expected a list",
      "",
    ]);
  });

  test("of another version: that it is", async () => {
    const err = await refusal(whole.replace("gupsim/result/v1", "gupsim/result/v2"));
    expect(err).toBe(
      'gupsim: DIR/result.json: expected schema gupsim/result/v1, got "gupsim/result/v2": it is of another version\n',
    );
  });

  test("whose scenario was changed after the run: that its hash is of another", async () => {
    const err = await refusal(whole.replace(/"duration_ns": \d+/, '"duration_ns": 7'));
    expect(err).toMatch(/^gupsim: DIR\/result\.json:\d+:14: scenario: is not the one that scenario_hash is of/);
  });

  test("whose distribution has other samples than it says", async () => {
    const err = await refusal(
      whole.replace(/("mmap_sem\.hold\{mode=R\}": \{\s*"unit": "ns",\s*"count": )(\d+)/, "$199999"),
    );
    expect(err).toMatch(/: metrics\.mmap_sem\.hold\{mode=R\}\.hdr: has \d+ samples, where 9999\d are told of\n$/);
  });

  test("fields that nobody knows do not matter", async () => {
    writeFileSync(
      file,
      changed((document) => void Object.assign(document, { later: { than: "this" } })),
    );
    expect((await gupsimAt(80, ["report", file])).code).toBe(0);
  });
});

describe("a hostile document costs no more than its size", () => {
  test("nested without end", async () => {
    expect(await refusal("[".repeat(1_000_000))).toContain("is nested more than 200 deep");
    expect(await refusal('{"a":'.repeat(100_000))).toContain("is nested more than 200 deep");
  });

  test("a histogram that unpacks to gigabytes", async () => {
    const bomb = Buffer.concat([Buffer.alloc(8), deflateSync(Buffer.alloc(64 * 1024 * 1024))]).toString("base64");
    expect(await refusal(whole.replace(/"hdr": "[^"]+"/, `"hdr": "${bomb}"`))).toContain(
      ".hdr: is no histogram in HdrHistogram's base64\n",
    );
  });

  test("a key that changes what all objects have", async () => {
    expect(await refusal('{"schema": "gupsim/result/v1", "__proto__": {}}')).toContain("has a key __proto__");
  });
});
