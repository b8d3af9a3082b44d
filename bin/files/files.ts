import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../cli/exit-codes.ts";

/** A folder for results, made and tried at once: what cannot be written is known before anything is simulated. */
export class OutputFolder {
  readonly path: string;

  /** @throws EnvironmentError when the folder cannot be made or written. */
  constructor(path: string) {
    this.path = path;
    this.attempt(() => {
      makeFolder(path);
      const probe = join(path, `.writable-${process.pid}`);
      writeFileSync(probe, "");
      rmSync(probe);
    });
  }

  /** Writes a file under a temporary name and renames it. Returns its path. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    const temporary = `${path}.tmp`;
    this.attempt(() => {
      writeFileSync(temporary, content);
      renameSync(temporary, path);
    });
    return path;
  }

  private attempt(action: () => void): void {
    try {
      action();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new EnvironmentError(`cannot write to ${this.path}: ${reason}`, { cause });
    }
  }
}

/** Makes a folder and what is missing above it, one at a time: node's own `recursive` goes round for ever where a folder is but nothing can be made in it (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
