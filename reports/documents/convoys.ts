import { totalWhere } from "../../sim/measure/metrics/metrics.ts";
import { formatCount, formatDuration, threeSignificant } from "../words/format-duration.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";

/** How many convoys there were, what they cost, and the worst one, in a sentence or two. */
export function convoyText(outcome: VariantOutcome): string {
  const all = totalWhere(outcome.metrics, "mmap_sem.convoy", {});
  const [worst] = outcome.convoys;
  if (all.count === 0 || worst === undefined) return "no convoys";
  const waited = totalWhere(outcome.metrics, "mmap_sem.convoy_wait", {}).sum;
  const held = totalWhere(outcome.metrics, "mmap_sem.convoy_hold", {}).sum;
  const { seed, onset, peak, trigger, drain_ns, waited_ns, held_ns } = worst;
  const isRecorded = outcome.preset === "recorded";
  const slept = trigger.slept === "cpu" ? "on the CPU" : `asleep for ${trigger.slept}`;
  const behind = isRecorded ? `a hold (-${trigger.mode})` : `${trigger.site} (-${trigger.mode}), ${slept}`;
  return [
    `${formatCount(all.count)} convoys of 4 tasks and more, ${threeSignificant(waited / held)} s of waiting for each second of the holds they piled up behind.`,
    `The worst began at ${formatDuration(onset)}${isRecorded ? "" : ` of seed ${seed}`}: up to ${peak} tasks waited behind ${behind},`,
    `${formatDuration(waited_ns)} together for ${formatDuration(held_ns)} of its hold, and had the lock ${formatDuration(drain_ns)} after it`,
  ].join(" ");
}
