/** A signal that asks the program to stop: what is done is kept, what runs is given up. */
export const interruption: {
  /** The exit code of the signal, null as long as there was none. */
  code: number | null;
  /** Told when it comes. */
  readonly listeners: (() => void)[];
} = { code: null, listeners: [] };

/** Notes a signal. A second one is not waited for: returns false. */
export function interrupt(code: number): boolean {
  if (interruption.code !== null) return false;
  interruption.code = code;
  for (const listener of [...interruption.listeners]) listener();
  return true;
}
