import { createReadStream, openSync, readSync, closeSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { inTime, type RecordingFile } from "../../../traces/recording/recording-file.ts";
import type { LockLine } from "../../../traces/recording/lock-line.ts";
import { isStandardInput } from "../../../scenarios/standard-input.ts";
import { EnvironmentError } from "../../cli/exit-codes.ts";

/** A file of a recording: its name, `-` for standard input, and who reads its lines. */
export interface RecordingSource {
  readonly path: string;
  readonly file: RecordingFile;
}

/**
 * The lines of all files of one recording, in order of time, in portions. Text or gzip; nothing but what is held back is in memory.
 *
 * @param progress hears how many bytes of text were read since the last time.
 * @throws EnvironmentError for a file that cannot be read.
 */
export async function* recordingLines(
  sources: readonly RecordingSource[],
  progress: (bytes: number) => void,
): AsyncGenerator<readonly LockLine[]> {
  const [only] = sources;
  if (sources.length === 1 && only !== undefined) {
    yield* linesOf(only, progress);
    return;
  }
  const heads = await Promise.all(sources.map(async (source) => new Head(linesOf(source, progress)).filled()));
  for (;;) {
    const open = heads.filter((head) => head.line !== undefined);
    if (open.length === 0) return;
    const [first, second] = open.sort((a, b) => inTime(a.line as LockLine, b.line as LockLine)) as [Head, Head?];
    yield await first.takeUntil(second?.line);
  }
}

/** The lines of one file that are not taken yet. */
class Head {
  private readonly portions: AsyncGenerator<readonly LockLine[]>;
  private portion: readonly LockLine[] = [];
  private at = 0;

  constructor(portions: AsyncGenerator<readonly LockLine[]>) {
    this.portions = portions;
  }

  /** The next line; `undefined` at the end. */
  get line(): LockLine | undefined {
    return this.portion[this.at];
  }

  async filled(): Promise<this> {
    while (this.at === this.portion.length) {
      const next = await this.portions.next();
      if (next.done === true) return this;
      [this.portion, this.at] = [next.value, 0];
    }
    return this;
  }

  /** Takes the lines before that of another file. */
  async takeUntil(other: LockLine | undefined): Promise<readonly LockLine[]> {
    const taken: LockLine[] = [];
    while (this.line !== undefined && (other === undefined || inTime(this.line, other) <= 0)) {
      taken.push(this.line);
      this.at++;
      if (this.at === this.portion.length) {
        await this.filled();
        if (other === undefined) break;
      }
    }
    return taken;
  }
}

async function* linesOf(
  { path, file }: RecordingSource,
  progress: (bytes: number) => void,
): AsyncGenerator<readonly LockLine[]> {
  let rest = "";
  try {
    for await (const chunk of textOf(path)) {
      progress(chunk.length);
      const ready: LockLine[] = [];
      const text = rest + chunk;
      let from = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
        file.line(text.charCodeAt(end - 1) === 13 ? text.slice(from, end - 1) : text.slice(from, end), ready);
        from = end + 1;
      }
      rest = text.slice(from);
      if (ready.length > 0) yield ready;
    }
  } catch (cause) {
    throw new EnvironmentError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const ready: LockLine[] = [];
  if (rest !== "") file.line(rest, ready);
  file.end(ready);
  if (ready.length > 0) yield ready;
}

function textOf(path: string): AsyncIterable<string> {
  const stream: Readable = isStandardInput(path) ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  const text = !isStandardInput(path) && isGzip(path) ? stream.pipe(createGunzip({ chunkSize: 1 << 20 })) : stream;
  if (text !== stream) stream.on("error", (error) => text.destroy(error));
  // The kernel's text is ASCII but for comms, which may hold any byte.
  return text.setEncoding("latin1");
}

function isGzip(path: string): boolean {
  const head = Buffer.alloc(2);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, head, 0, 2, 0);
  } finally {
    closeSync(descriptor);
  }
  return head[0] === 0x1f && head[1] === 0x8b;
}
