import { maybe, single, text } from "../options.ts";
import type { Parser, Run } from "./run-command.ts";

/** The commands on saved results. */
export function resultCommands(parser: Parser, run: Run): Parser {
  return parser.command(
    "report <result>",
    "a saved result in other formats: for a terminal, a pull request, a browser, other tools",
    (y) =>
      y
        .positional("result", { type: "string", describe: "a result file, or the folder of a run or a comparison" })
        .option("to", {
          ...single,
          type: "string",
          default: "text",
          describe:
            "formats, with commas: text, html, png, svg, md, csv, hgrm, chrome, ftrace (of v6.18; ftrace-v6.8, ftrace-v5.11)",
        })
        .option("out", {
          ...single,
          type: "string",
          describe: "folder for the files (default: where the result is); - for stdout",
        })
        .option("window", {
          ...single,
          type: "string",
          describe: "FROM..TO: other events than those that were kept; runs the seed again",
        })
        .option("watch", {
          type: "boolean",
          default: false,
          describe: "again after each replication of a study that goes on, until it is complete",
        })
        .option("serve", {
          type: "string",
          describe: "PORT: serve the page on 127.0.0.1 while a study goes on (no number: any free port)",
        }),
    run(async (p, streams) =>
      (await import("../../commands/result/report.ts")).report(
        {
          result: text(p.result),
          to: text(p.to),
          out: maybe(p.out),
          window: maybe(p.window),
          watch: p.watch === true,
          serve: maybe(p.serve),
        },
        streams,
      ),
    ),
  );
}
