import fc from "fast-check";
import type { SavedEvent } from "../../sim/trace/event.ts";
import type { EventKind, Mode } from "../../sim/trace/kinds.ts";
import type { TaskInfo } from "../../sim/trace/trace.ts";

/** A story of tasks at two locks, as a tracer sees it that was switched on late and off early. Times are multiples of 10 us. */
export interface LockStory {
  readonly tasks: readonly TaskInfo[];
  readonly events: readonly SavedEvent[];
  /** The run went on until then, ns. */
  readonly end: number;
}

interface Move {
  readonly task: number;
  readonly what: "op" | "read" | "write" | "try" | "kill" | "release" | "downgrade" | "sleep";
  readonly mm: "a" | "b";
  readonly after: number;
}

/** One task of a story. */
interface Actor {
  readonly nr: number;
  readonly holds: { mm: string; mode: Mode }[];
  asks: { mm: string; mode: Mode; granted: boolean } | null;
  op: number;
  asleep: boolean;
}

const tick = 10_000;
const taskCount = 7;

const move: fc.Arbitrary<Move> = fc.record({
  task: fc.nat(taskCount - 1),
  what: fc.constantFrom<Move["what"][]>(
    "op",
    "read",
    "read",
    "write",
    "write",
    "try",
    "try",
    "kill",
    "release",
    "release",
    "downgrade",
    "sleep",
  ),
  mm: fc.constantFrom<("a" | "b")[]>("a", "a", "a", "b"),
  after: fc.oneof({ weight: 4, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.nat(200) }),
});

/** Random stories: every lock is held as an rwsem may be, and edges are missing at both ends only. */
export const lockStories: fc.Arbitrary<LockStory> = fc
  .record({
    moves: fc.array(move, { minLength: 1, maxLength: 150, size: "max" }),
    late: fc.oneof(fc.constant(0), fc.nat(20)),
    early: fc.oneof(fc.constant(0), fc.nat(20)),
  })
  .map(({ moves, late, early }) => {
    const teller = new Teller();
    for (const one of moves) teller.move(one);
    const all = teller.events;
    const events = all.slice(late, Math.max(late, all.length - early));
    return { tasks: teller.tasks, events, end: (events.at(-1)?.time ?? 0) + 7 * tick };
  });

/** Plays the moves that are possible, and notes what a tracer would. */
class Teller {
  readonly tasks: TaskInfo[] = Array.from({ length: taskCount }, (_, i) => ({ comm: `t${i}`, role: `t${i}` }));
  readonly events: SavedEvent[] = [];
  private now = 0;
  private readonly actors = this.tasks.map((_, nr): Actor => ({ nr, holds: [], asks: null, op: -1, asleep: false }));
  private readonly queues: Record<string, Actor[]> = { a: [], b: [] };

  move({ task, what, mm, after }: Move): void {
    this.now += after * tick;
    const actor = this.actors[task] as Actor;
    if (actor.asks !== null) {
      if (actor.asks.granted) this.runs(actor);
      else if (what === "kill") this.kills(actor);
      return;
    }
    if (what === "kill") return;
    if (what === "sleep") this.sleeps(actor);
    else if (actor.asleep) return;
    else if (what === "op") this.op(actor);
    else if (what === "release") this.releases(actor);
    else if (what === "downgrade") this.downgrades(actor);
    else this.asks(actor, mm, what);
  }

  private asks(actor: Actor, mm: string, what: "read" | "write" | "try"): void {
    const holdsIt = actor.holds.some((hold) => hold.mm === mm);
    const mode: Mode = what === "write" ? "W" : "R";
    if (holdsIt && (mode === "W" || actor.holds.some((hold) => hold.mm === mm && hold.mode === "W"))) return;
    this.tell(actor, "mmap_lock_start_locking", mm, mode);
    const queue = this.queues[mm] as Actor[];
    if (holdsIt || (queue.length === 0 && this.isFree(mm, mode))) {
      this.gets(actor, mm, mode);
    } else if (what === "try") {
      this.tell(actor, "mmap_lock_acquire_returned", mm, mode, 0);
    } else {
      this.tell(actor, "contention_begin", mm, mode);
      actor.asks = { mm, mode, granted: false };
      queue.push(actor);
    }
  }

  private runs(actor: Actor): void {
    const { mm, mode } = actor.asks as NonNullable<Actor["asks"]>;
    this.tell(actor, "contention_end", mm, mode);
    if (mode === "R") actor.holds.pop();
    actor.asks = null;
    this.gets(actor, mm, mode);
  }

  private kills(actor: Actor): void {
    const { mm, mode } = actor.asks as NonNullable<Actor["asks"]>;
    const queue = this.queues[mm] as Actor[];
    queue.splice(queue.indexOf(actor), 1);
    actor.asks = null;
    this.tell(actor, "contention_end", mm, mode);
    this.tell(actor, "mmap_lock_acquire_returned", mm, mode, 0);
    this.grants(mm);
  }

  private releases(actor: Actor): void {
    const hold = actor.holds.pop();
    if (hold === undefined) return;
    this.tell(actor, "mmap_lock_released", hold.mm, hold.mode);
    this.grants(hold.mm);
  }

  private downgrades(actor: Actor): void {
    const hold = actor.holds.at(-1);
    if (hold?.mode !== "W") return;
    hold.mode = "R";
    this.tell(actor, "mmap_lock_acquire_returned", hold.mm, "R", 1, 1);
    this.grants(hold.mm);
  }

  private sleeps(actor: Actor): void {
    actor.asleep = !actor.asleep;
    this.push({ ...blank, kind: actor.asleep ? "sleep" : "wake", task: actor.nr, label: "swap", time: this.now });
  }

  private op(actor: Actor): void {
    const begins = actor.op < 0;
    if (begins) actor.op = this.events.length;
    const kind: EventKind = begins ? "op_begin" : "op_end";
    this.push({
      ...blank,
      kind,
      task: actor.nr,
      label: "op",
      value: actor.op,
      aux: begins ? this.now : 1,
      time: this.now,
    });
    if (!begins) actor.op = -1;
  }

  private gets(actor: Actor, mm: string, mode: Mode): void {
    actor.holds.push({ mm, mode });
    this.tell(actor, "mmap_lock_acquire_returned", mm, mode, 1);
  }

  /** The head of the queue owns the lock, and readers behind a reader with it. A writer takes it when it runs. */
  private grants(mm: string): void {
    const queue = this.queues[mm] as Actor[];
    for (let head = queue[0]; head?.asks != null && this.isFree(mm, head.asks.mode); head = queue[0]) {
      head.asks.granted = true;
      queue.shift();
      if (head.asks.mode === "R") {
        this.tell(head, "granted", mm, "R");
        head.holds.push({ mm, mode: "R" });
      }
    }
  }

  private isFree(mm: string, mode: Mode): boolean {
    return this.actors.every(
      ({ holds, asks }) =>
        holds.every((hold) => hold.mm !== mm || (mode === "R" && hold.mode === "R")) &&
        !(asks?.granted === true && asks.mode === "W" && asks.mm === mm),
    );
  }

  private tell(actor: Actor, kind: EventKind, mm: string, mode: Mode, value = 0, aux = 0): void {
    this.push({ ...blank, kind, time: this.now, task: actor.nr, mm, mode, value, aux });
  }

  private push(e: SavedEvent): void {
    this.events.push(e);
  }
}

const blank: SavedEvent = { kind: "bug", time: 0, task: -1, mm: "", mode: "R", site: "", label: "", value: 0, aux: 0 };
