#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { commandLine } from "./cli/command-line.ts";
import { EnvironmentError, exitCodes, UsageError } from "./cli/exit-codes.ts";
import { interrupt, interruption } from "./cli/interruption.ts";
import { ModelBug } from "./study/model-bug.ts";
import type { Streams } from "./cli/streams.ts";

/**
 * Runs one command line (without the program's own name) and returns its exit code. Nothing is thrown: every error becomes a
 * message and a code.
 */
export async function main(args: readonly string[], streams?: Streams): Promise<number> {
  const say = (text: string): void => {
    if (streams === undefined) process.stderr.write(text);
    else streams.err(text);
  };
  try {
    return await commandLine(args, streams);
  } catch (error) {
    if (error instanceof UsageError) {
      say(`${error.message.startsWith("gupsim") ? "" : "gupsim: "}${error.message}\n`);
      return exitCodes.usage;
    }
    if (error instanceof EnvironmentError) {
      say(`gupsim: ${error.message}\n`);
      return exitCodes.environment;
    }
    const { sourceStack } = await import("./cli/source-stack.ts");
    const text = error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error);
    const [where, replay] =
      error instanceof ModelBug ? [`${error.message}\n`, error.replay] : ["", `gupsim ${args.join(" ")}`];
    say(`gupsim: a bug of ours, please report it with this text\n${where}${text}\nreplay: ${replay}\n`);
    return exitCodes.bug;
  }
}

function isProgram(): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}

if (isProgram()) {
  // What a task makes is dead after a few steps: room for the young that never grows is enough in a run of any length, of every thread.
  setFlagsFromString("--semi-space-growth-factor=1");
  // `gupsim … | head`: the reader went away, and that is fine.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    throw error;
  });
  // The first signal lets a study keep what it has. Where nothing listens, the system's own handling ends the program at once, also in
  // the middle of a calculation, which no handler of ours could.
  const stopFor = (code: number) => (): void => {
    if (!interrupt(code)) process.exit(code);
  };
  const handlers = { SIGINT: stopFor(exitCodes.interrupted), SIGTERM: stopFor(exitCodes.terminated) } as const;
  interruption.hears = (listening) => {
    for (const [signal, handler] of Object.entries(handlers)) {
      if (listening) process.on(signal, handler);
      else process.off(signal, handler);
    }
  };
  process.exitCode = await main(process.argv.slice(2));
}
