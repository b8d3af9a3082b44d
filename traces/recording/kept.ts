/** Texts that come again and again, by a hash of their letters; of two with one hash the last. */
const known: (string | undefined)[] = new Array(4096);

/**
 * A part of a line, as a text of its own. A slice keeps the whole text alive that it was cut from, here a megabyte of a recording, and
 * names and pointers are kept to the end; so each is copied, once.
 */
export function kept(line: string, from: number, to: number): string {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + line.charCodeAt(i)) | 0;
  const at = hash & 4095;
  const before = known[at];
  if (before !== undefined && before.length === to - from && line.startsWith(before, from)) return before;
  const copy = Buffer.from(line.slice(from, to), "latin1").toString("latin1");
  known[at] = copy;
  return copy;
}
