import { retryCurve, retryText } from "../../../reports/text/experiments/retry-curve.ts";
import { type PointFound, points } from "../../../sim/study/plan/grid.ts";
import { isWhole } from "../../../sim/study/plan/plan.ts";
import { gridOptions, gridPoints, gridPositionals } from "../../cli/arguments/grid.ts";
import { parseJobs } from "../../cli/arguments/jobs.ts";
import { parseSeeds } from "../../cli/arguments/seeds.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { interruption } from "../../cli/interruption.ts";
import type { Streams } from "../../cli/streams.ts";
import { carryOut } from "../../study/carry-out.ts";
import { withWorkers } from "../../study/workers.ts";
import { command } from "../../cli/command.ts";
import { type Values, formatOption } from "../../cli/options.ts";

const declared = { ...gridOptions, format: formatOption("text", "json") };

type RetryOptions = Values<typeof gridPositionals & typeof declared>;

export default command({ positionals: gridPositionals, options: declared, run: retry });

/**
 * For each cell of a grid (or the scenario as it is) and each variant: the chance that a page which was waited for must be read once
 * more, and once more, with intervals. Returns exit code 0, 4 when a variant stopped in a way that the scenario does not announce, 130 or
 * 143 after a signal.
 *
 * @throws UsageError for a grid, variant or value that is none.
 */
async function retry(options: RetryOptions, streams: Streams): Promise<number> {
  const { list, asked } = gridPoints(options);
  const seeds = parseSeeds(options.seed, options.seeds, 1);
  const plan = points(list, seeds, ({ metrics, ending, variant }, i) => {
    return { cell: list[i]?.cell ?? {}, variant, seeds: seeds.length, ending, steps: retryCurve(metrics) };
  });
  type Curve = { readonly cell: object; readonly variant: string; readonly steps: ReturnType<typeof retryCurve> };
  const print = ({ cell, variant, steps }: Curve): void => {
    if (options.format === "json") return;
    const where = Object.entries(cell).map(([path, value]) => `${path}=${value} `);
    streams.out(`${streams.strong(`${where.join("")}${variant}`)}\n${retryText(steps)}\n\n`);
  };
  const found = await withWorkers(parseJobs(options.jobs), (workers) =>
    carryOut(plan, { workers, journal: null, streams, asked }, (one) => print((one as PointFound<Curve>).made)),
  );
  if (!isWhole(found)) return interruption.code ?? exitCodes.ok;

  if (options.format === "json") {
    const curves = found.map(({ made }) => made);
    const { scenario } = options;
    streams.out(`${JSON.stringify({ schema: "gupsim/retry/v1", scenario, curves }, null, 2)}\n`);
  } else {
    streams.out("P(again): of the pages whose n-th read was waited for, those that had to be read once more.\n");
    streams.out("of all: of all pages read. if independent: the same if each read were lost as often as the first.\n");
  }
  return found.some((one) => one.isUnexpected) ? exitCodes.stopped : exitCodes.ok;
}
