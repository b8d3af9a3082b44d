// `npm run focus -- FILE…`: who imports a file, and whom it imports. A name that several paths end with is each of them.
import { cruise } from "./cruise.mjs";

const wanted = process.argv.slice(2);
if (wanted.length === 0) {
  console.error("usage: npm run focus -- FILE...");
  process.exit(2);
}
const { modules } = cruise("test");
for (const name of wanted) {
  const end = name.replace(/^\.\//, "");
  const found = modules.filter(({ source }) => source === end || source.endsWith(`/${end}`));
  if (found.length === 0) {
    console.error(`focus: no module ${name}`);
    process.exitCode = 1;
  }
  for (const { source, dependencies } of found) {
    const importers = modules.filter((other) => other.dependencies.some(({ resolved }) => resolved === source));
    print(
      `${source} is imported by`,
      importers.map((other) => other.source),
    );
    print(
      `${source} imports`,
      dependencies.map(({ resolved }) => resolved),
    );
  }
}

function print(title, paths) {
  console.log(`${title} ${paths.length === 0 ? "nothing" : paths.length}`);
  for (const path of [...new Set(paths)].sort()) console.log(`  ${path}`);
}
