/** Where the rest lies. */

/** What a screen is of, for its last line. */
export interface Rest {
  /** The page over all of it, if one was written. */
  readonly page: string | null;
  /** Options that show more or less, besides `--full`. */
  readonly options: readonly string[];
}

/** `gupsim-out/kvm-swap/report.html; all of it: --full; rows: --role, --site, --metric, --sort`. */
export function lastLine({ page, options }: Rest): string {
  const rows = options.length === 0 ? "" : `; rows: ${options.join(", ")}`;
  return `${page === null ? "" : `${page}; `}all of it: --full${rows}`;
}
