import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Law } from "../../sim/engine/law.ts";
import { meanOf, samplerOf } from "../../sim/engine/sampler.ts";
import { type FioIo, parseFio } from "./fio.ts";

type Empirical = Law & { kind: "empirical" };

const sample = (name: string): string => readFileSync(new URL(`../samples/${name}`, import.meta.url), "utf8");
const lawOf = (text: string, job?: string, io?: FioIo): Empirical => {
  const law = parseFio(text, "disk.json", job, io);
  if (law.kind !== "empirical") throw new Error("not a histogram");
  return law;
};
const of = (name: string, job?: string, io?: FioIo): Empirical => lawOf(sample(name), job, io);
const count = (law: Empirical): number => law.counts.reduce((sum, n) => sum + n, 0);

/** What fio says itself of the mean, ns, by the path of its document. */
const told = (name: string, read: (document: never) => number): number => read(JSON.parse(sample(name)) as never);

describe("fio's json+ output", () => {
  test("is found between the lines of its other formats, notes and braces", () => {
    for (const name of ["fio/json-and-normal.txt", "fio/normal-and-json.txt"]) {
      expect([name, count(of(name)), of(name).source]).toEqual([name, 24, "disk.json"]);
    }
    const document = sample("fio/two-jobs.json");
    expect(count(lawOf(`{ a note with a brace\n{another}\n${document}`, "rand"))).toBe(12);
    expect(meanOf(of("fio/json-and-normal.txt"))).toBeCloseTo(489_649.625, -4);
  });

  test("as reported: the law of the document, 9 bins, 13,946 reads, mean 106.48 us, whatever stands around it and is called what", () => {
    for (const name of ["json-and-normal", "client", "lat-bins"]) {
      const law = of(`reported/K3-${name}.txt`);
      expect([name, law.counts.length, count(law), Math.round(meanOf(law))]).toEqual([name, 9, 13_946, 106_482]);
      expect([name, Math.round(samplerOf(law).sample(0.5) / 100)]).toEqual([name, 1066]);
    }
  });

  test("of a run that told its state now and then is its last state, which has all reads of the others", () => {
    expect(count(of("fio/status-interval.txt"))).toBe(24);
    const two = `${sample("fio/two-jobs.json")}\n${sample("fio/unified.json")}`;
    expect(() => lawOf(two, "rand")).toThrow("has 2 documents that are no states of one run (status-interval)");
    const backwards = `${sample("fio/unified.json")}\n${sample("fio/unified.json").replaceAll('"total_ios": 24', '"total_ios": 23')}`;
    expect(() => lawOf(backwards)).toThrow("no states of one run");
  });

  test("has the whole latency where the completion alone was not kept, and says so", () => {
    const law = of("fio/lat-percentiles.json");
    expect([law.source, count(law)]).toEqual(["disk.json (lat_ns)", 24]);
    const mean = told(
      "fio/lat-percentiles.json",
      (d: { jobs: [{ read: { lat_ns: { mean: number } } }] }) => d.jobs[0].read.lat_ns.mean,
    );
    expect(meanOf(law) / mean).toBeCloseTo(1, 2);
  });

  test("with unified reporting has reads and writes together, and says so; with both, the reads alone", () => {
    expect([of("fio/unified.json").source, count(of("fio/unified.json"))]).toEqual([
      "disk.json (reads and writes together)",
      24,
    ]);
    const both = of("fio/unified-both.json");
    const reads = told(
      "fio/unified-both.json",
      (d: { jobs: [{ read: { total_ios: number } }] }) => d.jobs[0].read.total_ios,
    );
    expect([both.source, count(both)]).toEqual(["disk.json", reads]);
  });

  test("of several jobs of one name is all of them, of several names the one that is asked for", () => {
    const three = of("fio/numjobs-3.json");
    expect([three.source, count(three)]).toEqual(["disk.json (3 jobs qd1 together)", 72]);
    expect([...three.lo_ns]).toEqual([...new Set(three.lo_ns)].sort((a, b) => a - b));
    const each = [1, 2, 3].map((n) => of("fio/numjobs-3.json", `qd1#${n}`));
    expect(each.map(count)).toEqual([24, 24, 24]);
    const means = each.map((law) => meanOf(law));
    expect(meanOf(three)).toBeCloseTo(means.reduce((sum, mean) => sum + mean, 0) / 3, 3);
    expect(new Set(means).size).toBe(3);
    expect(() => of("fio/two-jobs.json")).toThrow(
      "has several jobs, and each may be another disk: choose one, job: rand or job: seq",
    );
    expect(of("fio/two-jobs.json", "seq")).not.toEqual(of("fio/two-jobs.json", "rand"));
    expect(() => of("fio/two-jobs.json", "qd1")).toThrow('has no job "qd1": one of rand, seq');
    expect(() => of("fio/numjobs-3.json", "qd1#4")).toThrow('has no job "qd1#4"');
  });

  test("of several clients is all of them once: their sum is not counted beside them", () => {
    const both = of("fio/two-clients.json");
    expect([both.source, count(both)]).toEqual(["disk.json (2 jobs qd1 together)", 48]);
    expect(of("fio/two-clients.json", "All clients").counts).toEqual(both.counts);
  });

  test("of writes alone is refused as that, and read when writes are asked for", () => {
    expect(() => of("fio/writes.json")).toThrow("has no reads, only 24 writes: io: write takes those");
    expect([of("fio/writes.json", "qd1", "write").source, count(of("fio/writes.json", undefined, "write"))]).toEqual([
      "disk.json (writes)",
      24,
    ]);
    expect(() => of("fio/lat-percentiles.json", "qd1", "write")).toThrow(
      "has no writes, only 24 reads: io: read takes those",
    );
  });

  test("of fio 2 is in microseconds, its bins named by their number or by their middle", () => {
    // Number 128 is the first of two values, 128 and 129; number 1000 is in group 15: 64 values of 2^14 us each.
    const numbered = { 0: 0, 100: 3, 128: 1, FIO_IO_U_PLAT_BITS: 6, FIO_IO_U_PLAT_VAL: 64, FIO_IO_U_PLAT_NR: 1216 };
    const two = (bins: object): string =>
      JSON.stringify({ "fio version": "fio-2.16", jobs: [{ jobname: "a", read: { total_ios: 4, clat: { bins } } }] });
    const law = lawOf(two(numbered));
    expect([law.lo_ns, law.hi_ns, law.counts]).toEqual([
      [100_000, 128_000],
      [100_000, 130_000],
      [3, 1],
    ]);
    const named = lawOf(two({ 100: 3, 129: 1 }));
    expect([named.lo_ns, named.hi_ns]).toEqual([law.lo_ns, law.hi_ns]);
  });

  test("without bins is refused for the reason that it has: another format, or percentiles switched off", () => {
    expect(() => of("fio/plain.json")).toThrow("has percentiles but no bins: run fio with --output-format=json+");
    for (const name of ["fio/no-percentiles.json", "fio/no-clat.json"]) {
      expect(() => of(name), name).toThrow(
        "has no bins: clat_percentiles=0 or disable_clat=1 of the job switched them off",
      );
    }
    expect(() => of("fio/terse.txt")).toThrow("is fio's terse output: run fio with --output-format=json+");
  });

  test("that is damaged is refused with the line", () => {
    const text = sample("fio/normal-and-json.txt");
    const begin = text.slice(0, text.indexOf("\n{") + 1).split("\n").length;
    expect(() => lawOf(text.slice(0, text.indexOf('"bins"')))).toThrow(
      `is cut off: the document that begins in line ${begin} has no end`,
    );
    expect(() => lawOf(text.replace('"total_ios":', '"total_ios"'))).toThrow(
      `is not JSON where it looks like it, from line ${begin}`,
    );
    expect(() => lawOf('{ "a": 1 }')).toThrow("has no jobs: it is JSON, but not fio's");
    expect(() => lawOf("lat (usec): min=70")).toThrow("is not JSON");
    expect(() => lawOf('{ "jobs": 5 }')).toThrow("is not as fio writes it: jobs:");
    expect(() => lawOf('{ "jobs": [] }')).toThrow("has no jobs: its list of them is empty");
    const bins = (bin: string): string =>
      `{ "jobs": [{ "jobname": "a", "read": { "clat_ns": { "bins": { ${bin} } } } }] }`;
    expect(() => lawOf(bins('"-5": 3'))).toThrow('has a bin that is none: "-5": 3');
    expect(() => lawOf(bins('"500": 0.5'))).toThrow('has a bin that is none: "500": 0.5');
    expect(() => lawOf(bins('"500": -1'))).toThrow("is not as fio writes it: jobs.0.read.clat_ns.bins.500");
  });
});
