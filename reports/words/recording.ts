/** What is said of a recording of a real kernel, and what it could not know. */
import type { RecordingFacts, Scenario } from "../../sim/scenario.ts";
import type { VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import { formatCount, formatDuration } from "./format-duration.ts";
import { plural } from "./sentences.ts";

/** Is this of a recording, and not of a simulation? */
export function isRecorded({ preset }: Pick<VariantOutcome, "preset">): boolean {
  return preset === "recorded";
}

/** How long and of what a recording is, then everything that makes its numbers doubtful; a sentence each, without a full stop. */
export function recordingNotes({ duration_ns, cpus, mms }: Scenario, facts: RecordingFacts): string[] {
  const { files, lines, used, other_events, stretches } = facts;
  const names = Object.keys(mms);
  return [
    `${formatDuration(duration_ns)} recorded on ${cpus} or more CPUs, cut into ${stretches === 1 ? "1 stretch" : `${stretches} stretches`}; ${formatCount(used)} events of ${plural(names.length, "mm")} in ${formatCount(lines)} lines of ${files.join(", ")}${other_events === 0 ? "" : `, ${formatCount(other_events)} other events`}`,
    ...doubts(facts),
  ];
}

/** What makes its numbers doubtful, in as few words as it takes. */
export function recordingDoubts(facts: RecordingFacts): string[] {
  const { unreadable, too_late, losses, knows_who_slept, stacks, overlaps } = facts;
  return [
    ...(overlaps === 0 ? [] : [`${plural(overlaps, "hold")} ended by the next owner`]),
    ...(losses === 0 ? [] : [`the tracer lost events ${plural(losses, "time")}`]),
    ...(unreadable + too_late === 0 ? [] : [`${plural(unreadable + too_late, "line")} missing`]),
    ...(knows_who_slept ? [] : ["no lock:contention_begin: who was kept waiting is a guess"]),
    ...(stacks === 0 ? ["no call stacks: no sites"] : []),
    "what holders did is not recorded",
  ];
}

function doubts(facts: RecordingFacts): string[] {
  const { unreadable, too_late, losses, lost_events, stacks, knows_who_slept, began_before, used, overlaps } = facts;
  const lost = lost_events === 0 ? "" : `, ${formatCount(lost_events)} and more`;
  return [
    ...(losses === 0
      ? []
      : [`the tracer lost events ${plural(losses, "time")}${lost}: what spans such a place may be wrong`]),
    ...(unreadable === 0 ? [] : [`${plural(unreadable, "line")} of lock events could not be read and are missing`]),
    ...(too_late === 0 ? [] : [`${plural(too_late, "line")} came too late to be put in order and are missing`]),
    ...(began_before === 0
      ? []
      : [`${formatCount(began_before)} acquisitions and releases are without their other half`]),
    ...(overlaps === 0
      ? []
      : [
          `${plural(overlaps, "hold")} of two tasks at once that exclude each other: v5.11 to v5.14 print a release after it, or events were lost; each was ended by the next owner`,
        ]),
    knows_who_slept
      ? "contentions are those who slept (lock:contention_begin); who only spun is not among them"
      : "no lock:contention_begin is recorded: contentions are those during whose wait another task had the lock, a guess",
    ...(stacks === 0
      ? ["no call stacks are recorded: there are no sites, and roles are the names of tasks without their numbers"]
      : stacks < used
        ? [`${formatCount(stacks)} of ${formatCount(used)} events have a call stack, and with it a site`]
        : []),
    "a wait is from start_locking to acquire_returned, with what the tracer costs; who is not in this trace can only be named so",
  ];
}
