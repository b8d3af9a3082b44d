import type { EventWindow } from "../sim/measure/window/window.ts";
import type { SavedEvent } from "../sim/trace/event.ts";
import { drawArrows } from "./chrome-arrows.ts";
import { drawCounters } from "./chrome-counters.ts";
import { momentKinds } from "./chrome-intervals.ts";
import { type Args, chromeJson, type Mark, type NamedTrack } from "./chrome-json.ts";
import { type Drawing, drawSlices, processes, taskTrack } from "./chrome-slices.ts";

/** Where the note about the window stands. */
const noteTrack: NamedTrack = { pid: 1, tid: 0, name: "window" };
/** Where marks stand that are about no task: what happens to a server. */
const serversTrack: NamedTrack = { pid: 3, tid: 0, name: "servers" };

/**
 * A window as Chrome's JSON, for Perfetto and other viewers.
 *
 * - Process `tasks`, a thread a task: operations and pieces of work, inside them waits, holds, sleeps and waits for a CPU. What would
 *   overlap without lying inside, as the operations of a vcpu's guest tasks may, goes to a further thread of the task.
 * - Process `locks`: for each lock the writer, and the readers on as many lanes as they need, from acquire_returned to released.
 * - Process `IO`: requests in flight by device, and async page faults from not-present to ready.
 * - Counters, arrows and marks: {@link drawCounters}, {@link drawArrows}, {@link momentKinds}.
 *
 * What lasts beyond the window is cut at its ends, and says so in its args; a note at the begin says what the window is and leaves out.
 *
 * @param stamp what made the window: it becomes `otherData`, with scenario, variant and seed.
 */
export function chromeTrace(window: EventWindow, stamp: Readonly<Record<string, string>>): string {
  const drawing = drawSlices(window);
  const { scenario, variant, seed } = window;
  const marks = moments(window, drawing);
  const hasServers = marks.some(({ pid, tid }) => pid === serversTrack.pid && tid === serversTrack.tid);
  const timeline = {
    processes,
    tracks: [noteTrack, ...drawing.tracks, ...(hasServers ? [serversTrack] : [])],
    slices: drawing.slices,
    arrows: drawArrows(window, drawing),
    marks: [note(window, drawing), ...marks],
    counters: drawCounters(window, drawing),
  };
  return chromeJson(timeline, { ...stamp, scenario, variant, seed });
}

function note(window: EventWindow, { tooShort, horizon }: Drawing): Mark {
  const { from_ns, to_ns, left_out } = window;
  const args = {
    from_ns,
    to_ns,
    drawn_to_ns: horizon,
    events_left_out: left_out,
    slices_too_short: tooShort,
  };
  const loss = left_out === 0 ? "" : `, the last ${left_out} events are left out`;
  return { pid: noteTrack.pid, tid: noteTrack.tid, at: from_ns, name: `${from_ns} to ${to_ns} ns${loss}`, args };
}

/** What is over at once. A mark that would share an edge with a slice of its track is moved on by 1 ns, or a viewer might lose it. */
function moments({ events }: EventWindow, { slices }: Drawing): Mark[] {
  const edges = new Set(slices.flatMap(({ pid, tid, from, to }) => [`${pid} ${tid} ${from}`, `${pid} ${tid} ${to}`]));
  return events.flatMap((e) => {
    const name = momentName(e);
    if (name === null) return [];
    const { pid, tid } = e.task < 0 ? serversTrack : taskTrack(e.task);
    let at = e.time;
    while (edges.has(`${pid} ${tid} ${at}`)) at++;
    return [{ pid, tid, at, name, args: momentArgs(e) }];
  });
}

function momentName({ kind, value }: SavedEvent): string | null {
  if (momentKinds.has(kind)) return kind;
  return kind === "mmap_lock_acquire_returned" && value === 0 ? "lock not taken" : null;
}

function momentArgs({ mm, mode, site, label, value }: SavedEvent): Args {
  return { ...(mm === "" ? {} : { lock: mm, mode }), site, label, value };
}
