// Makes the types of the library beside it: dist/library/index.d.ts, and the declarations that it refers to, no others.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const all = join(root, "dist/declarations");
const kept = join(root, "dist/library");

const compiler = join(root, "node_modules/typescript/bin/tsc");
const options = ["-p", "tsconfig.library.json", "--outDir", all];
const { status } = spawnSync(process.execPath, [compiler, ...options], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

/** Keeps a declaration and what it refers to. Other projects look for the .js of a module and find the .d.ts beside it. */
function keep(file, done) {
  if (done.has(file)) return;
  done.add(file);
  const text = readFileSync(join(all, file), "utf8");
  mkdirSync(dirname(join(kept, file)), { recursive: true });
  const relative = /((?:from|import\()\s*")(\.{1,2}\/[^"]+)\.ts"/g;
  writeFileSync(join(kept, file), text.replace(relative, '$1$2.js"'));
  for (const [, , path] of text.matchAll(relative)) keep(`${join(dirname(file), path)}.d.ts`, done);
}

keep("index.d.ts", new Set());
rmSync(all, { recursive: true });
