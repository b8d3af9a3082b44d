// Checks who imports whom (.dependency-cruiser.cjs), and that the check looked at something:
// dependency-cruiser with a TypeScript it does not know sees no modules and is content.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const rooms = ["bin", "scenarios", "sim", "traces", "reports", "bench"].filter((room) => existsSync(root + room));

const { stdout, stderr } = spawnSync(
  process.execPath,
  [`${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`, "--output-type", "json", ...rooms],
  { cwd: root, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
);
let cruise;
try {
  cruise = JSON.parse(stdout);
} catch {
  console.error(stderr || stdout || "dependency-cruiser printed nothing");
  process.exit(1);
}

const reasons = new Map(cruise.summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));
for (const { from, to, rule, cycle } of cruise.summary.violations) {
  const path = cycle ? cycle.map((step) => step.name ?? step).join(" -> ") : to;
  console.error(`${from} -> ${path}\n  ${rule.name}: ${reasons.get(rule.name)}`);
}

// A room in which no module was seen is a room nobody checked.
const unseen = rooms.filter((room) => !cruise.modules.some(({ source }) => source.startsWith(`${room}/`)));
if (unseen.length > 0 || rooms.length === 0) {
  console.error(`layers: no modules seen in ${unseen.join(", ") || "any room"}`);
}

const seen = cruise.modules.filter(({ source }) => rooms.some((room) => source.startsWith(`${room}/`))).length;
const broken = cruise.summary.violations.length;
console.log(`layers: ${seen} modules, ${broken} broken ${broken === 1 ? "rule" : "rules"}`);
process.exit(broken > 0 || unseen.length > 0 || seen === 0 ? 1 : 0);
