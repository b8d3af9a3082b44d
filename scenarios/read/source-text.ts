import { type Document, isMap, isScalar, LineCounter, parseAllDocuments, type Scalar, visit } from "yaml";
import { type Problem, ScenarioError } from "../problem.ts";

const maxBytes = 1024 * 1024;
const maxAliases = 100;

/** A YAML text whose values can be asked for their places. */
export class SourceText {
  readonly file: string;
  readonly document: Document.Parsed;
  private readonly lines: LineCounter;

  /**
   * @throws ScenarioError when the bytes are no YAML mapping: too large, binary, not UTF-8, syntax errors, several documents,
   * merge keys, or aliases without end.
   */
  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.lines = new LineCounter();
    const fail = (message: string): never => {
      throw new ScenarioError([{ file, line: 1, col: 1, path: "", message }]);
    };
    if (bytes.length > maxBytes) fail(`the file has ${bytes.length} bytes: a scenario has at most ${maxBytes}`);
    if (bytes.includes(0)) fail("the file is binary: a scenario is YAML text");
    let text = "";
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      fail("the file is not UTF-8 text");
    }
    const documents = parseAllDocuments(text, {
      lineCounter: this.lines,
      prettyErrors: false,
      uniqueKeys: true,
      logLevel: "error",
    });
    const parsed = Array.isArray(documents) ? documents : [];
    const first = parsed[0];
    if (first === undefined || (first.contents === null && first.errors.length === 0)) {
      throw new ScenarioError([
        { file, line: 1, col: 1, path: "", message: "the file is empty: a scenario is a YAML mapping" },
      ]);
    }
    this.document = first as Document.Parsed;
    const problems = parsed.flatMap((one) => one.errors.map((e) => this.problem(e.pos[0], "", firstLine(e.message))));
    if (problems.length > 0) throw new ScenarioError(problems);
    if (parsed.length > 1)
      throw new ScenarioError([
        this.problem(parsed[1]?.range?.[0] ?? 0, "", "a second document: a file holds one scenario"),
      ]);
    if (!isMap(this.document.contents)) {
      throw new ScenarioError([
        this.problem(this.document.contents?.range?.[0] ?? 0, "", "a scenario is a YAML mapping"),
      ]);
    }
    this.refuseLoops();
  }

  /** The plain value. */
  value(): unknown {
    return this.document.toJS({ maxAliasCount: maxAliases });
  }

  /** A problem at the value of `path`, or, when there is none, at the nearest thing above it. */
  problemAt(path: readonly PropertyKey[], message: string, atKey: string | null = null): Problem {
    const keys = path.map((key) => (typeof key === "number" ? key : String(key)));
    const dotted = [...keys, ...(atKey === null ? [] : [atKey])].join(".");
    for (let depth = keys.length; depth >= 0; depth--) {
      const node = depth === 0 ? this.document.contents : this.document.getIn(keys.slice(0, depth), true);
      if (atKey !== null && depth === keys.length && isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === atKey);
        const range = (pair?.key as Scalar | undefined)?.range;
        if (range) return this.problem(range[0], dotted, message);
      }
      const range = (node as { range?: [number, number, number] | null } | undefined)?.range;
      if (range) return this.problem(range[0], dotted, message);
    }
    return this.problem(0, dotted, message);
  }

  private problem(offset: number, path: string, message: string): Problem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), col: Math.max(1, col), path, message };
  }

  private refuseLoops(): void {
    const problems: Problem[] = [];
    let aliases = 0;
    visit(this.document, {
      Pair: (_key, pair) => {
        const { key } = pair;
        if (isScalar(key) && key.value === "<<") {
          problems.push(
            this.problem(key.range?.[0] ?? 0, "", "merge keys (<<) are not supported: write the values out"),
          );
        }
      },
      Alias: (_key, alias, path) => {
        aliases++;
        const target = alias.resolve(this.document);
        const position = alias.range?.[0] ?? 0;
        if (target === undefined) {
          problems.push(
            this.problem(position, "", `the alias *${alias.source} has no anchor &${alias.source} before it`),
          );
        } else if (path.some((above) => above === target)) {
          problems.push(this.problem(position, "", `the alias *${alias.source} contains itself`));
        }
        if (aliases === maxAliases + 1) problems.push(this.problem(position, "", `more than ${maxAliases} aliases`));
      },
    });
    if (problems.length > 0) throw new ScenarioError(problems);
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] as string;
}
