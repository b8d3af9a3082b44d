/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8. Ours, because sim sees no node:crypto and a page has only an asynchronous one: a cell must have
 * the same id wherever it is made, and a scenario's hash is in results that people keep.
 */

/** The first 32 bits of the fractional parts of the roots of the first primes: `root` 2 or 3. */
function fractions(count: number, root: 2 | 3): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Uint32Array.from(primes, (prime) => (root === 2 ? Math.sqrt(prime) : Math.cbrt(prime)) * 2 ** 32);
}

const initial = fractions(8, 2);
const constants = fractions(64, 3);

/** The hash as 64 hex digits. */
export function sha256(text: string): string {
  const blocks = padded(new TextEncoder().encode(text));
  const hash = Uint32Array.from(initial);
  const schedule = new Uint32Array(64);
  for (let at = 0; at < blocks.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = blocks.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const [early, late] = [schedule[i - 15] as number, schedule[i - 2] as number];
      const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      schedule[i] = (schedule[i - 16] as number) + s0 + (schedule[i - 7] as number) + s1;
    }
    compress(hash, schedule);
  }
  return Array.from(hash, (word) => word.toString(16).padStart(8, "0")).join("");
}

/** The message, a one bit, zeros, and its length in bits, to whole blocks of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const all = new Uint8Array(length);
  all.set(bytes);
  all[bytes.length] = 0x80;
  const view = new DataView(all.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(length - 4, bytes.length * 8);
  return view;
}

function compress(hash: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + s1 + choice + (constants[i] as number) + (schedule[i] as number)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + s0 + majority) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = (hash[i] as number) + word;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
