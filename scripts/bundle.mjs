// Makes the program from source: dist/bin/gupsim.js, dist/bin/study/worker.js and what they share, a file for what is loaded together.
// Started from several hundred files, `gupsim --help` takes twice as long.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist/bin`, { recursive: true, force: true });
rmSync(`${root}dist/library`, { recursive: true, force: true });

/** Where chartjs-node-canvas loads its canvas. */
const asksForCanvas = "(0, freshRequire_1.freshRequire)('canvas')";

// chartjs-node-canvas wants a package of the name canvas, which whoever installs gupsim would have to compile. With it in the bundle, and
// ours in its place, they do not: overrides count only in this checkout, and npm install -g loses what is beside bundled dependencies.
const ourCanvas = {
  name: "our-canvas",
  transform(code, id) {
    if (!id.endsWith("/chartJSNodeCanvasBase.js")) return null;
    if (!code.includes(asksForCanvas)) throw new Error(`${id} does not have ${asksForCanvas} any more`);
    // On the same line as before: the map of the sources stays as it is.
    return { code: code.replace(asksForCanvas, "require('canvas')"), map: null };
  },
};

const { output } = await build({
  input: {
    "bin/gupsim": `${root}bin/gupsim.ts`,
    "bin/study/worker": `${root}bin/study/worker.ts`,
    "library/index": `${root}index.ts`,
  },
  platform: "node",
  logLevel: "warn",
  // Those with parts that are no JavaScript or that are found by path, and hdr-histogram-js, which looks for zlib with eval.
  external: [/^@napi-rs\//, /^chart\.js/, /^chartjs-plugin-/, /^piscina/, /^hdr-histogram-js/, /^dejavu-fonts-ttf/],
  plugins: [ourCanvas],
  // string-width is half of what yargs needs to start, for letters that no help of ours has.
  resolve: { alias: { "string-width": `${root}scripts/plain-width.mjs`, canvas: `${root}shims/canvas/index.js` } },
  output: { dir: `${root}dist`, format: "esm", chunkFileNames: "bin/parts/[name].js", sourcemap: true },
});

// The libraries in it go with their licences.
const packages = new Set(
  output
    .flatMap(({ moduleIds = [] }) => moduleIds)
    .map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
    .filter((folder) => folder !== undefined),
);
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
  return `${name} ${version} (${license})${text}\n`;
});
writeFileSync(`${root}dist/bin/LICENSES.txt`, licences.join("\n---\n\n"));
