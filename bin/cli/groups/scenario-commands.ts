import { UsageError } from "../exit-codes.ts";
import { formats, list, setOption, single, text } from "../options.ts";
import type { Parser, Run } from "./run-command.ts";

/** The commands about scenarios: what there is, what one says, whether it is right. */
export function scenarioCommands(parser: Parser, run: Run): Parser {
  return parser
    .command(
      "list",
      "the scenarios that come with gupsim, with their questions",
      (y) =>
        y
          .option("seed-rows", {
            type: "boolean",
            default: false,
            describe: "the statements of the 2014 mail (S1-S137), and which scenario and test shows each",
          })
          .option("format", formats("text", "json")),
      run(async (p, streams) => {
        const { list, listSeedRows } = await import("../../commands/scenario/list.ts");
        return p["seed-rows"] === true ? listSeedRows(text(p.format), streams) : list(text(p.format), streams);
      }),
    )
    .command(
      "describe [scenario]",
      "a scenario resolved: values, origins, costs with provenance, metrics; --presets: the kernels",
      (y) =>
        y
          .positional("scenario", { type: "string", describe: "name or file" })
          .option("presets", { type: "boolean", default: false, describe: "presets by axis" })
          .option("preset", {
            ...single,
            type: "string",
            describe: "one kernel (v6.18, v6.18+gup=plain): its rules and sources",
          })
          .option("set", setOption)
          .option("format", formats("text", "json")),
      run(async (p, streams) => {
        const { describe, describePreset, describePresets } = await import("../../commands/scenario/describe.ts");
        if (p.preset !== undefined) return describePreset(text(p.preset), text(p.format), streams);
        if (p.presets === true) return describePresets(text(p.format), streams);
        if (p.scenario === undefined) throw new UsageError("describe: give a scenario, --preset NAME or --presets");
        return describe(text(p.scenario), list(p.set), text(p.format), streams);
      }),
    )
    .command(
      "validate <files..>",
      "check scenario files; all problems in one pass",
      (y) => y.positional("files", { type: "string", array: true, demandOption: true }),
      run(async (p, streams) => (await import("../../commands/scenario/validate.ts")).validate(list(p.files), streams)),
    )
    .command(
      "init [folder]",
      "write a scenario, its budgets and a CI job that work as they are",
      (y) =>
        y
          .positional("folder", { type: "string", default: ".", describe: "where to" })
          .option("force", { type: "boolean", default: false, describe: "overwrite what is there" }),
      run(async (p, streams) =>
        (await import("../../commands/scenario/init.ts")).init(text(p.folder), p.force === true, streams),
      ),
    )
    .command(
      "schema [document]",
      "the JSON Schema of scenario files, for editors, or of a document",
      (y) =>
        y.positional("document", {
          choices: ["scenario", "check"],
          default: "scenario",
          describe: "scenario files, or what check --format json prints",
        }),
      run(async (p, streams) => (await import("../../commands/scenario/schema.ts")).schema(text(p.document), streams)),
    );
}
