// Prints the rooms of the house, from the one that needs nobody to the one that nobody needs, each with the rooms it imports and how many
// imports that are. Tests are left out: they may import what they like.
import { cruise } from "./cruise.mjs";

/** The folder in sim, or the folder of the house: `sim/linux`, `reports`. A file that stands in sim itself is a room of its own. */
function roomOf(path) {
  const [first, second] = path.split("/");
  return first === "sim" ? `${first}/${second.replace(/\.ts$/, "")}` : first;
}

const imports = new Map();
for (const { source, dependencies } of cruise().modules) {
  if (!/^(bin|scenarios|sim|traces|reports|bench)\//.test(source) || source.endsWith(".test.ts")) continue;
  const from = imports.get(roomOf(source)) ?? new Map();
  imports.set(roomOf(source), from);
  for (const { resolved } of dependencies) {
    const to = roomOf(resolved);
    if (to !== roomOf(source) && /^(bin|scenarios|sim|traces|reports|bench)\//.test(resolved)) {
      from.set(to, (from.get(to) ?? 0) + 1);
    }
  }
}

// A room stands above all that it imports. Two that import each other, types only, stand where the first of them can.
const order = [];
const left = new Map(imports);
while (left.size > 0) {
  const open = ([, to]) => [...to.keys()].filter((room) => left.has(room)).length;
  const [next] = [...left].sort((a, b) => open(a) - open(b) || a[0].localeCompare(b[0]))[0];
  order.push(next);
  left.delete(next);
}
const width = Math.max(...order.map((room) => room.length));
for (const room of order) {
  const to = [...imports.get(room)].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  console.log(`${room.padEnd(width)}  ${to.map(([name, count]) => `${name} ${count}`).join(", ") || "-"}`);
}
