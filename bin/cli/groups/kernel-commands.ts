import { gupPresets } from "../../../sim/kernels/presets.ts";
import { formats, list, maybe, single, text } from "../options.ts";
import type { Parser, Run } from "./run-command.ts";

/** The commands about the kernel itself: one call, its callers, its review, its history. */
export function kernelCommands(parser: Parser, run: Run): Parser {
  return parser
    .command(
      "litmus <pages..>",
      "one gup call over page vectors such as PPIPPIPP",
      (y) =>
        y
          .positional("pages", {
            type: "string",
            array: true,
            demandOption: true,
            describe:
              "P resident, I swapped out, E SIGBUS, R swapped out and reclaimed once, Z zram, F uncached file, U userfault, G stack guard, X gone after a drop",
          })
          .option("variants", {
            ...single,
            type: "string",
            default: gupPresets.join(","),
            describe: "kernels, separated by commas",
          })
          .option("prefault", { type: "boolean", default: false, describe: "no pages array" })
          .option("mlock", { type: "boolean", default: false, describe: "a walk for mlock: guard pages are skipped" })
          .option("site", {
            ...single,
            type: "string",
            describe: "a call site of the patch (gupsim sites): its forms before, rfc and merged",
          })
          .option("bug", {
            ...single,
            choices: ["stop", "ignore"],
            default: "stop",
            describe: "a failed kernel assertion ends the task, or is compiled out",
          })
          .option("cost", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "NAME=DURATION: walk, submit, io, map, fail",
          })
          .option("format", formats("text", "json", "ndjson")),
      run(async (p, streams) =>
        (await import("../../commands/kernel/litmus.ts")).litmus(
          {
            vectors: list(p.pages),
            variants: [text(p.variants)],
            format: text(p.format) as "text" | "json" | "ndjson",
            prefault: p.prefault === true,
            mlock: p.mlock === true,
            ignoreBugs: p.bug === "ignore",
            site: maybe(p.site),
            cost: list(p.cost),
          },
          streams,
        ),
      ),
    )
    .command(
      "sites",
      "the call sites of the 2014 patch; --matrix: who holds the lock over which IO",
      (y) =>
        y
          .option("matrix", { type: "boolean", default: false, describe: "each call on each kind of missing page" })
          .option("calls", {
            type: "boolean",
            default: false,
            describe: "the family of calls: which has force, vmas, …",
          })
          .option("preset", { ...single, type: "string", default: "v6.18", describe: "with --matrix: the kernel" })
          .option("format", formats("text", "json")),
      run(async (p, streams) => {
        const { calls, matrix, sites } = await import("../../commands/kernel/sites.ts");
        if (p.calls === true) return calls(text(p.format), streams);
        return p.matrix === true ? matrix(text(p.preset), text(p.format), streams) : sites(text(p.format), streams);
      }),
    )
    .command(
      "review",
      "each suggestion of the 2014 review alone: what it breaks, and what upstream did",
      (y) => y.option("format", formats("text", "json")),
      run(async (p, streams) => (await import("../../commands/kernel/review.ts")).review(text(p.format), streams)),
    )
    .command(
      "explain [name]",
      "a rule, kernel, event or call site: what, why, who said it in the mail, what became of it",
      (y) =>
        y
          .positional("name", { type: "string", describe: "gup=v4.0, rfc, section_lost, async_pf_execute, locked, …" })
          .option("format", formats("text", "json")),
      run(async (p, streams) =>
        (await import("../../commands/kernel/explain.ts")).explain(maybe(p.name), text(p.format), streams),
      ),
    );
}
