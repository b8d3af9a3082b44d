/** Which results are the latest: `latest` in the root of the results. */
import { lstatSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError, UsageError } from "../../cli/exit-codes.ts";

/** The name of the link, or of the file. */
export const latestName = "latest";

/**
 * Makes a folder under the root the latest: by a symbolic link or, where the file system has none, a file with its path.
 *
 * @param path from the root, with slashes.
 * @throws EnvironmentError when neither can be written.
 */
export function pointLatest(root: string, path: string): void {
  const link = join(root, latestName);
  const temporary = `${link}-${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  try {
    try {
      symlinkSync(path, temporary, "dir");
    } catch {
      writeFileSync(temporary, `${path}\n`);
    }
    renameSync(temporary, link);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new EnvironmentError(`cannot write ${link}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The folder of the latest results. @throws UsageError when there are none. */
export function latestResults(root: string): string {
  const link = join(root, latestName);
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return join(root, readlinkSync(link));
  if (stat?.isFile()) return join(root, readFileSync(link, "utf8").trim());
  throw new UsageError(`report: ${root} has no latest results: name a folder or a file, or run or compare something`);
}
