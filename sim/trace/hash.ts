/** The 32-bit FNV-1a hash of a text, with its length; `start` makes independent hashes of the same text. */
export function fnv1a(text: string, start = 0x811c9dc5): number {
  let hash = start | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ text.length, 0x01000193);
}

/** The finaliser of murmur3: every bit of the 32-bit `word` reaches every bit of the result. */
export function avalanche(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A 32-bit word as 8 hex digits. */
export function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
