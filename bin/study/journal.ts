import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseVariant } from "../../sim/kernels/variant.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Budget } from "../../sim/study/budget.ts";
import { type Cell, cellContext, cellId } from "../../sim/study/plan/cell.ts";
import { fromPlain, type Measured, type MeasurementName, toPlain } from "../../sim/study/plan/measurements.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { EnvironmentError } from "../cli/exit-codes.ts";
import type { Streams } from "../cli/streams.ts";
import { type VersionStamp, versionStamp } from "../cli/version-stamp.ts";
import type { OutputFolder } from "../files/files.ts";
import { journalLine } from "../saved/forms/journal-form.ts";

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

interface CellLine {
  readonly type: "cell";
  /** See {@link cellId}: what the result depends on, and nothing else. */
  readonly id: string;
  /** See {@link cellContext}. */
  readonly context: string;
  readonly result: unknown;
}

type Line = HeadLine | CellLine;

/** Which cells may turn up: what a journal can tell strangers by. */
type Context = Pick<Cell, "scenario" | "from_ns">;

/** The journal's name in the folder of the results. */
export const journalName = "replications.ndjson";

/**
 * The finished cells of a study that is not finished, a line each, so that an interruption loses none: `replications.ndjson` in the folder
 * of the results. A study of one scenario says first what it is about. It is removed when the study is done. A torn last line is skipped.
 */
export class Journal {
  private readonly path: string;
  /** What is written before the first cell, "" for nothing. */
  private readonly head: string;
  private readonly engine: string;
  private readonly known = new Map<string, unknown>();
  private hasHead: boolean;
  /** The last line was not written whole: a new one must not be torn with it. */
  private isTorn: boolean;
  /** Lines that belong to something else: another scenario, version, or nothing that can be read. */
  readonly strangers: number = 0;

  /** @param contexts of the cells that may be asked for. @param study null where there are several scenarios. */
  constructor(folder: string, contexts: readonly Context[], study: StudyHead | null) {
    this.path = join(folder, journalName);
    const version = versionStamp();
    this.engine = engineOf(version);
    const head: HeadLine | null = study === null ? null : { type: "study", version, ...study };
    this.head = head === null ? "" : JSON.stringify(head);
    this.hasHead = head === null;
    this.isTorn = existsSync(this.path) && !readFileSync(this.path, "utf8").endsWith("\n");
    const own = new Set(contexts.map((context) => cellContext(context, this.engine)));
    for (const { text, line } of linesOf(this.path)) {
      if (line?.type === "study") this.hasHead = head === null || text === this.head;
      else if (line !== null && own.has(line.context)) this.known.set(line.id, line.result);
      else this.strangers++;
    }
  }

  /** The result of a cell that was finished before, null when it was not. */
  find<M extends MeasurementName>(cell: Cell<M>): Measured[M] | null {
    const plain = this.known.get(cellId(cell, this.engine));
    return plain === undefined ? null : fromPlain(cell.measure, plain);
  }

  /** Keeps the result of a cell. @throws EnvironmentError when it cannot be written. */
  add<M extends MeasurementName>(cell: Cell<M>, result: Measured[M]): void {
    const line: CellLine = {
      type: "cell",
      id: cellId(cell, this.engine),
      context: cellContext(cell, this.engine),
      result: toPlain(cell.measure, result),
    };
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
export function openJournal(
  folder: OutputFolder | null,
  contexts: readonly Context[],
  study: StudyHead | null,
  streams: Pick<Streams, "err">,
): Journal | null {
  if (folder === null) return null;
  const journal = new Journal(folder.path, contexts, study);
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
  /** Lines of the journal that are left out, because they are damaged. */
  readonly damaged: number;
}

/** The study whose journal is in a folder; null when there is none. */
export function ongoingStudy(folder: string): OngoingStudy | null {
  const all = linesOf(join(folder, journalName));
  const lines = all.flatMap(({ line }) => (line === null ? [] : [line]));
  const head = lines.findLast((line) => line.type === "study");
  if (head === undefined) return null;
  const { type: _, ...study } = head;
  const { scenario, from_ns } = study;
  const engine = engineOf(study.version);
  const found = new Map(lines.flatMap((line) => (line.type === "cell" ? [[line.id, line.result]] : [])));
  const done = study.variants.map(parseVariant).map((variant) =>
    study.seeds.flatMap((seed) => {
      const plain = found.get(cellId({ measure: "replication", scenario, variant, seed, from_ns }, engine));
      return plain === undefined ? [] : [fromPlain("replication", plain)];
    }),
  );
  return { ...study, done, damaged: all.length - lines.length };
}

function engineOf(version: VersionStamp): string {
  return JSON.stringify(version);
}

/** The lines of a journal; `line` is null where it is damaged, or none of ours. */
function linesOf(path: string): { readonly text: string; readonly line: Line | null }[] {
  if (!existsSync(path)) return [];
  const texts = readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text !== "");
  return texts.map((text) => ({ text, line: read(text) }));
}

function read(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text);
    return journalLine.safeParse(line).success ? (line as Line) : null;
  } catch {
    return null;
  }
}
