import { main } from "../../bin/gupsim.ts";
import type { Streams } from "../../bin/cli/streams.ts";

/** What a command line said, and its exit code. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line in this process, on a terminal of `columns`. @param progress hears how far it is. */
export async function gupsimAt(
  columns: number,
  args: readonly string[],
  progress: (text: string) => void = () => {},
): Promise<Said> {
  const said: Said = { code: -1, out: "", err: "" };
  const streams: Streams = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    progress,
    columns,
    quiet: args.includes("--quiet"),
    strong: (text) => text,
    paint: (_meaning, text) => text,
  };
  said.code = await main(args, streams);
  return said;
}
