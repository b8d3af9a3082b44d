import type { SpanListener } from "../../spans/paired.ts";
import type { AtLock, SpanHears, Wait } from "../../spans/span.ts";
import type { Mode } from "../../trace/kinds.ts";

/** A wait for an mmap_sem, ns since the start of the run. */
export interface LongWait {
  readonly task: number;
  readonly mm: string;
  readonly mode: Mode;
  readonly from: number;
  readonly to: number;
  /** False when it went on at the end of the run, which then is `to`. */
  readonly ended: boolean;
}

/** The longest wait of a run, of readers if any waited: of equals the first. */
export class LongestWait implements SpanListener {
  readonly spans: SpanHears = {
    waitBegan: ({ at }) => {
      this.known[at.nr] = at;
    },
    waitEnded: (wait, _hold, now) => keepLonger(this.longest, wait, now, true),
  };
  /** By the number of task and lock. */
  private readonly known: AtLock[] = [];
  private readonly longest: Record<Mode, LongWait | null> = { R: null, W: null };

  /** `null` when nobody waited. @param end of the run, ns: a wait that is open lasts until then. */
  wait(end: number): LongWait | null {
    const longest = { ...this.longest };
    const open = this.known.filter(({ wait }) => wait.from >= 0 && !wait.failed);
    for (const { wait } of open.sort((a, b) => a.task.nr - b.task.nr)) keepLonger(longest, wait, end, false);
    return longest.R ?? longest.W;
  }
}

function keepLonger(
  longest: Record<Mode, LongWait | null>,
  { at, mode, from }: Wait,
  to: number,
  ended: boolean,
): void {
  const known = longest[mode];
  if (to - from <= (known === null ? 0 : known.to - known.from)) return;
  longest[mode] = { task: at.task.nr, mm: at.lock.mm, mode, from, to, ended };
}
