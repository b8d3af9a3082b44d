/** What `run`, `compare` and `check` have in common, as the user gave it. */
export interface SimulationOptions {
  /** Name of a bundled scenario, or a file. */
  readonly scenario: string;
  readonly variants: string | undefined;
  readonly set: readonly string[];
  readonly seed: readonly string[];
  readonly seeds: string | undefined;
  /** Folder for files, `undefined` for the default, `null` for no files. */
  readonly out: string | undefined | null;
  readonly format: string;
  /** `FROM..TO`, the stretch of events that is kept; `undefined` for that of the longest wait. */
  readonly window: string | undefined;
  /** Replications at once. */
  readonly jobs: string | undefined;
  /** The half width that each interval may have, against its value: `5%`. */
  readonly precision: string | undefined;
  /** `auto`, or a time. */
  readonly warmup: string;
}
