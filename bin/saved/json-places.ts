/** Where things stand in a JSON text: JSON.parse tells it of no value, and of few errors. */

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

/** A list or a map that is open, and what is read in it: the key, or the number. */
interface Inside {
  readonly isList: boolean;
  key: string | number;
}

const blank = /[ \t\n\r]*/y;
/** From the blank on all characters but `"` and `\` stand for themselves. */
const text = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*"/y;
const plain = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Where the text stops being JSON; its end where something is missing there. */
export function syntaxErrorPlace(json: string): Place {
  return placeAt(
    json,
    scan(json, () => {}),
  );
}

/** Where the value at a path stands; of one that is missing, the nearest thing above it. @param json a text that JSON.parse takes. */
export function placeOf(json: string, path: readonly PropertyKey[]): Place {
  let found = 0;
  let depth = -1;
  scan(json, (offset, open) => {
    if (open.length > path.length || open.length < depth) return;
    if (!open.every(({ key }, i) => String(key) === String(path[i]))) return;
    depth = open.length;
    found = offset;
  });
  return placeAt(json, found);
}

/** Reads a JSON text and tells of each value where it begins. Returns where it stops being JSON, its length when it does not. */
function scan(json: string, begins: (offset: number, open: readonly Inside[]) => void): number {
  const open: Inside[] = [];
  let at = 0;
  const skip = (token: RegExp): boolean => {
    token.lastIndex = at;
    const isThere = token.test(json);
    if (isThere) at = token.lastIndex;
    return isThere;
  };
  const next = (): string => {
    skip(blank);
    return json[at] ?? "";
  };
  /** Takes `"key":` up. */
  const key = (inside: Inside): boolean => {
    next();
    const from = at;
    if (!skip(text)) return false;
    inside.key = JSON.parse(json.slice(from, at)) as string;
    if (next() !== ":") return false;
    at++;
    return true;
  };
  for (;;) {
    const sign = next();
    begins(at, open);
    if (sign === "{" || sign === "[") {
      at++;
      const inside: Inside = { isList: sign === "[", key: 0 };
      if (next() !== (inside.isList ? "]" : "}")) {
        open.push(inside);
        if (!inside.isList && !key(inside)) return at;
        continue;
      }
      at++;
    } else if (!skip(text) && !skip(plain)) return at;
    // A value has ended, and perhaps what it was in.
    for (;;) {
      const inside = open.at(-1);
      const after = next();
      if (inside === undefined) return at;
      if (after === ",") {
        at++;
        if (inside.isList) inside.key = (inside.key as number) + 1;
        else if (!key(inside)) return at;
        break;
      }
      if (after !== (inside.isList ? "]" : "}")) return at;
      at++;
      open.pop();
    }
  }
}

function placeAt(json: string, offset: number): Place {
  const before = json.slice(0, offset);
  const line = before.split("\n").length;
  return { line, col: offset - before.lastIndexOf("\n") };
}
