import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { fromJson, type Replication, type ReplicationJson, toJson } from "../../sim/study/replication.ts";
import { EnvironmentError } from "../cli/exit-codes.ts";
import type { OutputFolder } from "../files/files.ts";
import type { Streams } from "../cli/streams.ts";
import { type VersionStamp, versionStamp } from "../cli/version-stamp.ts";

/** What a study is about: enough to report on it while it goes on. */
export interface StudyHead {
  readonly scenario: Scenario;
  readonly budgets: readonly Budget[];
  /** As they were asked for. */
  readonly variants: readonly string[];
  readonly seeds: readonly string[];
  /** Measured from here on. */
  readonly from_ns: number;
  /** The command that gives it again. */
  readonly reproduce: string;
}

interface HeadLine extends StudyHead {
  readonly type: "study";
  readonly version: VersionStamp;
}

interface ReplicationLine {
  readonly type: "replication";
  /** Of the scenario, the variant, the seed and the version: what a replication depends on. */
  readonly key: string;
  readonly replication: ReplicationJson;
}

type Line = HeadLine | ReplicationLine;

/** The journal's name in the folder of the results. */
export const journalName = "replications.ndjson";

/**
 * The finished replications of a study that is not finished, a line each after one that says what it is about, so that an interruption
 * loses none: `replications.ndjson` in the folder of the results. It is removed when the study is done. A torn last line is skipped.
 */
export class Journal {
  private readonly path: string;
  private readonly head: string;
  private readonly keyOf: (variant: string, seed: string) => string;
  private readonly known = new Map<string, Replication>();
  private hasHead = false;
  /** The last line was not written whole: a new one must not be torn with it. */
  private isTorn: boolean;
  /** Lines that belong to something else: another scenario, version, or nothing that can be read. */
  readonly strangers: number = 0;

  constructor(folder: string, study: StudyHead) {
    this.path = join(folder, journalName);
    const head: HeadLine = { type: "study", version: versionStamp(), ...study };
    this.head = JSON.stringify(head);
    this.keyOf = keysOf(head);
    this.isTorn = existsSync(this.path) && !readFileSync(this.path, "utf8").endsWith("\n");
    for (const { text, line } of linesOf(this.path)) {
      if (line?.type === "study") {
        this.hasHead = text === this.head;
        continue;
      }
      if (line === null) {
        this.strangers++;
        continue;
      }
      const { variant, seed } = line.replication;
      if (line.key === this.keyOf(variant, seed)) this.known.set(line.key, fromJson(line.replication));
      else this.strangers++;
    }
  }

  /** The replication as it was finished before, null when it was not. */
  find(variant: string, seed: string): Replication | null {
    return this.known.get(this.keyOf(variant, seed)) ?? null;
  }

  /** Keeps a replication. @throws EnvironmentError when it cannot be written. */
  add(replication: Replication): void {
    const { variant, seed } = replication;
    const line: Line = { type: "replication", key: this.keyOf(variant, seed), replication: toJson(replication) };
    const before = `${this.isTorn ? "\n" : ""}${this.hasHead ? "" : `${this.head}\n`}`;
    this.hasHead = true;
    this.isTorn = false;
    try {
      appendFileSync(this.path, `${before}${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw new EnvironmentError(
        `cannot write ${this.path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  }

  /** The study is done. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** The journal of a study in the folder of its results; says how much of what is there must be done again. Null without a folder. */
export function openJournal(folder: OutputFolder | null, study: StudyHead, streams: Streams): Journal | null {
  if (folder === null) return null;
  const journal = new Journal(folder.path, study);
  if (journal.strangers > 0) {
    const what = journal.strangers === 1 ? "1 replication: it is" : `${journal.strangers} replications: they are`;
    streams.err(`redoing ${what} of another scenario, version or warm-up, or not whole\n`);
  }
  return journal;
}

/** A study that goes on or was interrupted: what it is about, and the replications that are done, in the order of its seeds, by variant. */
export interface OngoingStudy extends StudyHead {
  readonly version: VersionStamp;
  readonly done: readonly (readonly Replication[])[];
}

/** The study whose journal is in a folder; null when there is none. */
export function ongoingStudy(folder: string): OngoingStudy | null {
  const lines = linesOf(join(folder, journalName)).flatMap(({ line }) => (line === null ? [] : [line]));
  const head = lines.findLast((line) => line.type === "study");
  if (head === undefined) return null;
  const keyOf = keysOf(head);
  const found = new Map(lines.flatMap((line) => (line.type === "replication" ? [[line.key, line.replication]] : [])));
  const done = head.variants.map((variant) =>
    head.seeds.flatMap((seed) => {
      const replication = found.get(keyOf(variant, seed));
      return replication === undefined ? [] : [fromJson(replication)];
    }),
  );
  const { type: _, ...study } = head;
  return { ...study, done };
}

function linesOf(path: string): { readonly text: string; readonly line: Line | null }[] {
  if (!existsSync(path)) return [];
  const texts = readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text !== "");
  return texts.map((text) => ({ text, line: read(text) }));
}

function keysOf({ scenario, version, from_ns }: HeadLine): (variant: string, seed: string) => string {
  const hash = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("hex");
  const scenarioHash = hash(scenario);
  const made = JSON.stringify([version, from_ns]);
  return (variant, seed) => hash([scenarioHash, variant, seed, made]);
}

function read(text: string): Line | null {
  try {
    const line = JSON.parse(text) as Line;
    return line.type === "replication" || line.type === "study" ? line : null;
  } catch {
    return null;
  }
}
