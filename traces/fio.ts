import type { Law } from "../sim/engine/law.ts";
import { LatencyFileError } from "./latency-file-error.ts";

interface FioJob {
  readonly jobname?: string;
  readonly read?: { readonly clat_ns?: { readonly bins?: Readonly<Record<string, number>> } };
}

/**
 * The completion latency of the reads in fio's `json+` output, as a law.
 *
 * @param source name of the file, kept in the law.
 * @param job name of the job to take; the first one by default.
 * @throws LatencyFileError when the text is not fio's, has no such job, or has no bins.
 */
export function parseFio(text: string, source: string, job?: string): Law {
  const jobs = jobsOf(text);
  const chosen = job === undefined ? jobs[0] : jobs.find(({ jobname }) => jobname === job);
  if (chosen === undefined) {
    const names = jobs.map(({ jobname }) => jobname ?? "?").join(", ");
    throw new LatencyFileError(`has no job "${job}": one of ${names}`);
  }
  const bins = chosen.read?.clat_ns?.bins;
  if (bins === undefined || Object.keys(bins).length === 0) {
    throw new LatencyFileError("has no clat_ns bins of reads: run fio with --output-format=json+");
  }
  const rows = Object.entries(bins)
    .map(([value, count]) => ({ value: Number(value), count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.value - b.value);
  return {
    kind: "empirical",
    source,
    lo_ns: rows.map(({ value }) => value - binWidth(value) / 2),
    hi_ns: rows.map(({ value }) => value + binWidth(value) / 2),
    counts: rows.map(({ count }) => count),
  };
}

function jobsOf(text: string): readonly FioJob[] {
  let parsed: unknown;
  try {
    // fio may print warnings before the document.
    parsed = JSON.parse(text.slice(Math.max(0, text.indexOf("{"))));
  } catch {
    throw new LatencyFileError("is not JSON");
  }
  const jobs = (parsed as { jobs?: unknown }).jobs;
  if (!Array.isArray(jobs) || jobs.length === 0)
    throw new LatencyFileError("has no jobs: it is not fio's json+ output");
  return jobs as FioJob[];
}

/** fio keeps 64 bins an octave, named by their middle; below 128 ns a bin is one value. */
function binWidth(middle: number): number {
  return middle < 128 ? 0 : 2 ** (Math.floor(Math.log2(middle)) - 6);
}
