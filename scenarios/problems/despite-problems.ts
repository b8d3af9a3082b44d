/** What more can be said of a scenario file that breaks the schema. */
import { nearName } from "../near-name.ts";
import { type Conflict, crossCheck } from "./cross-check.ts";
import { scenarioFile } from "../schema/scenario-file.ts";

/** The maps whose entries have names, and what one of them is called. */
const named: Readonly<Record<string, string>> = { devices: "device", mms: "mm", tasks: "task" };

type Path = readonly PropertyKey[];
type Tree = Readonly<Record<string, unknown>>;

/**
 * The rules that span several values, of what is left of a file without the entries that break the schema: so that all problems are told
 * in one pass. Nothing where the rest is no scenario either.
 *
 * @param broken where the problems of the schema are.
 */
export function conflictsOfTheRest(data: unknown, broken: readonly Path[]): Conflict[] {
  const rest = structuredClone(data) as Record<string, Record<string, unknown>>;
  const gone = new Set<string>();
  for (const [top, name] of broken) {
    if (typeof top !== "string") return [];
    if (typeof name === "string" && Object.hasOwn(named, top) && isTree(rest[top])) {
      delete rest[top][name];
      gone.add(name);
    } else if (top === "budgets" || name === undefined) delete rest[top];
    else return [];
  }
  const read = scenarioFile.safeParse(rest);
  if (!read.success) return [];
  // What was taken out is missing because of us.
  return crossCheck(read.data).filter(({ message }) => ![...gone].some((name) => message.includes(`"${name}"`)));
}

/**
 * A change that made an entry nobody declared, `--set tasks.vcpu.count=16`, most likely meant another one. Null for anything else.
 *
 * @param before the file without its changes. @param sets as they were given.
 */
export function unknownEntry([top, name]: Path, before: unknown, sets: readonly string[]): string | null {
  if (typeof top !== "string" || typeof name !== "string" || !Object.hasOwn(named, top) || !isTree(before)) return null;
  const entries = before[top];
  if (!isTree(entries) || Object.hasOwn(entries, name)) return null;
  if (!sets.some((set) => set.startsWith(`${top}.${name}.`))) return null;
  const names = Object.keys(entries);
  const near = nearName(name, names);
  return `unknown ${named[top]} "${name}"${near === null ? `: one of ${names.join(", ")}` : ` (did you mean "${near}"?)`}`;
}

function isTree(value: unknown): value is Tree & Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
