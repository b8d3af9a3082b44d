// Checks what `npm pack` would publish: all that the command needs to run, and nothing that only this repository needs.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const needed = [
  /^dist\/bin\/gupsim\.js$/,
  /^dist\/bin\/study\/worker\.js$/,
  /^dist\/page\/report\.js$/,
  /^scenarios\/library\/kvm-swap\.yaml$/,
  /^scenarios\/costs\/server-2014\.yaml$/,
  /^scenarios\/mail\/rows\.yaml$/,
  /^dist\/library\/index\.js$/,
  /^dist\/library\/index\.d\.ts$/,
  /^examples\//,
  /^docs\/MODEL\.md$/,
  /^README\.md$/,
  /^LICENSE$/,
];
const foreign =
  /^(bench|test|scripts|coverage|gupsim-out)\/|^dist\/(bench|test|sim|reports|scenarios|traces)\/|^(?!examples\/).*\.test\.|(?<!\.d|^examples\/.*)\.ts$|\.expected\.json$/;

const { stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
let paths;
try {
  paths = JSON.parse(stdout)[0].files.map(({ path }) => path);
} catch {
  console.error(stderr || stdout || "npm pack printed nothing");
  process.exit(1);
}

const missing = needed.filter((pattern) => !paths.some((path) => pattern.test(path)));
const extra = paths.filter((path) => foreign.test(path));
for (const pattern of missing) console.error(`packed: nothing like ${pattern.source}`);
for (const path of extra) console.error(`packed: ${path} does not belong there`);
console.log(`packed: ${paths.length} files, ${missing.length} missing, ${extra.length} too many`);
process.exit(missing.length + extra.length > 0 ? 1 : 0);
