import type yargs from "yargs";
import type { Streams } from "../streams.ts";

/** What yargs parsed; each command reads the keys it declared. */
export interface Parsed {
  readonly [key: string]: unknown;
}

/** A parser that commands are added to. */
export type Parser = ReturnType<typeof yargs>;

/** Makes a handler of a command, which returns its exit code. */
export type Run = (command: (parsed: Parsed, streams: Streams) => Promise<number>) => (parsed: Parsed) => Promise<void>;
