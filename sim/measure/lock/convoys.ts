import type { SpanListener } from "../../spans/paired.ts";
import type { Hold, Lock, SpanHears, Wait } from "../../spans/span.ts";
import { type Mode, sleepReasons } from "../../trace/kinds.ts";
import { addTotal, emptyMetrics, type Metrics, metricKey, Total } from "../metrics/metrics.ts";
import { metric, type MetricDeclarations } from "../metrics/declaration.ts";

/** What it gives. */
export const convoyMetrics: MetricDeclarations = {
  "mmap_sem.convoy": metric(
    "total",
    ["mm", "peak", "site"],
    "Convoys, four and more tasks that wait at once: their times from the onset until nobody waits, by the site of the hold they piled up behind.",
    'Blasgen et al., "The convoy phenomenon" (1979)',
  ),
  "mmap_sem.convoy_wait": metric("total", ["mm", "site"], "All waits of a convoy together."),
  "mmap_sem.convoy_hold": metric(
    "total",
    ["mm", "site"],
    "How long the hold that a convoy piled up behind went on while it did.",
  ),
  "mmap_sem.convoy_drain": metric(
    "total",
    ["mm", "site"],
    "From the end of that hold until nobody of the convoy waits.",
  ),
};

/** Tasks that wait for one lock at the same time, from which on it is a convoy: fewer meet by chance. */
const convoySize = 4;
/** How much longer than the hold that began it all waits together are, at least, in a convoy. */
const leastAmplification = 2;

/** Tasks that piled up at one lock. Times in ns since the start of the run. */
export interface Convoy {
  readonly mm: string;
  /** The first of them began to wait. */
  readonly onset: number;
  /** The hold that they piled up behind: its task's number, its site and mode, and what the task slept for most in it (`cpu` when it did not). */
  readonly trigger: { readonly task: number; readonly site: string; readonly mode: Mode; readonly slept: string };
  /** Most tasks that waited at once. */
  readonly peak: number;
  /** How long after the end of that hold the last one had the lock. */
  readonly drain_ns: number;
  /** The waits in it together, and how long the trigger held the lock while they waited. Their ratio is the amplification. */
  readonly waited_ns: number;
  readonly held_ns: number;
}

/** Tasks that wait at a lock behind a hold: a convoy, if they become enough. One a lock, used again. */
interface Gathering {
  onset: number;
  /** The oldest hold at the onset, until it ends. */
  trigger: Hold | null;
  triggerEnd: number;
  task: number;
  site: string;
  mode: Mode;
  slept: string;
  peak: number;
  waited: number;
  /** When the last of those who waited had the lock. */
  last: number;
}

class LockCrowd {
  readonly mm: string;
  /** Those that own the lock, whether they run or not, the oldest first. */
  readonly holds: Hold[] = [];
  waiting = 0;
  gathers = false;
  readonly gathering: Gathering = {
    onset: 0,
    trigger: null,
    triggerEnd: -1,
    task: -1,
    site: "",
    mode: "R",
    slept: "",
    peak: 0,
    waited: 0,
    last: 0,
  };

  constructor(mm: string) {
    this.mm = mm;
  }
}

/** Convoys that are kept one by one, the worst. */
const most = 5;

/**
 * Convoys at each lock: at least four tasks wait at once, and all together at least twice as long as the hold they
 * piled up behind went on. A run in which tasks meet only by chance has none.
 *
 * `mmap_sem.convoy{mm,peak,site}` by the trigger's site and the most that waited at once: their times from the onset until nobody
 * waits. `mmap_sem.convoy_wait{mm,site}` and `mmap_sem.convoy_hold{mm,site}`: what amplification is the ratio of;
 * `mmap_sem.convoy_drain{mm,site}`: from the end of the trigger's hold until nobody waits.
 */
export class Convoys implements SpanListener {
  readonly spans: SpanHears = {
    waitBegan: (wait, now) => this.waits(wait, now),
    waitEnded: (wait, _hold, now) => this.waited(wait, now),
    waitGivenUp: ({ at }) => this.leaves(this.crowd(at.lock)),
    lockOwned: (hold) => void this.crowd(hold.at.lock).holds.push(hold),
    holdEnded: (hold, now) => this.released(hold, now),
  };
  private readonly crowds: LockCrowd[] = [];
  private readonly found: Convoy[] = [];
  private readonly so = emptyMetrics();

