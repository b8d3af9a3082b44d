// Builds dist/ after `npm ci`, `npm install` and before `npm pack`.
// Without dev dependencies there is no compiler; a dist/ that is already there is then good enough.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = `${root}node_modules/typescript/bin/tsc`;
const command = `${root}dist/bin/gupsim.js`;

// In a checkout npx takes the package it stands in for one to be installed, prepares it, and only then starts the command.
if (process.env.npm_command === "exec" && existsSync(command)) process.exit(0);
if (!existsSync(compiler)) {
  if (existsSync(command)) process.exit(0);
  console.error("prepare: dist/ is not built and TypeScript is not installed: run npm ci with dev dependencies first");
  process.exit(1);
}
const build = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);
for (const script of ["bundle.mjs", "types.mjs", "page.mjs"]) {
  const made = spawnSync(process.execPath, [`${root}scripts/${script}`], { cwd: root, stdio: "inherit" });
  if (made.status !== 0) process.exit(made.status ?? 1);
}
chmodSync(command, 0o755);
