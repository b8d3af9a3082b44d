import type { Law } from "../sim/engine/law.ts";
import { LatencyFileError } from "./latency-file-error.ts";

const nsPerUnit: Readonly<Record<string, number>> = { ns: 1, us: 1_000, µs: 1_000, ms: 1_000_000, s: 1_000_000_000 };

/**
 * The percentile listing of an HdrHistogram (`.hgrm`: value, percentile, total count) as a law. Values are microseconds unless
 * a line such as `# unit: ns` says otherwise.
 *
 * @param source name of the file, kept in the law.
 * @throws LatencyFileError when a line cannot be read, or no line has a count.
 */
export function parseHgrm(text: string, source: string): Law {
  let unit = 1_000;
  const lo_ns: number[] = [];
  const hi_ns: number[] = [];
  const counts: number[] = [];
  let below = -1;
  let seen = 0;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const named = /^#\s*unit:?\s*(\S+)/i.exec(line);
    if (named !== null) unit = unitOf(named[1] as string, i + 1);
    if (!/^\s*[\d.]/.test(line)) continue;
    const [value, , total] = line.trim().split(/\s+/).map(Number);
    if (value === undefined || total === undefined || !(value >= 0) || !(total >= seen)) {
      throw new LatencyFileError(
        `line ${i + 1}: expected value, percentile and a growing total count, got "${line.trim()}"`,
      );
    }
    const ns = value * unit;
    if (total > seen) {
      lo_ns.push(below < 0 ? ns : below);
      hi_ns.push(ns);
      counts.push(total - seen);
      seen = total;
    }
    below = ns;
  }
  if (seen === 0) throw new LatencyFileError("has no percentile lines: it is not an .hgrm file");
  return { kind: "empirical", source, lo_ns, hi_ns, counts };
}

function unitOf(name: string, line: number): number {
  const ns = nsPerUnit[name];
  if (ns === undefined) {
    throw new LatencyFileError(`line ${line}: unknown unit "${name}": one of ${Object.keys(nsPerUnit).join(", ")}`);
  }
  return ns;
}
