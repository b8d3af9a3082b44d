import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PageAssets } from "../../reports/html/page.ts";
import { EnvironmentError } from "../cli/exit-codes.ts";

const here = dirname(fileURLToPath(import.meta.url));
/** Where the build puts it, as seen from dist and from source. */
const built = [join(here, "../../page"), join(here, "../../dist/page")];

/**
 * What an HTML report carries with it, as the build made it.
 *
 * @throws EnvironmentError when it is in none of the folders: the build has not made it.
 */
export function pageAssets(folders: readonly string[] = built): PageAssets {
  for (const folder of folders) {
    try {
      return {
        script: readFileSync(join(folder, "report.js"), "utf8"),
        style: readFileSync(join(folder, "report.css"), "utf8"),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new EnvironmentError("an HTML report needs what npm run build makes: dist/page/report.js and report.css");
}
