import { styleText } from "node:util";
import type { Meaning, Paint } from "../../reports/text/screen/paint.ts";

/** Where a command speaks: the result to `out`, everything else to `err`. Tests give their own. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
  /** How far it is: one line on a terminal, replaced each time, and taken away by ""; else a line every ten seconds. */
  progress(text: string): void;
  /** Columns of the terminal, 80 when there is none. */
  readonly columns: number;
  /** No progress, no hints. */
  readonly quiet: boolean;
  /** Styles for a person; plain text when colours are off. */
  strong(text: string): string;
  /** Colours by meaning; plain text when colours are off. */
  readonly paint: Paint;
}

const styles: Readonly<Record<Meaning, Parameters<typeof styleText>[0]>> = {
  good: "green",
  bad: "red",
  strong: "bold",
  quiet: "dim",
};

/** Between two lines of progress where there is no terminal, ms. */
const progressInterval = 10_000;

/** The process's own streams. */
export function processStreams(options: { quiet: boolean; color: boolean; progress: boolean }): Streams {
  const err = (text: string): void => void process.stderr.write(text);
  const showsProgress = options.progress && !options.quiet;
  const progress = process.stderr.isTTY === true ? (text: string) => err(`\r\u001b[K${text}`) : everyInterval(err);
  return {
    out: (text) => void process.stdout.write(text),
    err,
    progress: showsProgress ? progress : () => {},
    columns: process.stdout.columns || 80,
    quiet: options.quiet,
    strong: (text) => (options.color ? styleText("bold", text, { stream: process.stdout }) : text),
    paint: (meaning, text) => (options.color ? styleText(styles[meaning], text, { stream: process.stdout }) : text),
  };
}

/** A line at most every ten seconds, none in the first ten. */
export function everyInterval(say: (line: string) => void, clock: () => number = Date.now): (text: string) => void {
  let last = clock();
  return (text) => {
    if (text === "" || clock() - last < progressInterval) return;
    last = clock();
    say(`${text}\n`);
  };
}
