// Who imports whom, as dependency-cruiser sees it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The folders of the program. */
export const rooms = ["bin", "scenarios", "sim", "traces", "reports", "bench"].filter((room) =>
  existsSync(root + room),
);

/** All modules of the rooms and of `others` with what they import, and what breaks a rule. Ends the process where that cannot be had. */
export function cruise(...others) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [`${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`, "--output-type", "json", ...rooms, ...others],
    { cwd: root, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
  );
  try {
    return JSON.parse(stdout);
  } catch {
    console.error(stderr || stdout || "dependency-cruiser printed nothing");
    return process.exit(1);
  }
}
