/** `1 seed`, `3 seeds`. */
export function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  const [last = "", ...others] = [...items].reverse();
  return others.length === 0 ? last : `${others.reverse().join(", ")} and ${last}`;
}

/** The room beside a head that a text needs; where there is less it stands below. */
const leastBeside = 24;

/** A head, and from column `at` on a text beside it in as many lines as it takes; below it where it has no room. */
export function beside(head: string, text: string, at: number, width: number): string[] {
  const hasRoom = width - at >= leastBeside && head.length < at;
  const indent = hasRoom ? at : 2;
  const lines = wrap(text, width - indent, "").map((line) => `${" ".repeat(indent)}${line.trim()}`);
  return hasRoom ? lines.map((line, i) => (i === 0 ? head.padEnd(at) + line.slice(at) : line)) : [head, ...lines];
}

/** Breaks a text at its spaces into lines of at most `width` columns, the first by `indent`, the others by two more. */
export function wrap(text: string, width: number, indent = "  "): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}  `;
    }
    line += line.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}
