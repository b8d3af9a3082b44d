import type { LoadedScenario } from "./load.ts";

/** Where a value of a loaded scenario comes from. */
export type Origin = "file" | "--set" | "default";

/** Keys that are named otherwise in the file. */
const fileKeys: Readonly<Record<string, string>> = { readahead_pages: "readahead", pages: "size" };

/** Where a value of the resolved scenario comes from: what the nearest key says that was written at or above it. */
export function originOf(path: readonly string[], loaded: Pick<LoadedScenario, "set" | "written">): Origin {
  const inFile = path.map((key) => fileKeys[key] ?? key);
  for (let depth = inFile.length; depth > 0; depth--) {
    const dotted = inFile.slice(0, depth).join(".");
    if (loaded.set.has(dotted)) return "--set";
    if (loaded.written.has(dotted)) return "file";
  }
  return originOfLaw(inFile, loaded) ?? "default";
}

/** A law stands in the file as `latency: {…}`, `every: …` or `think: …`, which has other keys than the resolved one. */
function originOfLaw(path: readonly string[], loaded: Pick<LoadedScenario, "set" | "written">): Origin | null {
  const at = path.findIndex((key) => key === "latency" || key === "schedule" || key === "reclaim");
  if (at < 0) return null;
  const above = path.slice(0, at).join(".");
  const keys = path[at] === "schedule" ? ["every", "think"] : [path[at] as string];
  const isThere = (known: string): boolean =>
    keys.some((key) => known === `${above}.${key}` || known.startsWith(`${above}.${key}.`));
  if ([...loaded.set].some(isThere)) return "--set";
  return [...loaded.written].some(isThere) ? "file" : null;
}
