/** A latency file that cannot be used. The message says why, without the name of the file. */
export class LatencyFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LatencyFileError";
  }
}
