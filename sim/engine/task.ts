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
}

/** A thread of control: one generator, resumed by the simulation. */
export class Task extends Actor {
  readonly name: string;
  /** What the task is parked on, when another task must act for it to go on. */
  waitsFor: Waitable | null = null;
  /** How many things it has that others may wait for: held locks, served requests. Zero cannot close a cycle. */
  obligations = 0;
  /** False while parked. A task that sleeps by its own charged work is on its CPU. */
  onCpu = true;
  /** Tasks that spin for as long as this one stays on its CPU. */
  readonly watchers: Task[] = [];
  finished = false;
  private steps: Steps | null = null;
  private owed = 0;
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
    this.sim.schedule(this, this.sim.now + delay);
  }

  fire(): void {
    this.onCpu = true;
    if ((this.steps as Steps).next().done === true) this.finish();
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
    return this.sleeps(ns);
  }

  /** Lets `ns` pass. True: the caller must `yield` once. */
  sleeps(ns: number): boolean {
    const { sim } = this;
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
    this.onCpu = false;
    this.waitsFor = on;
    if (this.watchers.length !== 0) for (const spinner of this.watchers.splice(0)) spinner.wake(0);
    if (on === null) return;
    const finding = explore(this, on);
    if (finding !== null) this.onFinding(finding);
  }

  /** Stays on the CPU, polling, until {@link wake}; the caller must `yield` next. */
  spin(on: Waitable): void {
    this.waitsFor = on;
  }

  /** Lets the task go on after `delay` ns. It no longer waits for anybody. Does nothing to a task that is on its way already. */
  wake(delay: number): void {
    if (this.pending !== 0) return;
    this.waitsFor = null;
    this.sim.schedule(this, this.sim.now + delay);
  }

  private finish(): void {
    this.finished = true;
    this.steps = null;
    this.sim.taskFinished();
    for (const spinner of this.watchers.splice(0)) spinner.wake(0);
  }
}
