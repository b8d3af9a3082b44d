import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What produced a result. Equal stamps and equal inputs give equal bytes. */
export interface VersionStamp {
  readonly version: string;
  readonly result_schema: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
}

export function versionStamp(): VersionStamp {
  return {
    version: packageVersion(dirname(fileURLToPath(import.meta.url))),
    result_schema: "gupsim/result/v1",
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** The version in the nearest package.json above `folder`: the same from source and from dist. */
function packageVersion(folder: string): string {
  try {
    const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return found.version;
  } catch {
    return packageVersion(dirname(folder));
  }
}