  /** The worst convoys, most waiting first. */
  get worst(): readonly Convoy[] {
    return this.found;
  }

  metrics(): Metrics {
    return this.so;
  }

  private waits({ at }: Wait, now: number): void {
    const crowd = this.crowd(at.lock);
    const [trigger] = crowd.holds;
    if (crowd.waiting++ === 0 && trigger !== undefined) gather(crowd, trigger, now);
    if (crowd.gathers && crowd.waiting > crowd.gathering.peak) crowd.gathering.peak = crowd.waiting;
  }

  private waited({ at, from }: Wait, now: number): void {
    const crowd = this.crowd(at.lock);
    crowd.gathering.waited += now - from;
    crowd.gathering.last = now;
    this.leaves(crowd);
  }

  private leaves(crowd: LockCrowd): void {
    if (--crowd.waiting > 0) return;
    if (crowd.gathers && crowd.gathering.peak >= convoySize) this.dispersed(crowd);
    crowd.gathers = false;
  }

  private released(hold: Hold, now: number): void {
    const { holds, gathering } = this.crowd(hold.at.lock);
    // Not by splice(), which makes an array of what it takes out.
    for (let i = holds.indexOf(hold) + 1; i < holds.length; i++) holds[i - 1] = holds[i] as Hold;
    holds.pop();
    if (gathering.trigger !== hold) return;
    gathering.trigger = null;
    gathering.triggerEnd = now;
    gathering.slept = sleptMost(hold);
  }

  private dispersed({ mm, gathering }: LockCrowd): void {
    const { onset, trigger, triggerEnd, task, site, mode, peak, waited, last } = gathering;
    const end = trigger === null ? Math.min(triggerEnd, last) : last;
    const held_ns = end - onset;
    if (held_ns === 0 || waited < leastAmplification * held_ns) return;
    const slept = trigger === null ? gathering.slept : sleptMost(trigger);
    const convoy: Convoy = {
      mm,
      onset,
      trigger: { task, site, mode, slept },
      peak,
      drain_ns: last - end,
      waited_ns: waited,
      held_ns,
    };
    this.note("mmap_sem.convoy", { mm, peak: String(peak), site }, last - onset);
    this.note("mmap_sem.convoy_wait", { mm, site }, waited);
    this.note("mmap_sem.convoy_hold", { mm, site }, held_ns);
    this.note("mmap_sem.convoy_drain", { mm, site }, convoy.drain_ns);
    this.found.push(convoy);
    this.found.sort((a, b) => b.waited_ns - a.waited_ns || a.onset - b.onset);
    this.found.length = Math.min(this.found.length, most);
  }

  private note(name: string, tags: Readonly<Record<string, string>>, ns: number): void {
    const one = new Total();
    one.add(ns);
    addTotal(this.so, metricKey(name, tags), one);
  }

  private crowd({ nr, mm }: Lock): LockCrowd {
    let crowd = this.crowds[nr];
    if (crowd === undefined) {
      crowd = new LockCrowd(mm);
      this.crowds[nr] = crowd;
    }
    return crowd;
  }
}

/** Someone began to wait behind `trigger`, alone. */
function gather(crowd: LockCrowd, trigger: Hold, now: number): void {
  crowd.gathers = true;
  const { gathering } = crowd;
  gathering.onset = now;
  gathering.trigger = trigger;
  gathering.triggerEnd = -1;
  gathering.task = trigger.at.task.nr;
  gathering.site = trigger.site;
  gathering.mode = trigger.mode;
  gathering.peak = 0;
  gathering.waited = 0;
  gathering.last = now;
}

/** What the task slept for most in a hold, `cpu` when it did not sleep. */
function sleptMost({ sleeps, slept }: Hold): string {
  if (!sleeps) return "cpu";
  return sleepReasons[slept.indexOf(Math.max(...slept))] as string;
}
