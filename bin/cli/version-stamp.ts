import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../scenarios/package-root.ts";

/** What produced a result. Equal stamps and equal inputs give equal bytes. */
export interface VersionStamp {
  readonly version: string;
  readonly result_schema: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
}

/** That of this program. */
export function versionStamp(): VersionStamp {
  return {
    version: packageVersion(),
    result_schema: "gupsim/result/v1",
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch}`,
  };
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return version;
}
