import type yargs from "yargs";

/** An option that is given once, with a value. */
export const single = { requiresArg: true } as const;
/** `--set`. */
export const setOption = {
  type: "string",
  array: true,
  nargs: 1,
  describe: "PATH=VALUE: change a value of the scenario, for example tasks.vcpus.count=16",
} as const;

/** `--jobs`. */
export const jobsOption = {
  ...single,
  type: "string",
  describe: "replications at once, on threads (default 1)",
} as const;

/** `--format` with these choices, text by default. */
export function formats(...choices: string[]): { choices: string[]; default: string; describe: string } {
  return { choices, default: "text", describe: "how to print the result" };
}

/** A scenario, changes to it, and seeds. */
export function scenarioOptions(y: ReturnType<typeof yargs>): ReturnType<typeof yargs> {
  return y
    .positional("scenario", { type: "string", demandOption: true, describe: "name of a bundled scenario, or a file" })
    .option("set", setOption)
    .option("seed", { type: "string", array: true, nargs: 1, describe: "a seed; repeat for several" })
    .option("seeds", { ...single, type: "string", describe: "N: seeds 1 to N" }) as ReturnType<typeof yargs>;
}

/** What all commands that simulate take. */
export function simulation(y: ReturnType<typeof yargs>, ...printed: string[]): ReturnType<typeof yargs> {
  return scenarioOptions(y)
    .option("variants", { ...single, type: "string", describe: "kernels, separated by commas: PRESET(+AXIS=VALUE)*" })
    .option("jobs", jobsOption)
    .option("out", { ...single, type: "string", describe: "folder for result files (default gupsim-out/SCENARIO)" })
    .option("precision", {
      ...single,
      type: "string",
      describe:
        "5%: add replications until each interval is within 5% of its value: of the budgets' statistics, else of mean reader hold and wait",
    })
    .option("warmup", {
      ...single,
      type: "string",
      default: "auto",
      describe:
        "a time to leave out at the beginning; auto: by MSER-5 for a steady scenario, none for a terminating one",
    })
    .option("no-out", { type: "boolean", describe: "write no files" })
    .option("format", formats(...(printed.length > 0 ? printed : ["text", "json"]))) as ReturnType<typeof yargs>;
}

/** What the commands that keep events take beside. */
export function windowed(y: ReturnType<typeof yargs>): ReturnType<typeof yargs> {
  return y.option("window", {
    ...single,
    type: "string",
    describe: "FROM..TO: the events to keep beside the results (default: around the longest wait)",
  }) as ReturnType<typeof yargs>;
}

/** What the commands over a grid of scenario values take. */
export function grid(y: ReturnType<typeof yargs>): ReturnType<typeof yargs> {
  return y
    .positional("scenario", { type: "string", demandOption: true, describe: "name of a bundled scenario, or a file" })
    .option("grid", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "PATH=VALUE,VALUE,…; repeat for more axes (default: the scenario's own)",
    })
    .option("variants", { ...single, type: "string", describe: "kernels, separated by commas" })
    .option("set", setOption)
    .option("jobs", jobsOption)
    .option("seed", { type: "string", array: true, nargs: 1, describe: "a seed; repeat for several" })
    .option("seeds", { ...single, type: "string", describe: "N: seeds 1 to N (default 1)" }) as ReturnType<
    typeof yargs
  >;
}

/** The last of repeated values. */
export function text(value: unknown): string {
  return Array.isArray(value) ? String(value.at(-1)) : String(value);
}

/** As {@link text}, or nothing. */
export function maybe(value: unknown): string | undefined {
  return value === undefined ? undefined : text(value);
}

/** All of repeated values. */
export function list(value: unknown): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
