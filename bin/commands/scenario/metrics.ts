import type { MetricKind } from "../../../sim/measure/metrics/declaration.ts";
import { metricVocabulary } from "../../../sim/measure/metrics/vocabulary.ts";
import { wrap } from "../../../reports/words/sentences.ts";
import { command } from "../../cli/command.ts";
import { exitCodes } from "../../cli/exit-codes.ts";
import { formatOption } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

const units: Readonly<Record<MetricKind["kind"], string>> = {
  duration: "times",
  total: "sums of times",
  count: "counts",
};

/** Prints what a run measures: each metric with its tags, what it is and where its meaning comes from. */
export default command({
  options: { format: formatOption("text", "json") },
  run({ format }, { out, columns, strong }) {
    if (format === "json") {
      const metrics = Object.entries(metricVocabulary).map(([name, record]) => ({ name, ...record }));
      out(jsonText({ schema: "gupsim/metrics/v1", metrics }));
      return exitCodes.ok;
    }
    for (const [name, { kind, tags, says, source }] of Object.entries(metricVocabulary)) {
      const key = tags.length === 0 ? name : `${name}{${[...tags].sort().join(",")}}`;
      const head = wrap(`${key}  ${units[kind]}`, columns, "").join("\n").replace(key, strong(key));
      out(`${head}\n${wrap(`${says} Source: ${source}.`, columns).join("\n")}\n`);
    }
    return exitCodes.ok;
  },
});
