/** A thread that runs cells. Errors cross the border as data: the other side cannot see a class of ours. */
import type { Cell } from "../../sim/study/plan/cell.ts";
import { runCell, toPlain } from "../../sim/study/plan/measurements.ts";
import { type Failure, failureOf } from "./model-bug.ts";

/** What came of a cell: its result as plain data, or why there is none. */
export type CellAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly failure: Failure };

/** Runs one cell. Never throws. */
export default function work(cell: Cell): CellAnswer {
  try {
    return { ok: true, result: toPlain(cell.measure, runCell(cell)) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}
