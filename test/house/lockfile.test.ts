import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, LockedPackage>;
};
const packages = Object.entries(lock.packages);

test("the lock file has packages", () => {
  expect(packages.length).toBeGreaterThan(1);
});

// npm leaves out of the lock an optional platform package it could not find; `npm ci` then refuses the whole lock.
test("every optional dependency is locked", () => {
  const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(name, path))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("no package is tied to the address it was fetched from", () => {
  const tied = packages.filter(([, { resolved }]) => resolved !== undefined && /^(git\+)?https?:/.test(resolved));
  expect(tied.map(([path]) => path)).toEqual([]);
});

/** Looks where Node would: in the package's own node_modules, then in those of each package around it. */
function isLocked(name: string, from: string): boolean {
  for (let path = from; ; path = path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/")))) {
    if (lock.packages[path === "" ? `node_modules/${name}` : `${path}/node_modules/${name}`] !== undefined) return true;
    if (path === "") return false;
  }
}
