import yargs from "yargs";
import { standardInput } from "../../scenarios/standard-input.ts";
import { commands } from "../commands/commands.ts";
import { declare, type Parsed } from "./command.ts";
import { exitCodes, UsageError } from "./exit-codes.ts";
import { flag, valuesOf } from "./options.ts";
import { completionHelp, inPlainWords, withNumbers } from "./plain-words.ts";
import { processStreams, type Streams } from "./streams.ts";

/** What every command takes. */
const everywhere = {
  quiet: flag("only the result: no progress, no hints", { alias: "q" }),
  color: flag("colours on a terminal (--no-color: never)", { fallback: true }),
  progress: flag("progress on a terminal (--no-progress: never)", { fallback: true }),
};

const epilogue = `gupsim --version prints the version, with --json as a document.

Exit codes: 0 done, 1 a budget is exceeded (check) or a measured cell differs (agree), 2 usage or scenario wrong, 3 inconclusive (check), 4 simulation stopped (deadlock, orphaned lock, event limit), 5 environment (a file cannot be written), 70 a bug of ours, 130/143 interrupted.`;

/**
 * Parses a command line and runs its command. Returns the exit code.
 *
 * @param given where to speak; the process's own streams when absent.
 * @throws UsageError for a command line that is wrong.
 */
export async function commandLine(args: readonly string[], given?: Streams): Promise<number> {
  if (args.includes("--version")) return await version(args, given);
  if (args[0] === "completion" && args.length > 1) return await completionOf(args.slice(1), given);
  let code: number = exitCodes.ok;
  const streamsOf = (parsed: Parsed): Streams => given ?? processStreams(valuesOf(everywhere, parsed));

  const parser = yargs()
    .scriptName("gupsim")
    .locale("en")
    .usage(
      "$0 COMMAND\n\nHow long is mmap_sem held, who waits because of it, and what would change if a caller let go of it across IO?",
    )
    .parserConfiguration({ "duplicate-arguments-array": true, "camel-case-expansion": true })
    .version(false)
    .alias("help", "h");
  declare(parser, { positionals: {}, options: everywhere });
  for (const { usage, says, example, load } of commands) {
    parser.command(
      usage,
      says,
      async (y) => declare(y, (await load()).default).example(`gupsim ${example}`, ""),
      async (parsed) => {
        code = await (await load()).default.run(parsed, streamsOf(parsed));
      },
    );
  }
  parser
    .completion("completion", "print the completion script of bash or zsh")
    .demandCommand(1, "give a command; gupsim --help lists them")
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, given?.columns ?? (process.stdout.columns || 80)))
    .epilogue(epilogue)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(`${message}\nTry gupsim --help.`);
    });

  if (args.length === 0) {
    (given ?? plainStreams()).err(`${withNumbers(await parser.getHelp())}\n`);
    return exitCodes.usage;
  }
  let printed = "";
  // The parser takes a lone dash for an option without a name, except as the value of one (--out -, --budget -).
  const takesNone = /^(-q|--quiet|--no-.*)$/;
  const isValue = (i: number): boolean => args[i - 1]?.startsWith("-") === true && !takesNone.test(args[i - 1] ?? "");
  const words = args.map((word, i) => (word === "-" && !isValue(i) ? standardInput : word));
  try {
    await parser.parseAsync(words, {}, (_error, _parsed, output) => {
      printed = output;
    });
  } catch (error) {
    // What the parser itself throws is about the command line: an option without its value.
    if (error instanceof Error && error.name === "YError") throw new UsageError(`${error.message}\nTry gupsim --help.`);
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(await inPlainWords(error.message, args[0] ?? "", Object.keys(everywhere)));
  }
  if (printed !== "") (given ?? plainStreams()).out(`${withNumbers(printed)}\n`);
  return code;
}

function plainStreams(): Streams {
  return processStreams({ quiet: false, color: false, progress: false });
}

/** `completion` with arguments: a shell, or help. */
async function completionOf(words: readonly string[], given: Streams | undefined): Promise<number> {
  const streams = given ?? plainStreams();
  const [shell = "", ...others] = words;
  if (words.includes("--help") || words.includes("-h")) {
    streams.out(completionHelp);
    return exitCodes.ok;
  }
  if (!["bash", "zsh"].includes(shell) || others.length > 0)
    throw new UsageError(`completion: "${words.join(" ")}": one of bash, zsh\nTry gupsim completion --help.`);
  // The parser looks at the environment for the shell.
  const { SHELL, ZSH_NAME } = process.env;
  process.env.SHELL = `/bin/${shell}`;
  delete process.env.ZSH_NAME;
  try {
    return await commandLine(["completion"], given);
  } finally {
    restore({ SHELL, ZSH_NAME });
  }
}

function restore(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

async function version(args: readonly string[], given: Streams | undefined): Promise<number> {
  const { versionStamp } = await import("./version-stamp.ts");
  const streams = given ?? plainStreams();
  const stamp = versionStamp();
  streams.out(args.includes("--json") ? `${JSON.stringify(stamp)}\n` : `gupsim ${stamp.version}\n`);
  return exitCodes.ok;
}
