import type { Options as ParserOptions } from "yargs";

/** One option or positional of a command: how it is parsed and described, and what a command gets of it. */
export interface Option<T> {
  /** For yargs. */
  readonly parsed: ParserOptions;
  /** From what yargs has of it, `undefined` when it was not given and has no default. */
  readonly read: (given: unknown) => T;
  /** What `--no-NAME` does, where an option with a value can be refused. */
  readonly refused?: string;
  /** The name that it once had, which still works and is in no help. */
  readonly formerly?: string;
}

/** Options by their names in camel case: `saveBaseline` is typed `--save-baseline`. */
export type Declared = Readonly<Record<string, Option<unknown>>>;

/** What a command gets of the options it declared. */
export type Values<D extends Declared> = { readonly [K in keyof D]: D[K] extends Option<infer T> ? T : never };

/** An option that is given once, with a value; of several the last one counts. */
export function value(says: string): Option<string | undefined>;
export function value(says: string, fallback: string): Option<string>;
export function value(says: string, fallback?: string): Option<string | undefined> {
  const parsed: ParserOptions = { type: "string", requiresArg: true, describe: says };
  return { parsed: fallback === undefined ? parsed : { ...parsed, default: fallback }, read: last };
}

/** As {@link value}; given alone it reads as "". */
export function valueOrBare(says: string): Option<string | undefined> {
  return { parsed: { type: "string", describe: says }, read: last };
}

/** As {@link value}; `--no-NAME` makes it `null`. */
export function valueOrNone(says: string, refused: string): Option<string | null | undefined> {
  const { parsed } = value(says);
  return { parsed, refused, read: (given) => (given === false ? null : last(given)) };
}

/** An option with a value that may be repeated: all of them in their order. */
export function values(says: string): Option<readonly string[]> {
  return { parsed: { type: "string", array: true, nargs: 1, describe: says }, read: all };
}

/** Something that is on or off. */
export function flag(
  says: string,
  more: { fallback?: boolean; alias?: string; formerly?: string } = {},
): Option<boolean> {
  const { fallback = false, alias, formerly } = more;
  const parsed: ParserOptions = { type: "boolean", default: fallback, describe: says };
  return {
    parsed: alias === undefined ? parsed : { ...parsed, alias },
    read: (given) => (Array.isArray(given) ? given.at(-1) : given) === true,
    ...(formerly === undefined ? {} : { formerly }),
  };
}

/** One of these words. */
export function choice<W extends string>(words: readonly W[], fallback: NoInfer<W>, says: string): Option<W> {
  return {
    parsed: { choices: words, default: fallback, requiresArg: true, describe: says },
    // yargs refuses every other word.
    read: (given) => last(given) as W,
  };
}

/** `--format` with these words, the first by default. */
export function formatOption<W extends string>(...words: readonly [W, ...W[]]): Option<W> {
  return choice(words, words[0], "how to print the result");
}

/** A positional that must be there. */
export function required(says: string): Option<string> {
  return { parsed: { type: "string", demandOption: true, describe: says }, read: (given) => last(given) as string };
}

/** A positional that may be missing. */
export function optional(says: string): Option<string | undefined>;
export function optional(says: string, fallback: string): Option<string>;
export function optional(says: string, fallback?: string): Option<string | undefined> {
  const parsed: ParserOptions = { type: "string", describe: says };
  return { parsed: fallback === undefined ? parsed : { ...parsed, default: fallback }, read: last };
}

/** The positionals from here on. @param least how many there must be. */
export function several(says: string, least: 0 | 1): Option<readonly string[]> {
  return { parsed: { type: "string", array: true, demandOption: least > 0, describe: says }, read: all };
}

/** A name as it is typed: `saveBaseline` is `save-baseline`. */
export function typedName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What a command gets of its options. @param parsed by the names as they are typed. */
export function valuesOf<D extends Declared>(declared: D, parsed: Readonly<Record<string, unknown>>): Values<D> {
  const entries = Object.entries(declared).map(([name, { formerly, read }]) => {
    const once = formerly === undefined ? undefined : parsed[formerly];
    return [name, read(once ?? parsed[typedName(name)])];
  });
  return Object.fromEntries(entries) as Values<D>;
}

/** Those of these options that the user gave, as they are typed: `--save-baseline`. */
export function given<D extends Declared>(
  declared: D,
  values: Values<D>,
  names: readonly (keyof D & string)[],
): string[] {
  return names
    .filter((name) => {
      const option = declared[name] as Option<unknown>;
      return JSON.stringify(values[name]) !== JSON.stringify(option.read(option.parsed.default));
    })
    .map((name) => `--${typedName(name)}`);
}

function last(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  return Array.isArray(given) ? String(given.at(-1)) : String(given);
}

function all(given: unknown): string[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given.map(String) : [String(given)];
}
