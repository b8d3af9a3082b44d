import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageAssets } from "../../reports/html/page.ts";
import { packageRoot } from "../../scenarios/package-root.ts";
import { EnvironmentError } from "../cli/exit-codes.ts";

/** Where the build puts it. */
const built = join(packageRoot, "dist/page");

/**
 * What an HTML report carries with it, as the build made it.
 *
 * @throws EnvironmentError when it is not in the folder: the build has not made it.
 */
export function pageAssets(folder = built): PageAssets {
  try {
    return {
      script: readFileSync(join(folder, "report.js"), "utf8"),
      style: readFileSync(join(folder, "report.css"), "utf8"),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new EnvironmentError("an HTML report needs what npm run build makes: dist/page/report.js and report.css");
  }
}
