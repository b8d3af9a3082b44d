import type { GridOptions } from "../arguments/grid.ts";
import { formats, grid, jobsOption, list, maybe, simulation, single, text, windowed } from "../options.ts";
import type { Parsed, Parser, Run } from "./run-command.ts";
import type { SimulationOptions } from "../arguments/simulation-options.ts";

/** The commands that simulate scenarios. */
export function studyCommands(parser: Parser, run: Run): Parser {
  return parser
    .command(
      "run <scenario>",
      "simulate one variant",
      (y) =>
        windowed(simulation(y))
          .option("events", { type: "boolean", default: false, describe: "print the events, as ftrace does" })
          .option("from", { type: "string", describe: "with --events: from this simulated time (10ms)" })
          .option("to", { type: "string", describe: "with --events: up to this simulated time" })
          .option("task", { type: "string", describe: "with --events: only this task (comm)" })
          .option("mm", { type: "string", describe: "with --events: only events of this mm" })
          .option("invariants", { type: "boolean", default: false, describe: "check the model after each step" }),
      run(async (p, streams) =>
        (await import("../../commands/study/run.ts")).run(
          {
            ...simulationOptions(p),
            events: p.events === true,
            from: maybe(p.from),
            to: maybe(p.to),
            task: maybe(p.task),
            mm: maybe(p.mm),
            invariants: p.invariants === true,
          },
          streams,
        ),
      ),
    )
    .command(
      "compare <scenario> [candidate]",
      "the same draws through several kernels: the main job; or two saved results (A.json B.json)",
      (y) =>
        windowed(simulation(y)).positional("candidate", {
          type: "string",
          describe: "with a saved result as the first: another",
        }),
      run(async (p, streams) => {
        if (p.candidate === undefined) {
          return (await import("../../commands/study/compare.ts")).compare(simulationOptions(p), streams);
        }
        const { compareResults } = await import("../../commands/study/compare-results.ts");
        return compareResults(text(p.scenario), text(p.candidate), text(p.format), streams);
      }),
    )
    .command(
      "check <scenario>",
      "hold-time budgets and regressions, of a scenario or a saved result: an exit code for CI",
      (y) =>
        simulation(y, "text", "json", "md")
          .positional("scenario", { type: "string", describe: "name of a bundled scenario, a file, or a saved result" })
          .option("budget", { ...single, type: "string", describe: "a file of budgets instead of the scenario's own" })
          .option("update", {
            type: "boolean",
            default: false,
            describe: "with --budget: rewrite its upper limits by what is observed, with a tenth of head-room",
          })
          .option("baseline", { ...single, type: "string", describe: "a saved baseline to hold it against" })
          .option("save-baseline", { ...single, type: "string", describe: "save this run as a baseline" })
          .option("on-inconclusive", {
            ...single,
            choices: ["fail", "warn"],
            default: "fail",
            describe: "exit code 3 for an inconclusive budget, or 0",
          })
          .option("junit", { ...single, type: "string", describe: "write JUnit XML to this file" })
          .option("markdown", { ...single, type: "string", describe: "write Markdown for a pull request to this file" })
          .option("github", {
            ...single,
            choices: ["auto", "on", "off"],
            default: "auto",
            describe: "annotations and step summary of GitHub Actions",
          }),
      run(async (p, streams) =>
        (await import("../../commands/study/check.ts")).check(
          {
            ...simulationOptions(p),
            budget: maybe(p.budget),
            update: p.update === true,
            baseline: maybe(p.baseline),
            saveBaseline: maybe(p["save-baseline"]),
            onInconclusive: text(p["on-inconclusive"]),
            junit: maybe(p.junit),
            markdown: maybe(p.markdown),
            github: text(p.github),
          },
          streams,
        ),
      ),
    )
    .command(
      "sweep <scenario>",
      "a grid of scenario values, a CSV or NDJSON row a cell and variant",
      (y) =>
        grid(y)
          .option("metric", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "METRIC:STAT, for example 'mmap_sem.wait{mode=R}:p99'; repeat for more columns",
          })
          .option("out", {
            ...single,
            type: "string",
            describe: "folder for a picture of each time against the one swept",
          })
          .option("format", { choices: ["csv", "ndjson"], default: "csv", describe: "how to print the rows" }),
      run(async (p, streams) =>
        (await import("../../commands/study/sweep.ts")).sweep(
          { ...gridOptions(p), metric: list(p.metric), out: maybe(p.out) },
          streams,
        ),
      ),
    )
    .command(
      "retry <scenario>",
      "the retry law: how likely is a second, a third IO for the same page",
      (y) => grid(y).option("format", formats("text", "json")),
      run(async (p, streams) => (await import("../../commands/study/retry.ts")).retry(gridOptions(p), streams)),
    )
    .command(
      "agree [scenarios..]",
      "simulated beside measured on a real kernel, cell by cell",
      (y) =>
        y
          .positional("scenarios", {
            type: "string",
            array: true,
            describe: "names or files; all measured ones when none",
          })
          .option("variants", { ...single, type: "string", describe: "kernels instead of the measured one" })
          .option("seed", { type: "string", array: true, nargs: 1, describe: "a seed; repeat for several" })
          .option("seeds", { ...single, type: "string", describe: "N: seeds 1 to N (default 5)" })
          .option("jobs", jobsOption)
          .option("format", formats("text", "json", "ndjson")),
      run(async (p, streams) =>
        (await import("../../commands/study/agree.ts")).agree(
          {
            scenarios: list(p.scenarios),
            variants: maybe(p.variants),
            seed: list(p.seed),
            seeds: maybe(p.seeds),
            jobs: maybe(p.jobs),
            format: text(p.format),
          },
          streams,
        ),
      ),
    );
}

function gridOptions(p: Parsed): GridOptions {
  return {
    scenario: text(p.scenario),
    grid: list(p.grid),
    variants: maybe(p.variants),
    set: list(p.set),
    seed: list(p.seed),
    seeds: maybe(p.seeds),
    jobs: maybe(p.jobs),
    format: text(p.format),
  };
}

function simulationOptions(p: Parsed): SimulationOptions {
  const none = p["no-out"] === true || p.out === false;
  return {
    scenario: text(p.scenario),
    variants: maybe(p.variants),
    set: list(p.set),
    seed: list(p.seed),
    seeds: maybe(p.seeds),
    out: none ? null : maybe(p.out),
    format: text(p.format),
    jobs: maybe(p.jobs),
    window: maybe(p.window),
    precision: maybe(p.precision),
    warmup: text(p.warmup),
  };
}
