import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundledNames, fileOf } from "../library.ts";
import { merged } from "./layers.ts";
import { ScenarioError } from "../problem.ts";
import { SourceText } from "./source-text.ts";

/** What the scenario of `extends:` has, with what that one extends below it; an empty map without one. @throws ScenarioError where it cannot be had. */
export function parentOf(source: SourceText, file: string, above: readonly string[]): unknown {
  const value = source.value() as Record<string, unknown>;
  if (typeof value.extends !== "string") return {};
  const name = value.extends;
  const fail = (message: string): never => {
    throw new ScenarioError([source.problemAt(["extends"], message)]);
  };
  const path = bundledNames().includes(name) ? fileOf(name) : join(dirname(file), name);
  if (above.includes(path) || path === file) fail(`"${name}" extends itself`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return fail(`cannot read "${name}": expected the name of a bundled scenario, or a file beside this one`);
  }
  const parent = new SourceText(path, bytes);
  return merged(parentOf(parent, path, [...above, file]), parent.value());
}
