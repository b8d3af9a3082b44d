/** Whether those who carry out a study shall stop: what is done is kept, what runs is given up. */
export interface Stop {
  isAsked(): boolean;
  /** Runs `body`; `told` is called as soon as it is asked meanwhile. */
  during(told: () => void, body: () => Promise<void>): Promise<void>;
}

/** Asked by a signal of the caller's; never without one. */
export function stopOf(signal: AbortSignal | undefined): Stop {
  return {
    isAsked: () => signal?.aborted === true,
    during: async (told, body) => {
      signal?.addEventListener("abort", told);
      try {
        await body();
      } finally {
        signal?.removeEventListener("abort", told);
      }
    },
  };
}
