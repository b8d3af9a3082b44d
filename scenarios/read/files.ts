/** The bytes of the files that a scenario is made of. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isStandardInput, readStandardInput } from "../standard-input.ts";
import { type Problem, ScenarioError } from "../problem.ts";

/**
 * The bytes of a file, or of standard input.
 *
 * @param as what standard input is read as, where the file is that.
 * @throws ScenarioError when it cannot be read.
 */
export function readBytes(nameOrFile: string, file: string, as: string): Uint8Array {
  try {
    return isStandardInput(file) ? readStandardInput(as) : readFileSync(file);
  } catch (cause) {
    const message = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ScenarioError([{ file: nameOrFile, line: 1, col: 1, path: "", message }]);
  }
}

/** A latency file that is standard input. */
function standardInputFor(
  path: readonly PropertyKey[],
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Uint8Array {
  try {
    return readStandardInput(path.join("."));
  } catch (cause) {
    throw new ScenarioError([problemAt(path, cause instanceof Error ? cause.message : String(cause))]);
  }
}

/**
 * The text of the latency file `name`, found from the folder `base`.
 *
 * @throws ScenarioError when it cannot be read.
 */
export function readLatencyFile(
  name: string,
  base: string,
  path: readonly PropertyKey[],
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): string {
  if (isStandardInput(name)) return new TextDecoder().decode(standardInputFor(path, problemAt));
  try {
    return readFileSync(resolve(base, name), "utf8");
  } catch {
    throw new ScenarioError([problemAt(path, `cannot read "${name}" (looked in ${base === "" ? "." : base})`)]);
  }
}
