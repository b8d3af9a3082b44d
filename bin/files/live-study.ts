import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { UsageError } from "../cli/exit-codes.ts";
import { interruption } from "../cli/interruption.ts";
import { type SavedStudy, savedStudy } from "../saved/saved-study.ts";

/** How often the folder is looked at, ms. */
const interval = 500;

/**
 * A study as it grows: the first time at once or when it has its first results, then after every change. Ends when it is complete,
 * and at a signal.
 *
 * @param signal ends it, too.
 * @throws UsageError for a path that does not exist.
 */
export async function* liveStudy(path: string, signal?: AbortSignal): AsyncGenerator<SavedStudy> {
  if (!existsSync(path)) throw new UsageError(`report: ${path} does not exist`);
  let seen = "";
  while (interruption.code === null && signal?.aborted !== true) {
    const now = stampOf(path);
    const study = now === seen ? null : attempt(path);
    if (study !== null) {
      seen = now;
      yield study;
      if (study.data.complete) return;
    }
    await setTimeout(interval, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** Null while there is nothing to read yet, or files are about to be replaced. */
function attempt(path: string): SavedStudy | null {
  try {
    return savedStudy(path);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** Size and time of change of each file of results. */
function stampOf(path: string): string {
  const isFolder = statSync(path).isDirectory();
  const files = isFolder ? readdirSync(path).filter((name) => /\.(json|ndjson)$/.test(name)) : [""];
  return files
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(path, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .join("\n");
}
