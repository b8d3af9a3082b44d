/** Changes of the form `path.to.key=value`, and which values of a scenario come from them. */
import { parse as parseYaml } from "yaml";
import { ScenarioError } from "../problem.ts";
import type { SourceText } from "./source-text.ts";

/** The parameters that are set on the command line, with the paths they stand for. */
export function givenParams(data: unknown, sets: readonly string[]): { path: string }[] {
  const { params = {} } = data as { params?: Record<string, { path?: string }> };
  return Object.entries(params ?? {}).flatMap(([name, form]) =>
    sets.some((set) => set.startsWith(`${name}=`)) && typeof form?.path === "string" ? [{ path: form.path }] : [],
  );
}

/** Applies `path=value` changes to the document. Returns the paths. @throws ScenarioError for one that cannot be made. */
export function applySets(source: SourceText, sets: readonly string[]): Set<string> {
  const paths = new Set<string>();
  for (const text of sets) {
    const fail = (message: string): never => {
      throw new ScenarioError([{ file: `--set ${text}`, line: 1, col: 1, path: "", message }]);
    };
    const equals = text.indexOf("=");
    if (equals < 1) fail("expected PATH=VALUE, for example tasks.vcpus.count=16");
    const path = text.slice(0, equals);
    let value: unknown;
    try {
      value = parseYaml(text.slice(equals + 1));
    } catch (error) {
      fail(
        `the value is not YAML: ${error instanceof Error ? (error.message.split("\n")[0] as string) : String(error)}`,
      );
    }
    try {
      source.document.setIn(path.split("."), source.document.createNode(value));
    } catch {
      fail(`${path} leads through a value that is not a map`);
    }
    paths.add(path);
  }
  return paths;
}

/** Dotted paths of all values that are no maps. */
export function leaves(value: unknown, path: readonly string[] = []): Set<string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Set([path.join(".")]);
  const found = new Set<string>();
  for (const [key, child] of Object.entries(value)) for (const leaf of leaves(child, [...path, key])) found.add(leaf);
  return found;
}

/** The change that made the map at or above `path`, of which the file has nothing. */
export function madeBy(
  path: readonly PropertyKey[],
  written: ReadonlySet<string>,
  set: ReadonlySet<string>,
): string | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const above = `${path.slice(0, depth).join(".")}.`;
    if ([...written].some((leaf) => leaf.startsWith(above))) return undefined;
    const maker = [...set].find((known) => known.startsWith(above));
    if (maker !== undefined) return maker;
  }
  return undefined;
}

/** Whether a value above the path was changed. */
export function isUnder(path: readonly PropertyKey[], set: ReadonlySet<string>): boolean {
  const dotted = path.join(".");
  return [...set].some((known) => dotted.startsWith(`${known}.`));
}
