import { LatencyFileError } from "./latency-file-error.ts";

/** How many braces without an end are tried before the text is given up: a text of nothing but braces costs bounded time. */
const maxUnclosed = 20;

/**
 * The JSON documents of fio in a text. What stands around them (notes, the usual report of `--output-format=json+,normal`, braces
 * in either) is passed over.
 *
 * @throws LatencyFileError when there is none: what is there instead, with its line.
 */
export function fioDocuments(text: string): readonly object[] {
  const documents: object[] = [];
  let trouble: string | null = null;
  let unclosed = 0;
  let from = 0;
  for (const { index } of text.matchAll(/^[ \t]*\{/gm)) {
    if (index < from || unclosed === maxUnclosed) continue;
    const end = endOf(text, index);
    if (end === null) {
      unclosed++;
      trouble ??= `is cut off: the document that begins in line ${lineOf(text, index)} has no end`;
      continue;
    }
    const found = parsed(text.slice(index, end));
    if (typeof found === "string") {
      trouble ??= `is not JSON where it looks like it, from line ${lineOf(text, index)}: ${found}`;
      continue;
    }
    from = end;
    if ("jobs" in found || "client_stats" in found) documents.push(found);
    else trouble ??= "has no jobs: it is JSON, but not fio's";
  }
  if (documents.length > 0) return documents;
  if (/^\s*\d+;fio-\d/.test(text))
    throw new LatencyFileError("is fio's terse output: run fio with --output-format=json+");
  throw new LatencyFileError(trouble ?? "is not JSON");
}

/** Where the braces that open at `from` are closed, null when nowhere. */
function endOf(text: string, from: number): number | null {
  let depth = 0;
  for (const { 0: token, index } of text.slice(from).matchAll(/"(?:[^"\\\n]|\\.)*"|[{}]/g)) {
    if (token === "{") depth++;
    else if (token === "}" && --depth === 0) return from + index + 1;
  }
  return null;
}

function parsed(text: string): object | string {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
