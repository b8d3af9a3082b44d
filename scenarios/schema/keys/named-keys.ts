import { nearName } from "../../near-name.ts";
import { type ScenarioKey, scenarioKeys } from "./keys.ts";

/**
 * The keys that `asked` names: a path (`tasks.*.every`, also with a name for `*`, `tasks.vcpus.every`), its beginning (`machine`), or the
 * last key of one (`every`); without the name in between too (`devices.readahead`). Empty for a name that no key has.
 */
export function keysNamed(asked: string): ScenarioKey[] {
  const all = scenarioKeys();
  const parts = asked.split(".");
  for (const fits of [isShort, isPath, isLast]) {
    const found = all.filter(({ path }) => fits(path.split("."), parts));
    if (found.length > 0) return found;
  }
  return [];
}

/** The key with a name like that; null when none is near. */
export function nearKey(asked: string): string | null {
  const paths = scenarioKeys().map(({ path }) => path);
  const names = paths.flatMap((path) => [path, path.replaceAll(".*", ""), path.split(".").at(-1) as string]);
  return nearName(asked, [...new Set(names)]);
}

/** It is the path, or one above it; a name of a task, say, stands for a star. */
function isPath(path: readonly string[], asked: readonly string[]): boolean {
  return asked.length <= path.length && asked.every((part, i) => part === path[i] || path[i] === "*");
}

/** The same, without the names in between. */
function isShort(path: readonly string[], asked: readonly string[]): boolean {
  return isPath(
    path.filter((part) => part !== "*"),
    asked,
  );
}

function isLast(path: readonly string[], asked: readonly string[]): boolean {
  return asked.length <= path.length && asked.join(".") === path.slice(-asked.length).join(".");
}
