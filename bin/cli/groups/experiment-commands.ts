import { formats, jobsOption, list, maybe, scenarioOptions, single, text } from "../options.ts";
import type { Parser, Run } from "./run-command.ts";

/** The commands that change a scenario themselves and say what that does to it. */
export function experimentCommands(parser: Parser, run: Run): Parser {
  return parser
    .command(
      "whatif <scenario>",
      "what converting each site, or faster IO for it, would change, and the order to convert in",
      (y) =>
        scenarioOptions(y)
          .option("variants", { ...single, type: "string", describe: "one kernel (default: the scenario's last)" })
          .option("jobs", jobsOption)
          .option("metric", {
            ...single,
            type: "string",
            describe:
              "METRIC:STAT to lower (default: 'mmap_sem.wait{mode=R}:sum_rate', all that readers wait in a second)",
          })
          .option("speedup", {
            ...single,
            type: "string",
            default: "2x",
            describe: "how many times faster the IO goes that a site waits for",
          })
          .option("format", formats("text", "json")),
      run(async (p, streams) =>
        (await import("../../commands/study/whatif.ts")).whatif(
          {
            scenario: text(p.scenario),
            variants: maybe(p.variants),
            set: list(p.set),
            seed: list(p.seed),
            seeds: maybe(p.seeds),
            jobs: maybe(p.jobs),
            metric: maybe(p.metric),
            speedup: text(p.speedup),
            format: text(p.format),
          },
          streams,
        ),
      ),
    )
    .command(
      "metastable <scenario>",
      "a load that goes up and comes back: does it stay as bad as it was at the top?",
      (y) =>
        scenarioOptions(y)
          .option("variants", { ...single, type: "string", describe: "kernels, separated by commas" })
          .option("task", {
            type: "string",
            array: true,
            nargs: 1,
            describe: "tasks whose pauses the load divides (default: the scenario's own load); repeat for more",
          })
          .option("jobs", jobsOption)
          .option("steps", { ...single, type: "string", describe: "the load, step by step: 1,2,4,2,1" })
          .option("each", { ...single, type: "string", describe: "how long a step is (default 500ms)" })
          .option("format", formats("text", "json")),
      run(async (p, streams) =>
        (await import("../../commands/study/metastable.ts")).metastable(
          {
            scenario: text(p.scenario),
            variants: maybe(p.variants),
            set: list(p.set),
            seed: list(p.seed),
            seeds: maybe(p.seeds),
            task: list(p.task),
            steps: maybe(p.steps),
            each: maybe(p.each),
            jobs: maybe(p.jobs),
            format: text(p.format),
          },
          streams,
        ),
      ),
    );
}
