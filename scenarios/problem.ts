/** One thing wrong with a scenario, with its place. Lines and columns count from 1; 0 without a place. `file` may be `--set PATH=VALUE`. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /** Dotted path of the value, "" for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Everything wrong with a scenario, found in one pass: one line a problem, as compilers print them. */
export class ScenarioError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "ScenarioError";
    this.problems = problems;
  }
}

function formatProblem({ file, line, col, path, message }: Problem): string {
  // Of a file that does not exist there is no line.
  const place = file.startsWith("--set ") || line === 0 ? file : `${file}:${line}:${col}`;
  return `${place}: ${path === "" ? "" : `${path}: `}${message}`;
}
