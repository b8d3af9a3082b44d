/** What the exit code says. When several apply, the first of 70, 130/143, 5, 4, 2, 1, 3 wins. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  inconclusive: 3,
  stopped: 4,
  environment: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** The user asked for something that does not exist or cannot be: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The machine does not let us: a file cannot be written, for example. Exit code 5. */
export class EnvironmentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EnvironmentError";
  }
}
