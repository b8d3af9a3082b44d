import yargs from "yargs";
import { exitCodes, UsageError } from "./exit-codes.ts";
import { formats, list, maybe, setOption, simulation, single, text } from "./options.ts";
import type { SimulationOptions } from "./simulation-options.ts";
import { processStreams, type Streams } from "./streams.ts";

/** What yargs parsed; each command reads the keys it declared. */
interface Parsed {
  readonly [key: string]: unknown;
}

const epilogue = `gupsim --version prints the version, with --json as a document.

Exit codes: 0 done, 1 a measured cell differs (agree), 2 usage or scenario wrong, 4 simulation stopped (deadlock, orphaned lock, event limit), 5 environment (a file cannot be written), 70 a bug of ours, 130/143 interrupted.`;

/**
 * Parses a command line and runs its command. Returns the exit code.
 *
 * @param given where to speak; the process's own streams when absent.
 * @throws UsageError for a command line that is wrong.
 */
export async function commandLine(args: readonly string[], given?: Streams): Promise<number> {
  if (args.includes("--version")) return await version(args, given);
  let code: number = exitCodes.ok;
  const streamsOf = (parsed: Parsed): Streams =>
    given ??
    processStreams({
      quiet: parsed.quiet === true,
      color: parsed.color !== false,
      progress: parsed.progress !== false,
    });
  const run = (command: (parsed: Parsed, streams: Streams) => Promise<number>) => async (parsed: Parsed) => {
    code = await command(parsed, streamsOf(parsed));
  };

  const parser = yargs()
    .scriptName("gupsim")
    .locale("en")
    .usage(
      "$0 COMMAND\n\nHow long is mmap_sem held, who waits because of it, and what would change if a caller let go of it across IO?",
    )
    .parserConfiguration({ "duplicate-arguments-array": true, "camel-case-expansion": true })
    .option("quiet", {
      alias: "q",
      type: "boolean",
      default: false,
      describe: "only the result: no progress, no hints",
      global: true,
    })
    .option("color", {
      type: "boolean",
      default: true,
      describe: "colours on a terminal (--no-color: never)",
      global: true,
    })
    .option("progress", {
      type: "boolean",
      default: true,
      describe: "progress on a terminal (--no-progress: never)",
      global: true,
    })
    .version(false)
    .command(
      "list",
      "the scenarios that come with gupsim, with their questions",
      (y) =>
        y
          .option("seed-rows", {
            type: "boolean",
            default: false,
            describe: "the statements of the 2014 mail (S1-S118), and which scenario and test shows each",
          })
          .option("format", formats("text", "json")),
      run(async (p, streams) => {
        const { list, listSeedRows } = await import("./commands/list.ts");
        return p["seed-rows"] === true ? listSeedRows(text(p.format), streams) : list(text(p.format), streams);
      }),
    )
    .command(
      "describe [scenario]",
      "a scenario resolved: values, origins, costs with provenance, metrics; --presets: the kernels",
      (y) =>
        y
          .positional("scenario", { type: "string", describe: "name or file" })
          .option("presets", { type: "boolean", default: false, describe: "presets by axis" })
          .option("preset", {
            ...single,
            type: "string",
            describe: "one kernel (v6.18, v6.18+gup=plain): its rules and sources",
          })
          .option("set", setOption)
          .option("format", formats("text", "json")),
      run(async (p, streams) => {
        const { describe, describePreset, describePresets } = await import("./commands/describe.ts");
        if (p.preset !== undefined) return describePreset(text(p.preset), text(p.format), streams);
        if (p.presets === true) return describePresets(text(p.format), streams);
        if (p.scenario === undefined) throw new UsageError("describe: give a scenario, --preset NAME or --presets");
        return describe(text(p.scenario), list(p.set), text(p.format), streams);
      }),
    )
    .command(
      "validate <files..>",
      "check scenario files; all problems in one pass",
      (y) => y.positional("files", { type: "string", array: true, demandOption: true }),
      run(async (p, streams) => (await import("./commands/validate.ts")).validate(list(p.files), streams)),
    )
    .command(
      "schema",
      "the JSON Schema of scenario files, for editors",
      (y) => y,
      run(async (_p, streams) => (await import("./commands/schema.ts")).schema(streams)),
    )
    .command(
      "run <scenario>",
      "simulate one variant",
      (y) =>
        simulation(y)
          .option("events", { type: "boolean", default: false, describe: "print the events, as ftrace does" })
          .option("from", { type: "string", describe: "with --events: from this simulated time (10ms)" })
          .option("to", { type: "string", describe: "with --events: up to this simulated time" })
          .option("task", { type: "string", describe: "with --events: only this task (comm)" })
          .option("mm", { type: "string", describe: "with --events: only events of this mm" })
          .option("invariants", { type: "boolean", default: false, describe: "check the model after each step" }),
      run(async (p, streams) =>
        (await import("./commands/run.ts")).run(
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
      "compare <scenario>",
      "the same draws through several kernels: the main job",
      (y) => simulation(y),
      run(async (p, streams) => (await import("./commands/compare.ts")).compare(simulationOptions(p), streams)),
    )
    .command(
      "sweep <scenario>",
      "a grid of scenario values, a CSV or NDJSON row a cell and variant",
      (y) =>
        y
          .positional("scenario", {
            type: "string",
            demandOption: true,
            describe: "name of a bundled scenario, or a file",
          })
          .option("grid", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "PATH=VALUE,VALUE,…; repeat for more axes (default: the scenario's own)",
          })
          .option("variants", { ...single, type: "string", describe: "kernels, separated by commas" })
          .option("set", setOption)
          .option("seed", { type: "string", array: true, nargs: 1, describe: "a seed; repeat for several" })
          .option("seeds", { ...single, type: "string", describe: "N: seeds 1 to N (default 1)" })
          .option("metric", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "METRIC:STAT, for example 'mmap_sem.wait{mode=R}:p99'; repeat for more columns",
          })
          .option("format", { choices: ["csv", "ndjson"], default: "csv", describe: "how to print the rows" }),
      run(async (p, streams) =>
        (await import("./commands/sweep.ts")).sweep(
          {
            scenario: text(p.scenario),
            grid: list(p.grid),
            variants: maybe(p.variants),
            set: list(p.set),
            seed: list(p.seed),
            seeds: maybe(p.seeds),
            metric: list(p.metric),
            format: text(p.format),
          },
          streams,
        ),
      ),
    )
    .command(
      "retry <scenario>",
      "the retry law: how likely is a second, a third IO for the same page",
      (y) =>
        y
          .positional("scenario", {
            type: "string",
            demandOption: true,
            describe: "name of a bundled scenario, or a file",
          })
          .option("grid", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "PATH=VALUE,VALUE,…; repeat for more axes (default: the scenario's own)",
          })
          .option("variants", { ...single, type: "string", describe: "kernels, separated by commas" })
          .option("set", setOption)
          .option("seed", { type: "string", array: true, nargs: 1, describe: "a seed; repeat for several" })
          .option("seeds", { ...single, type: "string", describe: "N: seeds 1 to N (default 1)" })
          .option("format", formats("text", "json")),
      run(async (p, streams) =>
        (await import("./commands/retry.ts")).retry(
          {
            scenario: text(p.scenario),
            grid: list(p.grid),
            variants: maybe(p.variants),
            set: list(p.set),
            seed: list(p.seed),
            seeds: maybe(p.seeds),
            format: text(p.format),
          },
          streams,
        ),
      ),
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
          .option("format", formats("text", "json", "ndjson")),
      run(async (p, streams) =>
        (await import("./commands/agree.ts")).agree(
          {
            scenarios: list(p.scenarios),
            variants: maybe(p.variants),
            seed: list(p.seed),
            seeds: maybe(p.seeds),
            format: text(p.format),
          },
          streams,
        ),
      ),
    )
    .command(
      "litmus <pages..>",
      "one gup call over page vectors such as PPIPPIPP",
      (y) =>
        y
          .positional("pages", {
            type: "string",
            array: true,
            demandOption: true,
            describe:
              "P resident, I swapped out, E SIGBUS, R swapped out and reclaimed once, Z zram, F uncached file, U userfault, G stack guard, X gone after a drop",
          })
          .option("variants", {
            ...single,
            type: "string",
            default: "plain,rfc,reviewed,v4.0,v5.4,v6.18",
            describe: "kernels, separated by commas",
          })
          .option("prefault", { type: "boolean", default: false, describe: "no pages array" })
          .option("mlock", { type: "boolean", default: false, describe: "a walk for mlock: guard pages are skipped" })
          .option("site", {
            ...single,
            type: "string",
            describe: "a call site of the patch (gupsim sites): its forms before, rfc and merged",
          })
          .option("bug", {
            ...single,
            choices: ["stop", "ignore"],
            default: "stop",
            describe: "a failed kernel assertion ends the task, or is compiled out",
          })
          .option("cost", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "NAME=DURATION: walk, submit, io, map, fail",
          })
          .option("format", formats("text", "json", "ndjson")),
      run(async (p, streams) =>
        (await import("./commands/litmus.ts")).litmus(
          {
            vectors: list(p.pages),
            variants: [text(p.variants)],
            format: text(p.format) as "text" | "json" | "ndjson",
            prefault: p.prefault === true,
            mlock: p.mlock === true,
            ignoreBugs: p.bug === "ignore",
            site: maybe(p.site),
            cost: list(p.cost),
          },
          streams,
        ),
      ),
    )
    .command(
      "sites",
      "the call sites of the 2014 patch; --matrix: who holds the lock over which IO",
      (y) =>
        y
          .option("matrix", { type: "boolean", default: false, describe: "each call on each kind of missing page" })
          .option("calls", {
            type: "boolean",
            default: false,
            describe: "the family of calls: which has force, vmas, …",
          })
          .option("preset", { ...single, type: "string", default: "v6.18", describe: "with --matrix: the kernel" })
          .option("format", formats("text", "json")),
      run(async (p, streams) => {
        const { calls, matrix, sites } = await import("./commands/sites.ts");
        if (p.calls === true) return calls(text(p.format), streams);
        return p.matrix === true ? matrix(text(p.preset), text(p.format), streams) : sites(text(p.format), streams);
      }),
    )
    .command(
      "review",
      "each suggestion of the 2014 review alone: what it breaks, and what upstream did",
      (y) => y.option("format", formats("text", "json")),
      run(async (p, streams) => (await import("./commands/review.ts")).review(text(p.format), streams)),
    )
    .command(
      "explain [name]",
      "a rule, kernel, event or call site: what, why, who said it in the mail, what became of it",
      (y) =>
        y
          .positional("name", { type: "string", describe: "gup=v4.0, rfc, section_lost, async_pf_execute, locked, …" })
          .option("format", formats("text", "json")),
      run(async (p, streams) =>
        (await import("./commands/explain.ts")).explain(maybe(p.name), text(p.format), streams),
      ),
    )
    .completion("completion", "print the completion script of bash or zsh")
    .demandCommand(1, "give a command; gupsim --help lists them")
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, given?.columns ?? process.stdout.columns ?? 100))
    .epilogue(epilogue)
    .exitProcess(false)
    .fail((message, error) => {
      if (error) throw error;
      throw new UsageError(`${message}\nTry gupsim --help.`);
    });

  let printed = "";
  await parser.parseAsync([...args], {}, (_error, _parsed, output) => {
    printed = output;
  });
  if (printed !== "") (given ?? plainStreams()).out(`${printed}\n`);
  return code;
}

function plainStreams(): Streams {
  return processStreams({ quiet: false, color: false, progress: false });
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
  };
}

async function version(args: readonly string[], given: Streams | undefined): Promise<number> {
  const { versionStamp } = await import("./version-stamp.ts");
  const streams = given ?? plainStreams();
  const stamp = versionStamp();
  streams.out(args.includes("--json") ? `${JSON.stringify(stamp)}\n` : `gupsim ${stamp.version}\n`);
  return exitCodes.ok;
}
