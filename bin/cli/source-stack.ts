import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../scenarios/package-root.ts";

/** The place of a frame: a file of the bundle, line and column. */
const place = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g;

/** A stack with the places in our sources, where it has those in the bundle that has them in few files. */
export function sourceStack(stack: string): string {
  return stack.replace(place, (bundled: string, url: string, line: string, column: string) => {
    const file = fileURLToPath(url);
    const map = mapOf(file);
    const origin = map?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !("fileName" in origin)) return bundled;
    const source = resolve(dirname(file), origin.fileName);
    return `${relative(packageRoot, source)}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

function mapOf(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  } catch {
    return null;
  }
}
