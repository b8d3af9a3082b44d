import type { Argv, PositionalOptions } from "yargs";
import { type Declared, typedName, type Values, valuesOf } from "./options.ts";
import type { Streams } from "./streams.ts";

/** What yargs made of a command line, by the names as they are typed. */
export type Parsed = Readonly<Record<string, unknown>>;

/** A command, with what it was declared to take. */
export interface Command {
  readonly positionals: Declared;
  readonly options: Declared;
  /** Returns the exit code. */
  run(parsed: Parsed, streams: Streams): Promise<number>;
}

/** A command in the table of commands: what the overview says of it. What it needs to run is loaded when it is asked for. */
export interface CommandRow {
  /** Its name and its positionals: `check <scenario>`. */
  readonly usage: string;
  readonly says: string;
  /** A command line, without the program's name, for its own help. */
  readonly example: string;
  load(): Promise<{ readonly default: Command }>;
}

/**
 * Declares a command: its positionals and options, each of them once, and what it does with what was given of them, whose types follow
 * from the declarations. `run` returns the exit code.
 */
export function command<P extends Declared, O extends Declared>(declaration: {
  readonly positionals?: P;
  readonly options: O;
  run(given: Values<P> & Values<O>, streams: Streams): number | Promise<number>;
}): Command {
  const { options } = declaration;
  const positionals = declaration.positionals ?? ({} as P);
  return {
    positionals,
    options,
    run: async (parsed, streams) =>
      declaration.run({ ...valuesOf(positionals, parsed), ...valuesOf(options, parsed) }, streams),
  };
}

/** Tells the parser what a command takes. */
export function declare(parser: Argv, { positionals, options }: Pick<Command, "positionals" | "options">): Argv {
  for (const [name, { parsed }] of Object.entries(positionals)) parser.positional(name, parsed as PositionalOptions);
  for (const [name, { formerly, parsed, refused }] of Object.entries(options)) {
    const typed = typedName(name);
    parser.option(typed, parsed);
    if (refused !== undefined) parser.option(`no-${typed}`, { type: "boolean", describe: refused });
    if (formerly !== undefined) parser.option(formerly, { ...parsed, default: undefined, hidden: true });
  }
  return parser;
}
