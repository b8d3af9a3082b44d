import { chargeFields, type PagePath, type PageWait, type PageWindow, segmentFields } from "../data.ts";

/** A charge of a wait in words; times since the beginning of the window, ns. */
export interface NamedCharge {
  readonly from: number;
  readonly to: number;
  readonly holder: number;
  /** `R`, `W`, or "" while nobody had it. */
  readonly holderMode: string;
  readonly holderSite: string;
  readonly cause: string;
  readonly carrier: number;
  readonly carrierSite: string;
}

/** A segment of a critical path in words. */
export interface NamedSegment {
  readonly from: number;
  readonly to: number;
  readonly task: number;
  readonly site: string;
  readonly doing: string;
}

/** Who made a wait, piece by piece, in order of time. */
export function chargesOf({ names }: PageWindow, wait: PageWait): NamedCharge[] {
  let from = wait.from;
  return rowsOf(wait.charges, chargeFields.length).map(
    ([length = 0, holder = -1, mode = 0, site = -1, cause = -1, carrier = -1, carrierSite = -1]) => {
      const charge = {
        from,
        to: from + length,
        holder,
        holderMode: ["", "R", "W"][mode] ?? "",
        holderSite: names[site] ?? "",
        cause: names[cause] ?? "",
        carrier,
        carrierSite: names[carrierSite] ?? "",
      };
      from += length;
      return charge;
    },
  );
}

/** Where the time of an operation went, in order of time. */
export function segmentsOf({ names }: PageWindow, path: PagePath): NamedSegment[] {
  let { from } = path;
  return rowsOf(path.segments, segmentFields.length).map(([length = 0, task = -1, site = -1, doing = -1]) => {
    const segment = { from, to: from + length, task, site: names[site] ?? "", doing: names[doing] ?? "" };
    from += length;
    return segment;
  });
}

/** The waits that a hold made, from `from` to `to` by this task, and how much of each; longest first. */
export function victimsOf(window: PageWindow, task: number, from: number, to: number): { wait: number; ns: number }[] {
  return window.waits
    .map((wait, i) => ({
      wait: i,
      ns: chargesOf(window, wait)
        .filter(({ holder, holderMode }) => holder === task && holderMode !== "")
        .reduce((sum, charge) => sum + Math.max(0, Math.min(charge.to, to) - Math.max(charge.from, from)), 0),
    }))
    .filter(({ ns }) => ns > 0)
    .sort((a, b) => b.ns - a.ns);
}

function rowsOf(flat: readonly number[], width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
}
