import type { LoadSteps, Scenario } from "../../../sim/scenario.ts";
import type { LoadPair, StepMean } from "../../../sim/study/metastable.ts";
import type { SweptVariant } from "../../../sim/study/plan/load-sweep.ts";
import { formatDuration, threeSignificant } from "../../words/format-duration.ts";
import { reportHead } from "../../words/report-head.ts";
import { type Column, textTable } from "../../words/text-table.ts";
import { list, plural, wrap } from "../../words/sentences.ts";

/** What `metastable --format json` prints. */
export interface MetastableDocument {
  readonly schema: "gupsim/metastable/v1";
  readonly scenario: string;
  readonly load: LoadSteps & { readonly tasks: readonly string[] };
  readonly seeds: readonly string[];
  readonly variants: readonly SweptVariant[];
}

/** The sweeps of all variants, in words and tables of at most `width` columns where these can be. */
export function metastableText(scenario: Scenario, { seeds, variants }: MetastableDocument, width: number): string {
  const parts = variants.map((one) =>
    [
      wrap(`${one.variant}: ${verdictText(one, seeds.length)}`, width, "").join("\n"),
      textTable(columns, rowsOf(one), width),
      ...(one.ending === "duration" ? [] : [`ending: ${one.ending}`, ...one.findings]),
    ].join("\n"),
  );
  const note = wrap(
    "Each step is measured in its second half. queue: tasks that wait at the locks, on average; operations: of the tasks under the load",
    width,
    "",
  );
  return `${[reportHead(scenario, seeds, width), ...parts, note.join("\n")].join("\n\n")}\n`;
}

/** What can be said, in a sentence or two. */
function verdictText({ steps, pairs }: SweptVariant, seeds: number): string {
  const found = pairs.filter(({ verdict }) => verdict === "metastable");
  const [worst] = [...found].sort((a, b) => b.ratio.low - a.ratio.low);
  if (seeds < 2) return "one seed says nothing of a metastable state";
  if (worst === undefined) {
    return `no sign of a metastable state: with ${plural(seeds, "seed")} it can be said of no load that its queue is longer by a fifth on the way down`;
  }
  const loads = list(found.map(({ load }) => String(load)));
  const [up, down] = [steps[worst.up], steps[worst.down]].map((step) => tasksText(step?.queue ?? 0));
  const clean = pairs.filter(({ load, verdict }) => verdict === "no sign" && load < worst.load);
  const ends = clean.length === 0 ? "" : `; no sign of it at load ${list(clean.map(({ load }) => String(load)))}`;
  return `metastable at load ${loads}: what the higher load began goes on without it. At load ${worst.load} ${up} tasks wait on the way up and ${down} on the way down${ends}`;
}

function tasksText(queue: number): string {
  return queue < 0.1 ? "less than 0.1" : threeSignificant(queue);
}

interface Row {
  readonly load: number;
  readonly up: StepMean | null;
  readonly down: StepMean | null;
  readonly pair: LoadPair | null;
}

/** The way up to the highest load, each step beside the one of the same load on the way down; then what the way up did not have. */
function rowsOf({ steps, pairs }: SweptVariant): Row[] {
  const top = steps.findIndex(({ load }) => load === Math.max(...steps.map((step) => step.load)));
  const up = steps.slice(0, top + 1).map((step, i): Row => {
    const pair = pairs.find((one) => one.up === i) ?? null;
    return { load: step.load, up: step, down: pair === null ? null : (steps[pair.down] ?? null), pair };
  });
  const alone = steps.flatMap((step, i): Row[] =>
    i <= top || pairs.some(({ down }) => down === i) ? [] : [{ load: step.load, up: null, down: step, pair: null }],
  );
  return [...up, ...alone];
}

const rate = (step: StepMean | null): string => (step === null ? "-" : threeSignificant(step.operations));
/** Thousandths of a task are enough. */
function queueText(step: StepMean | null): string {
  if (step === null) return "-";
  return step.queue < 1 ? step.queue.toFixed(3) : threeSignificant(step.queue);
}

const wait = (step: StepMean | null): string => formatDuration(step === null ? null : step.reader_wait);

const columns: readonly Column<Row>[] = [
  { head: "load", rank: 0, align: "right", cell: ({ load }) => String(load) },
  { head: "queue up", rank: 0, align: "right", cell: ({ up }) => queueText(up) },
  { head: "down", rank: 0, align: "right", cell: ({ down }) => queueText(down) },
  { head: "wait-R up", rank: 1, align: "right", cell: ({ up }) => wait(up) },
  { head: "down", rank: 1, align: "right", cell: ({ down }) => wait(down) },
  { head: "operations/s up", rank: 0, align: "right", cell: ({ up }) => rate(up) },
  { head: "down", rank: 0, align: "right", cell: ({ down }) => rate(down) },
  { head: "queue down/up (interval)", rank: 2, align: "right", cell: ({ pair }) => ratioText(pair) },
  { head: "", rank: 0, align: "left", cell: ({ pair }) => (pair?.verdict === "metastable" ? "metastable" : "") },
];

function ratioText(pair: LoadPair | null): string {
  if (pair === null) return "";
  const { point, low, high, n } = pair.ratio;
  const interval = n < 2 ? "" : ` [${threeSignificant(low)}, ${threeSignificant(high)}]`;
  return `x ${threeSignificant(point)}${interval}`;
}
