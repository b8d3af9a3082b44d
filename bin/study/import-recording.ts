import { Convoys } from "../../sim/measure/lock/convoys.ts";
import { LongestWait } from "../../sim/measure/lock/longest-wait.ts";
import { Queue } from "../../sim/measure/lock/queue.ts";
import { mergeMetrics, type Metrics } from "../../sim/measure/metrics/metrics.ts";
import { WindowRecorder } from "../../sim/measure/window/event-window.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { RecordedBlame } from "../../sim/measure/recorded/recorded-blame.ts";
import { Stretches } from "../../sim/measure/recorded/stretches.ts";
import { Replay } from "../../sim/spans/replay.ts";
import { outcomeOf, type VariantOutcome } from "../../sim/study/outcome/outcome.ts";
import type { Replication } from "../../sim/study/replication.ts";
import { RecordedEvents } from "../../traces/recording/recorded-events.ts";
import type { LockLine } from "../../traces/recording/lock-line.ts";
import type { UnmatchedEdges } from "../../traces/recording/lock-edges.ts";

/** What a recording came to, and what is known of it. */
export interface ImportedRecording {
  readonly outcome: VariantOutcome;
  /** From the first event to the last, ns. */
  readonly length_ns: number;
  /** The last event, ns since the second of the first one. */
  readonly end_ns: number;
  readonly events: number;
  readonly cpus: number;
  readonly mms: readonly string[];
  readonly roles: readonly string[];
  readonly knowsWhoSlept: boolean;
  readonly unmatched: UnmatchedEdges;
  /** Contentions of other locks, which were left out. */
  readonly otherContentions: number;
  /** Holds that the next owner ended. */
  readonly overlaps: number;
}

/** Events that a window keeps, as of a simulation. */
const eventLimit = 4000;

/** What results say of the kernel of a recording. */
const recorded = { name: "recorded", preset: "recorded", axes: {} } as const;

/**
 * Measures the lines of a recording, which are in order of time. Nothing is kept of them.
 *
 * @returns null when there is no event.
 */
export async function importRecording(lines: AsyncIterable<readonly LockLine[]>): Promise<ImportedRecording | null> {
  const seen = { first: -1, last: 0, events: 0, cpus: 0, mms: new Set<string>() };
  const stretches = new Stretches();
  const blame: RecordedBlame = new RecordedBlame(() => events.tasks);
  const [convoys, longest, queue] = [new Convoys(), new LongestWait(), new Queue()];
  const replay = new Replay([stretches, blame, convoys, longest, queue]);
  const events = new RecordedEvents((e, tasks) => {
    if (seen.first < 0) seen.first = e.time;
    seen.last = e.time;
    seen.events++;
    seen.cpus = Math.max(seen.cpus, (tasks[e.task]?.cpu ?? 0) + 1);
    if (!seen.mms.has(e.mm)) seen.mms.add(e.mm);
    replay.tell(e, tasks);
  });
  for await (const portion of lines) for (const line of portion) events.line(line);
  if (seen.events === 0) return null;
  replay.end(seen.last);
  const parts = stretches.all(mergeMetrics, seen.last);
  const whole = mergeMetrics([
    withoutContentions(mergeMetrics(parts.map(({ metrics }) => metrics))),
    blame.metrics(),
    convoys.metrics(),
    queue.metrics(),
  ]);
  const wait = longest.wait(seen.last);
  const replications = parts.map(({ from, to, metrics }, i): Replication => {
    const about = { variant: recorded.name, preset: recorded.preset, axes: recorded.axes };
    const nothing = { findings: [], warm_up_ns: 0, events: 0, convoys: [], longest_wait: null };
    return {
      ...about,
      ...nothing,
      ending: "duration",
      seed: String(i + 1),
      simulated_ns: Math.max(1, to - from),
      metrics,
    };
  });
  const outcome = outcomeOf(recorded, replications);
  return {
    outcome: {
      ...outcome,
      metrics: whole,
      events: seen.events,
      convoys: convoys.worst.map((convoy) => ({ ...convoy, seed: "1" })),
      longest_wait: wait === null ? null : { ...wait, seed: "1" },
    },
    length_ns: seen.last - seen.first,
    end_ns: seen.last,
    events: seen.events,
    cpus: seen.cpus,
    mms: [...seen.mms],
    roles: [...new Set(events.tasks.map(({ role }) => role))].sort(),
    knowsWhoSlept: blame.knowsWhoSlept,
    unmatched: events.unmatched(),
    otherContentions: events.otherContentions,
    overlaps: events.overlaps,
  };
}

/** The events of a stretch of a recording, and who was to blame for its waits. Reads the lines again, up to the end of the stretch. */
export async function recordedWindow(
  lines: AsyncIterable<readonly LockLine[]>,
  name: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<EventWindow> {
  const recorder: WindowRecorder = new WindowRecorder(
    from,
    to,
    eventLimit,
    (sink) => new RecordedBlame(() => events.tasks, sink),
  );
  const replay = new Replay([recorder]);
  let end = 0;
  const events = new RecordedEvents((e, tasks) => {
    end = e.time;
    replay.tell(e, tasks);
  });
  for await (const portion of lines) {
    for (const line of portion) events.line(line);
    // Waits of the stretch may go on beyond it, but not for so long.
    if (end > to + 2 * (to - from)) break;
  }
  replay.end(end);
  return recorder.window(name, recorded.name, "1", end);
}

/** Who was kept waiting, a recording says otherwise than by a wait of more than 0 ns. */
function withoutContentions(metrics: Metrics): Metrics {
  const counts = [...metrics.counts].filter(([key]) => !key.startsWith("mmap_sem.contentions{"));
  return { ...metrics, counts: new Map(counts) };
}
