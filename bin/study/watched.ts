import { replicateOnce } from "../../sim/study/replication.ts";
import { runCell } from "../../sim/study/plan/measurements.ts";
import { stopBySignal } from "../cli/interruption.ts";
import type { EventPrinter } from "./events.ts";
import { failureOf } from "./model-bug.ts";
import type { Workers } from "./workers.ts";

/**
 * This thread, with the events of each replication printed or the model checked after each step. Runs to find a warm-up are as always.
 *
 * @param printer null for no events.
 */
export function watchedWorkers(printer: EventPrinter | null, checkInvariants: boolean): Workers {
  return {
    stop: stopBySignal,
    run: async (cells, heard) => {
      for (const [i, cell] of cells.entries()) {
        if (stopBySignal.isAsked()) return;
        const { measure, scenario, variant, seed, from_ns } = cell;
        try {
          const result =
            measure === "replication"
              ? replicateOnce(scenario, variant, seed, printer === null ? [] : [printer], { checkInvariants }, from_ns)
              : runCell(cell);
          heard.finished(i, result);
        } catch (error) {
          throw heard.failed(cell, failureOf(error));
        } finally {
          // Also what led to a bug.
          if (measure === "replication") printer?.flush();
        }
      }
    },
  };
}
