// Installs the package as others do, each time in an empty folder: from the tarball, globally, with npx, from git. In each it runs
// `compare kvm-swap` and looks whether a picture is one; in a repository of its own it runs what `gupsim init` wrote.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gupsim-packed-"));
const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
const compare = ["compare", "kvm-swap", "--set", "duration=100ms", "--quiet"];

// What npm tells the scripts that it runs would be settings of the npm that they run.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));

/** Runs a program, which must end with one of these codes; returns what it printed. */
function ran(cwd, command, args, codes = [0]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (codes.includes(status)) return stdout;
  const said = error?.message ?? `${stderr}${stdout}`.trim().slice(-2000);
  throw new Error(`${command} ${args.join(" ")}: exit code ${status}\n${said}`);
}

/** An empty folder, a project where it shall be one. */
function empty(name, isProject) {
  const path = join(folder, name);
  mkdirSync(path);
  if (isProject)
    writeFileSync(join(path, "package.json"), '{ "name": "other", "version": "1.0.0", "private": true }\n');
  return path;
}

/** The pictures of a comparison are whole PNG files, larger than an empty one. */
function lookAtPictures(path) {
  const results = join(path, "gupsim-out");
  const pictures = readdirSync(results, { recursive: true }).filter((name) => name.endsWith(".png"));
  if (pictures.length === 0) throw new Error(`no picture in ${results}`);
  for (const name of pictures) {
    const bytes = readFileSync(join(results, name));
    const isPng = bytes.subarray(0, 8).toString("latin1") === "\x89PNG\r\n\x1a\n" && bytes.includes("IEND", -12);
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    if (!isPng || width < 500 || height < 300 || bytes.length < 5000) throw new Error(`${name} is no picture`);
  }
}

let tarball = "";
const ways = {
  "npm pack": () => {
    const [{ filename }] = JSON.parse(
      ran(root, "npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]),
    );
    tarball = join(folder, filename);
  },
  "npm install of the tarball": () => {
    const path = empty("project", true);
    ran(path, "npm", ["install", tarball, ...quiet]);
    ran(path, "npx", ["gupsim", ...compare]);
    lookAtPictures(path);
    writeFileSync(
      join(path, "own.mjs"),
      'import { run } from "gupsim";\nconsole.log((await run("kvm-zram")).schema);\n',
    );
    if (ran(path, process.execPath, ["own.mjs"]) !== "gupsim/result/v1\n")
      throw new Error("the library gave no result");
  },
  "npm install --global": () => {
    const path = empty("elsewhere", false);
    const prefix = join(folder, "prefix");
    ran(path, "npm", ["install", "--global", "--prefix", prefix, tarball, ...quiet]);
    ran(path, join(prefix, "bin/gupsim"), compare);
    lookAtPictures(path);
  },
  "npx of the tarball": () => {
    const path = empty("anywhere", false);
    ran(path, "npx", ["--yes", "--package", tarball, "gupsim", ...compare]);
    lookAtPictures(path);
  },
  "npm install from git": () => {
    const path = empty("from-git", true);
    const commit = ran(root, "git", ["rev-parse", "HEAD"]).trim();
    const clone = join(folder, "clone.git");
    ran(folder, "git", ["clone", "--quiet", "--bare", root, clone]);
    ran(path, "npm", ["install", `git+file://${clone}#${commit}`, ...quiet]);
    ran(path, "npx", ["gupsim", ...compare]);
    lookAtPictures(path);
  },
  "what init writes, in a repository of somebody's own": () => {
    const path = empty("repository", true);
    ran(path, "git", ["init", "--quiet"]);
    ran(path, "npm", ["install", "--save-dev", tarball, ...quiet]);
    ran(path, "npx", ["gupsim", "init"]);
    if (JSON.parse(readFileSync(join(path, "gupsim.schema.json"), "utf8")).properties.tasks === undefined)
      throw new Error("the schema that the scenario names is none");
    ran(path, "npx", ["gupsim", "validate", "my-scenario.yaml"]);
    // The job of the workflow, line by line.
    const workflow = readFileSync(join(path, ".github/workflows/gupsim.yml"), "utf8");
    const steps = [...workflow.matchAll(/^ +- run: (.+)$/gm)].map(([, step]) => step);
    if (steps.length < 2) throw new Error("the workflow runs nothing");
    for (const step of steps) ran(path, "bash", ["-c", step]);
    if (!readFileSync(join(path, "gupsim-out/junit.xml"), "utf8").includes("<testsuite"))
      throw new Error("no JUnit file");
  },
};

let failed = 0;
try {
  for (const [name, way] of Object.entries(ways)) {
    const began = Date.now();
    try {
      way();
      console.log(`packed: ${name}: works, ${((Date.now() - began) / 1000).toFixed(1)} s`);
    } catch (error) {
      failed++;
      console.error(`packed: ${name}: ${error.message}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(failed > 0 ? 1 : 0);
