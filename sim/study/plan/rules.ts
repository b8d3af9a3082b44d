/** Which of the rules in which two kernels differ makes the difference: the reference with each of them alone. */
import { samplesWhere } from "../../measure/metrics/metrics.ts";
import { outcomeOf, type VariantOutcome } from "../outcome/outcome.ts";
import type { Replication } from "../replication.ts";
import type { Variant } from "./cell.ts";
import { each, isWhole, type Plan, seedsOf } from "./plan.ts";
import type { Sample, Sampling } from "./sample.ts";

/** What is shown of each: p99 in ns, null when there is no sample. */
export interface RuleFigures {
  readonly rule: string;
  readonly ending: string;
  readonly reader_wait_p99_ns: number | null;
  readonly writer_wait_p99_ns: number | null;
  readonly reader_hold_p99_ns: number | null;
  readonly hold_io_p99_ns: number | null;
}

/** What a study comes to: the figures of the reference, of one rule a row, and of all rules together. */
export interface RuleSummary {
  readonly candidate: string;
  readonly seed: string;
  readonly figures: readonly RuleFigures[];
}

/**
 * For each variant after the first that differs in more than one axis: the first with those axes one at a time. One seed will do, for
 * all of them draw the same numbers; that of the first and of the candidates themselves is in the sample. Null after an interruption.
 *
 * @param axes in the order in which they are told.
 */
export function* ruleStudies(
  { scenario, variants, seeds, from_ns }: Sampling,
  { replications }: Sample,
  axes: readonly (keyof Variant["axes"])[],
): Plan<RuleSummary[] | null> {
  const [reference, ...candidates] = variants as readonly [Variant, ...Variant[]];
  const seed = seeds[0] as string;
  const studies = candidates.flatMap((candidate, i) => {
    const differing = axes.filter((axis) => reference.axes[axis] !== candidate.axes[axis]);
    return differing.length < 2 ? [] : [{ candidate, of: i + 1, differing }];
  });
  const found = yield* each(
    studies.flatMap(({ candidate, differing }) =>
      differing.map((axis) => {
        const [from, to] = [reference.axes[axis], candidate.axes[axis]];
        const variant: Variant = {
          ...reference,
          name: `${reference.name}+${axis}=${to}`,
          axes: { ...reference.axes, [axis]: to },
        };
        const rule = `${axis}: ${from} -> ${to}`;
        return seedsOf("replication", { scenario, variant, from_ns }, [seed], (own) => ({
          candidate,
          figures: figuresOf(rule, outcomeOf(variant, own)),
        }));
      }),
    ),
  );
  if (!isWhole(found)) return null;
  const alone = (i: number): VariantOutcome => outcomeOf(variants[i] as Variant, [replications[i]?.[0] as Replication]);
  return studies.map(({ candidate, of }) => ({
    candidate: candidate.name,
    seed,
    figures: [
      figuresOf(reference.name, alone(0)),
      ...found.filter((one) => one.candidate === candidate).map(({ figures }) => figures),
      figuresOf(`all: ${candidate.name}`, alone(of)),
    ],
  }));
}

function figuresOf(rule: string, { metrics, ending }: VariantOutcome): RuleFigures {
  const p99 = (name: string, tags: Record<string, string>): number | null =>
    samplesWhere(metrics, name, tags).percentile(99);
  return {
    rule,
    ending,
    reader_wait_p99_ns: p99("mmap_sem.wait", { mode: "R" }),
    writer_wait_p99_ns: p99("mmap_sem.wait", { mode: "W" }),
    reader_hold_p99_ns: p99("mmap_sem.hold", { mode: "R" }),
    hold_io_p99_ns: p99("mmap_sem.hold_io", {}),
  };
}
