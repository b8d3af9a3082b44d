import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "../cli/exit-codes.ts";

/** A folder for results, made and tried at once: what cannot be written is known before anything is simulated. */
export class OutputFolder {
  readonly path: string;

  /** @throws EnvironmentError when the folder cannot be made or written. */
  constructor(path: string) {
    this.path = path;
    this.attempt(() => {
      mkdirSync(path, { recursive: true });
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
