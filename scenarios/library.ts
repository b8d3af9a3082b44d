/** What comes with gupsim: the scenarios, and the files that they use. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse as parseYaml } from "yaml";
import { nearName } from "./near-name.ts";
import { packageRoot } from "./package-root.ts";
import { ScenarioError } from "./problem.ts";
import { isStandardInput, standardInput } from "./standard-input.ts";

/** A scenario that comes with gupsim. */
export interface BundledScenario {
  readonly name: string;
  readonly question: string;
  readonly file: string;
}

/** The folder of what comes with gupsim. */
const folder = join(packageRoot, "scenarios");
const library = join(folder, "library");

/** The scenarios that come with gupsim, by name. */
export function bundledScenarios(): BundledScenario[] {
  return bundledNames().map((name) => {
    const file = join(library, `${name}.yaml`);
    const { question } = parseYaml(readFileSync(file, "utf8")) as { question: string };
    return { name, question, file };
  });
}

/**
 * The text of a file in the folder of the scenarios that is no scenario.
 *
 * @param path from that folder.
 */
export function readBundled(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** The names of the bundled scenarios, in their order. */
export function bundledNames(): string[] {
  return readdirSync(library)
    .filter((entry) => entry.endsWith(".yaml"))
    .map((entry) => entry.slice(0, -".yaml".length))
    .sort();
}

/** The names of the files of costs. */
export function costsNames(): string[] {
  return readdirSync(join(folder, "costs")).map((entry) => entry.replace(/\.yaml$/, ""));
}

/** The file of costs of that name. */
export function costsFile(name: string): string {
  return join(folder, "costs", `${name}.yaml`);
}

/**
 * The file of a bundled scenario, or the file itself.
 *
 * @throws ScenarioError for what is neither.
 */
export function fileOf(nameOrFile: string): string {
  if (isStandardInput(nameOrFile)) return standardInput;
  if (existsSync(nameOrFile) && nameOrFile.includes(".")) return nameOrFile;
  const names = bundledNames();
  if (names.includes(nameOrFile)) {
    const path = join(library, `${nameOrFile}.yaml`);
    const short = relative(process.cwd(), path);
    return short.startsWith("..") ? path : short;
  }
  if (existsSync(nameOrFile)) return nameOrFile;
  const near = nearName(nameOrFile, names);
  const hint = near === null ? "" : ` (did you mean "${near}"?)`;
  const all = near === null ? "; gupsim list shows them" : "";
  const message = `no such file, and no scenario of that name${hint}${all}`;
  throw new ScenarioError([{ file: nameOrFile, line: 0, col: 0, path: "", message }]);
}
