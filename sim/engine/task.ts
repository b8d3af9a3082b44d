import type { KeyedDraws } from "./random.ts";
import { Actor, type Simulation } from "./simulation.ts";
import { explore, type WaitFinding } from "./wait-graph.ts";

/**
 * A function in which time may pass. `yield*` marks each place where it may, or where another task may run; between two
 * of them nothing else happens. The bare `yield` belongs to the engine's idioms: `if (t.settles()) yield;`.
 */
export type Steps<T = void> = Generator<void, T, void>;

/** What a blocked task waits for, as seen by the search for deadlocks. */
export interface Waitable {
  /** For people: `mmap_sem of qemu for read`. */
  readonly what: string;
  /** A task that died while it had what others wait for; it will never give it back. */
  readonly deadHolder: Task | null;
  /** The tasks that must act before `waiter` can go on. Empty when the world outside will wake it. */
  blockers(waiter: Task): readonly Task[];
  /** Why `blocker` must act first, in words that its name follows: `held by`. */
  edge(blocker: Task): string;
}

/** Where tasks run when there are fewer CPUs than tasks. A task without one has a CPU of its own. */
export interface Processor {
  /** `task` computes for `ns`. True: it must `yield` once. */
  works(task: Task, ns: number): boolean;
  /** `task` sleeps for `ns`, off its CPU. True: it must `yield` once. */
  naps(task: Task, ns: number): boolean;
  /** `task` has left its CPU, because it waits or has finished. */
  left(task: Task): void;
  /** `task` wants a CPU: its nap is over, or it begins. */
  arrives(task: Task): void;
}

/** A thread of control: one generator, resumed by the simulation. */
export class Task extends Actor {
  readonly name: string;
  processor: Processor | null = null;
  /** The CPU it has, negative when it has none. Only its processor writes it, and the two fields below. */
  cpu = -1;
  /** When its work is done, ns; less than the present when it is not at work. */
  workDue = -1;
  /** Another task wants the CPU, and this one has had its time: it stops spinning. */
  needResched = false;
  /** The next event does not make it run: it then asks for a CPU. */
  arrives = false;
  /** What the task is parked on, when another task must act for it to go on. */
  waitsFor: Waitable | null = null;
  /** How many things it has that others may wait for: held locks, served requests. Zero cannot close a cycle. */
  obligations = 0;
  /** False while parked. A task that sleeps by its own charged work is on its CPU. */
  onCpu = true;
  /** Tasks that spin for as long as this one stays on its CPU. */
  readonly watchers: Task[] = [];
  finished = false;
  /** What it is about, as a number that is the same in every variant, and how many draws were made for that. See {@link begins}. */
  private substream = 0;
  private drawn = 0;
  private steps: Steps | null = null;
  private owed = 0;
  private spinning = false;
  private readonly onFinding: (finding: WaitFinding) => void;

  constructor(sim: Simulation, name: string, onFinding: (finding: WaitFinding) => void) {
    super(sim);
    this.name = name;
    this.onFinding = onFinding;
  }

  /** Starts the task at the present time plus `delay` ns. */
  begin(steps: Steps, delay = 0): void {
    this.steps = steps;
    this.sim.taskBegan();
    if (this.processor !== null) this.arrives = true;
    this.sim.schedule(this, this.sim.now + delay);
  }

  fire(): void {
    if (this.arrives) {
      this.arrives = false;
      (this.processor as Processor).arrives(this);
      return;
    }
    this.onCpu = true;
    this.spinning = false;
    if (this.goesOn()) return;
    this.finish();
  }

  /** Runs to the next place where time passes. False: it has finished. */
  private goesOn(): boolean {
    try {
      return (this.steps as Steps).next().done !== true;
    } catch (thrown) {
      this.steps = this.dies(thrown);
      return this.steps.next().done !== true;
    }
  }

  /** What a task does after an error that ended its steps: nothing, the error is ours. @throws what was thrown. */
  protected dies(thrown: unknown): Steps {
    throw thrown;
  }

  /**
   * It begins something new. What is drawn for it is named by `substream` from here on, so that one draw more or less before, in another
   * variant, shifts none of those that follow. `drawn`: the first of these draws.
   */
  begins(substream: number, drawn = 0): void {
    this.substream = substream;
    this.drawn = drawn;
  }

  /** The next draw for what it is about. */
  draw(draws: KeyedDraws): number {
    return draws.uniform(this.substream, this.drawn++);
  }

  /** CPU work of `ns`, to be paid at the next {@link settles}. Nobody else can see it before. */
  charge(ns: number): void {
    this.owed += ns;
  }

  /** Charged work that is not paid yet, ns. */
  get unsettled(): number {
    return this.owed;
  }

  /** Pays charged work. True: the caller must `yield` once. */
  settles(): boolean {
    const ns = this.owed;
    if (ns === 0) return false;
    this.owed = 0;
    // With a CPU of its own a task works as it sleeps.
    return this.processor === null ? this.sleeps(ns) : this.processor.works(this, ns);
  }

  /** Sleeps for `ns`, off the CPU. True: the caller must `yield` once. */
  sleeps(ns: number): boolean {
    const { sim, processor } = this;
    if (processor !== null) return processor.naps(this, ns);
    const until = sim.now + ns;
    if (sim.advancesTo(until)) return false;
    sim.schedule(this, until);
    return true;
  }

  /**
   * Leaves the CPU until {@link wake}; the caller must `yield` next. With `on`, the wait-for graph is searched for a cycle
   * or for a blocker that is dead.
   */
  park(on: Waitable | null): void {
    this.waitsFor = on;
    this.offCpu();
    if (on !== null) {
      const finding = explore(this, on);
      if (finding !== null) this.onFinding(finding);
    }
    if (this.processor !== null) this.processor.left(this);
  }

  /** The task is not running any more: those who spin for as long as it does take notice. */
  offCpu(): void {
    this.onCpu = false;
    if (this.watchers.length !== 0) for (const spinner of this.watchers.splice(0)) spinner.wake(0);
  }

  /** Stays on the CPU, polling, until {@link wake}, or until the time `until`; the caller must `yield` next. */
  spin(on: Waitable, until: number | null): void {
    this.waitsFor = on;
    this.spinning = true;
    if (until !== null) this.sim.schedule(this, until);
  }

  /** It polls, and goes on as soon as it is woken. */
  get isSpinning(): boolean {
    return this.spinning;
  }

  /** Lets the task go on after `delay` ns. It no longer waits for anybody. Does nothing to a task that is on its way already. */
  wake(delay: number): void {
    if (this.pending !== 0 && !this.spinning) return;
    this.spinning = false;
    this.waitsFor = null;
    this.sim.schedule(this, this.sim.now + delay);
  }

  /** Told by the processor: it was sent from its CPU, or it has one again, after `ns` in the run queue. */
  scheduled(_change: "out" | "in", _ns: number): void {}

  private finish(): void {
    this.finished = true;
    this.steps = null;
    this.sim.taskFinished();
    this.offCpu();
    if (this.processor !== null) this.processor.left(this);
  }
}
