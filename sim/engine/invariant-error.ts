/** A broken promise of our own: a bug in gupsim, never in the input. `task` and `time` (ns) say where the run was. */
export class InvariantError extends Error {
  readonly time: number;
  readonly task: string;

  constructor(message: string, time: number, task: string) {
    super(`${message} (at ${time} ns, task ${task})`);
    this.name = "InvariantError";
    this.time = time;
    this.task = task;
  }
}
