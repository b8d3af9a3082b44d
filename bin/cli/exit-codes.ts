/** What the exit code says. When several apply, see {@link firstOf}. */
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

/** Which of several wins: a measurement that is broken is never masked by one that merely fails. */
const precedence: readonly number[] = [
  exitCodes.bug,
  exitCodes.interrupted,
  exitCodes.terminated,
  exitCodes.environment,
  exitCodes.stopped,
  exitCodes.usage,
  exitCodes.failed,
  exitCodes.inconclusive,
];

/** The exit code of a command to which these apply; 0 when none does. */
export function firstOf(codes: readonly number[]): number {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.ok;
}

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
