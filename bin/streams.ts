import { styleText } from "node:util";

/** Where a command speaks: the result to `out`, everything else to `err`. Tests give their own. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
  /** Replaces the progress line, on a terminal only; "" takes it away. */
  progress(text: string): void;
  /** Columns of the terminal, 80 when there is none. */
  readonly columns: number;
  /** No progress, no hints. */
  readonly quiet: boolean;
  /** Styles for a person; plain text when colours are off. */
  strong(text: string): string;
}

/** The process's own streams. */
export function processStreams(options: { quiet: boolean; color: boolean; progress: boolean }): Streams {
  const showsProgress = options.progress && !options.quiet && process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    progress: (text) => void (showsProgress && process.stderr.write(`\r\u001b[K${text}`)),
    columns: process.stdout.columns ?? 80,
    quiet: options.quiet,
    strong: (text) => (options.color ? styleText("bold", text, { stream: process.stdout }) : text),
  };
}
