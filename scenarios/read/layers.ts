/** What stands below the values of a scenario file: its parent, and the parameters that it declares. */
import { z } from "zod";
import { nearName } from "../near-name.ts";
import { type ParamForm, paramForm } from "../schema/param.ts";
import { type Problem, ScenarioError } from "../problem.ts";
import type { SourceText } from "./source-text.ts";
import { parseDuration, parsePages, parseShare, UnitError } from "../units.ts";

const paramForms = z.record(z.string(), paramForm);

/** Maps of `child` are merged into those of `parent`; whatever else it has replaces what was there. */
export function merged(parent: unknown, child: unknown): unknown {
  if (!isMap(parent) || !isMap(child)) return child;
  const keys = new Set([...Object.keys(parent), ...Object.keys(child)]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      key in child ? (key in parent ? merged(parent[key], child[key]) : child[key]) : parent[key],
    ]),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The changes that the parameters of a file make: those that are set (`--set io=4ms`), the others at their default. Returns them as
 * `path=value`, and the changes that are of no parameter.
 *
 * @throws ScenarioError for a value outside its range, with what is allowed.
 */
export function parameterChanges(
  data: unknown,
  sets: readonly string[],
  source: SourceText,
): { readonly params: string[]; readonly others: string[] } {
  const declared = isMap(data) ? paramForms.safeParse(data.params ?? {}) : null;
  // What is wrong with the declarations is told with everything else that is wrong with the file.
  if (declared === null || !declared.success) return { params: [], others: [...sets] };
  const names = Object.keys(declared.data);
  const given = new Map<string, string>();
  const others: string[] = [];
  for (const set of sets) {
    const name = set.slice(0, set.indexOf("="));
    if (names.includes(name)) given.set(name, set.slice(name.length + 1));
    else if (names.length > 0 && !name.includes(".") && !(isMap(data) && name in data))
      throw unknownParameter(set, name, names);
    else others.push(set);
  }
  const params = Object.entries(declared.data).map(([name, form]) => {
    const set = given.get(name);
    const value = set ?? String(form.default);
    const problem = outside(value, form.range);
    if (problem !== null) throw new ScenarioError([placeOf(source, name, set, problem)]);
    return `${form.path}=${value}`;
  });
  return { params, others };
}

function unknownParameter(set: string, name: string, names: readonly string[]): ScenarioError {
  const near = nearName(name, names);
  const hint = near === null ? "" : ` (did you mean "${near}"?)`;
  const message = `no parameter "${name}"${hint}: one of ${names.join(", ")}`;
  return new ScenarioError([{ file: `--set ${set}`, line: 1, col: 1, path: name, message }]);
}

function placeOf(source: SourceText, name: string, set: string | undefined, message: string): Problem {
  if (set === undefined) return source.problemAt(["params", name, "default"], message);
  return { file: `--set ${name}=${set}`, line: 1, col: 1, path: name, message };
}

function outside(value: string, range: ParamForm["range"]): string | null {
  if (range === undefined) return null;
  const [low, high] = range;
  const [at, from, to] = [value, low, high].map(magnitude);
  if (at === undefined || from === undefined || to === undefined || at === null || from === null || to === null) {
    return `"${value}" cannot be compared with the range ${low} to ${high}`;
  }
  return at < from || at > to ? `"${value}" is outside ${low} to ${high}` : null;
}

/** A number, duration, size or share as a number; null for anything else. */
function magnitude(text: string | number): number | null {
  if (typeof text === "number") return text;
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  for (const read of [parseDuration, parsePages, parseShare]) {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
    }
  }
  return null;
}
