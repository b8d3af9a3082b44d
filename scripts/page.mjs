// Makes what an HTML report carries with it: dist/page/report.js, the program of reports/page and the plots it draws with in one
// file, and dist/page/report.css.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

// The plots are under the MIT licence, which goes where they go.
const licence = readFileSync(`${root}node_modules/uplot/LICENSE`, "utf8").trim();

await build({
  input: `${root}reports/page/main.ts`,
  platform: "browser",
  logLevel: "warn",
  output: { file: `${root}dist/page/report.js`, format: "iife", minify: true, postBanner: `/*! uPlot\n${licence}\n*/` },
});

const plots = readFileSync(`${root}node_modules/uplot/dist/uPlot.min.css`, "utf8");
const page = readFileSync(`${root}reports/page/style.css`, "utf8").replace(/\n\s*/g, "\n");
mkdirSync(`${root}dist/page`, { recursive: true });
writeFileSync(`${root}dist/page/report.css`, `${plots.trim()}\n${page.trim()}\n`);
