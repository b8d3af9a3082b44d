import type { Stop } from "../study/workers.ts";

/** A signal that asks the program to stop: what is done is kept, what runs is given up. */
export const interruption: {
  /** The exit code of the signal, null as long as there was none. */
  code: number | null;
  /** Called when somebody begins (true) or nobody goes on (false) to listen: the program hears signals only in between, so that
   * everything else, a long calculation too, is ended by them at once. */
  hears: (listening: boolean) => void;
} = { code: null, hears: () => {} };

/** Told when it comes. */
const listeners: (() => void)[] = [];

/** Notes a signal. A second one is not waited for: returns false. */
export function interrupt(code: number): boolean {
  if (interruption.code !== null) return false;
  interruption.code = code;
  for (const listener of [...listeners]) listener();
  return true;
}

/** Has `listener` told of a signal until {@link unlisten}. */
export function listen(listener: () => void): void {
  listeners.push(listener);
  if (listeners.length === 1) interruption.hears(true);
}

/** Ends {@link listen}. */
export function unlisten(listener: () => void): void {
  listeners.splice(listeners.indexOf(listener), 1);
  if (listeners.length === 0) interruption.hears(false);
}

/** Asked by a signal to the program. While something listens to signals, one of them does not end the program: what is done is kept. */
export const stopBySignal: Stop = {
  isAsked: () => interruption.code !== null,
  during: async (told, body) => {
    listen(told);
    try {
      await body();
    } finally {
      unlisten(told);
    }
  },
};
