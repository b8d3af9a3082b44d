// Checks who imports whom (.dependency-cruiser.cjs), and that the check looked at something:
// dependency-cruiser with a TypeScript it does not know sees no modules and is content.
import { cruise, rooms } from "./cruise.mjs";

const { summary, modules } = cruise("index.ts");

const reasons = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));
for (const { from, to, rule, cycle } of summary.violations) {
  const path = cycle ? cycle.map((step) => step.name ?? step).join(" -> ") : to;
  console.error(`${from} -> ${path}\n  ${rule.name}: ${reasons.get(rule.name)}`);
}

// A room in which no module was seen is a room nobody checked.
const unseen = rooms.filter((room) => !modules.some(({ source }) => source.startsWith(`${room}/`)));
if (unseen.length > 0 || rooms.length === 0) {
  console.error(`layers: no modules seen in ${unseen.join(", ") || "any room"}`);
}

const seen = modules.filter(({ source }) => rooms.some((room) => source.startsWith(`${room}/`))).length;
const broken = summary.violations.length;
console.log(`layers: ${seen} modules, ${broken} broken ${broken === 1 ? "rule" : "rules"}`);
process.exit(broken > 0 || unseen.length > 0 || seen === 0 ? 1 : 0);
