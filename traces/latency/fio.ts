import { z } from "zod";
import type { Law } from "../../sim/engine/law.ts";
import { type FioBin, type FioDirection, fioBins, fioDirection, whyNoBins } from "./fio-bins.ts";
import { fioDocuments } from "./fio-documents.ts";
import { LatencyFileError } from "./latency-file-error.ts";

/** Which IOs of a job are asked for. */
export type FioIo = "read" | "write";

const job = z.looseObject({
  jobname: z.string().default("?"),
  read: fioDirection.optional(),
  write: fioDirection.optional(),
  trim: fioDirection.optional(),
  mixed: fioDirection.optional(),
});
type FioJob = z.output<typeof job>;
const document = z.looseObject({ jobs: z.array(job).optional(), client_stats: z.array(job).optional() });

/** What `fio --client` calls the sum of all clients. */
const sumOfClients = "All clients";

/**
 * The latency in the `json+` output of fio 2 and 3, as a law: completion latency where there is one, else the whole latency.
 * Several jobs of one name (numjobs, clients) are taken together. Of the documents that status-interval leaves, the last has
 * everything.
 *
 * @param source name of the file, kept in the law, with what was taken where that is not the completion latency of one job's reads.
 * @param chosen name of the job, or `NAME#2` for the second of that name; may be left out where all have one name.
 * @param io which IOs to take.
 * @throws LatencyFileError when the text is not fio's, when it has no such job or several to choose from, or no bins: why.
 */
export function parseFio(text: string, source: string, chosen?: string, io: FioIo = "read"): Law {
  const jobs = chosenJobs(lastJobs(text), chosen);
  const parts = jobs.map((one) => partOf(one, io)).filter((part) => part !== null);
  if (parts.length === 0) throw new LatencyFileError(whyNone(jobs, io));
  const [kind, ...others] = new Set(parts.map(({ of }) => of));
  if (kind === undefined || others.length > 0) {
    throw new LatencyFileError(
      `has ${[kind, ...others].join(" and ")} among jobs of one name: choose one, such as job: NAME#1`,
    );
  }
  const bins = together(parts.flatMap((part) => part.bins));
  const names = [...new Set(jobs.map(({ jobname }) => jobname))].join(" and ");
  const taken = [kind, ...(parts.length > 1 ? [`${parts.length} jobs ${names} together`] : [])].filter(
    (word) => word !== "",
  );
  return {
    kind: "empirical",
    source: taken.length === 0 ? source : `${source} (${taken.join(", ")})`,
    lo_ns: bins.map(({ lo_ns }) => lo_ns),
    hi_ns: bins.map(({ hi_ns }) => hi_ns),
    counts: bins.map(({ count }) => count),
  };
}

/** The jobs of the only document, or of the last of several that are states of one run. */
function lastJobs(text: string): readonly FioJob[] {
  const states = fioDocuments(text).map(jobsOf);
  for (const [i, state] of states.entries()) {
    const before = states[i - 1] ?? state;
    const grew = state.length === before.length && state.every((one, k) => isLater(one, before[k] as FioJob));
    if (!grew) {
      throw new LatencyFileError(
        `has ${states.length} documents that are no states of one run (status-interval): keep one of them`,
      );
    }
  }
  return states.at(-1) as readonly FioJob[];
}

function isLater(job: FioJob, before: FioJob): boolean {
  const ios = ({ read, write, mixed }: FioJob): number =>
    (read?.total_ios ?? 0) + (write?.total_ios ?? 0) + (mixed?.total_ios ?? 0);
  return job.jobname === before.jobname && ios(job) >= ios(before);
}

function jobsOf(found: object): readonly FioJob[] {
  const read = document.safeParse(found);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new LatencyFileError(`is not as fio writes it: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const jobs = read.data.jobs ?? read.data.client_stats ?? [];
  if (jobs.length === 0) throw new LatencyFileError("has no jobs: its list of them is empty");
  return jobs;
}

function chosenJobs(jobs: readonly FioJob[], chosen: string | undefined): readonly FioJob[] {
  const names = [...new Set(jobs.map(({ jobname }) => jobname))];
  if (chosen === undefined) {
    const own = names.filter((name) => name !== sumOfClients);
    if (own.length > 1)
      throw new LatencyFileError(
        `has several jobs, and each may be another disk: choose one, job: ${own.join(" or job: ")}`,
      );
    const [name = sumOfClients] = own;
    return jobs.filter(({ jobname }) => jobname === name);
  }
  // Of the sum fio keeps no bins: it is put together.
  if (chosen === sumOfClients && names.includes(chosen)) return jobs.filter(({ jobname }) => jobname !== chosen);
  const same = jobs.filter(({ jobname }) => jobname === chosen);
  if (same.length > 0) return same;
  const [, name, number] = /^(.*)#(\d+)$/.exec(chosen) ?? [];
  const one = jobs.filter(({ jobname }) => jobname === name)[Number(number) - 1];
  if (one !== undefined) return [one];
  throw new LatencyFileError(`has no job "${chosen}": one of ${names.join(", ")}`);
}

/** The bins of a job, and what they are of where that is not the completion of what was asked for; null when it has none. */
function partOf(job: FioJob, io: FioIo): { of: string; bins: readonly FioBin[] } | null {
  const own = job[io] === undefined ? null : fioBins(job[io]);
  const found = own ?? (job.mixed === undefined || total(job[io]) > 0 ? null : fioBins(job.mixed));
  if (found === null) return null;
  const words = [
    ...(own === null ? ["reads and writes together"] : io === "read" ? [] : ["writes"]),
    ...(found.of.startsWith("lat") ? [found.of] : []),
  ];
  return { of: words.join(", "), bins: found.bins };
}

function total(direction: FioDirection | undefined): number {
  return direction?.total_ios ?? 0;
}

function whyNone(jobs: readonly FioJob[], io: FioIo): string {
  const sum = (of: "read" | "write" | "trim" | "mixed"): number => jobs.reduce((n, job) => n + total(job[of]), 0);
  const [asked, other] = io === "read" ? (["read", "write"] as const) : (["write", "read"] as const);
  if (sum(asked) === 0 && sum("mixed") === 0) {
    if (sum(other) > 0) return `has no ${asked}s, only ${sum(other)} ${other}s: io: ${other} takes those`;
    return sum("trim") > 0 ? `has no ${asked}s, only trims` : "has no IO at all";
  }
  const holder = jobs.flatMap((job) => [job[asked], job.mixed]).find((direction) => total(direction) > 0);
  return holder === undefined ? "has no bins" : whyNoBins(holder);
}

/** Bins in ascending order, each once. */
function together(bins: readonly FioBin[]): FioBin[] {
  const byPlace = new Map<number, FioBin>();
  for (const bin of bins) {
    const count = bin.count + (byPlace.get(bin.lo_ns)?.count ?? 0);
    byPlace.set(bin.lo_ns, { ...bin, count });
  }
  return [...byPlace.values()].sort((a, b) => a.lo_ns - b.lo_ns);
}
