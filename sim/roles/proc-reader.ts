import { type ProcFile, procFiles } from "../callers/proc.ts";
import type { TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** Other processes that read a /proc file of `target`. `cycles`: lock holds of one smaps read, null to count its mappings. */
export interface ProcReader extends TaskGroupBase {
  readonly role: "proc_reader";
  /** A name of `procFiles` in `sim/callers/proc.ts`. */
  readonly file: string;
  readonly target: string;
  readonly cycles: number | null;
}

/** Another process that reads a /proc file of the mm, whole, each time. */
export const proc_reader: Role<ProcReader> = {
  what: "Another process that reads, or writes, a file of /proc/PID, whole, again and again.",
  why: "It is the bystander: a short reader that waits behind a writer that waits for a holder over IO.",
  said: 'Andres Lagar-Cavilla: "/proc readers hanging up all over".',
  later: null,
  source: "v3.17 fs/proc/base.c and fs/proc/task_mmu.c",
  group: (group, { mm }) => {
    const { read } = procFiles[group.file] as ProcFile;
    return (current) =>
      repeat(current, group.schedule, group.file, function* () {
        yield* read(current, mm, group.cycles);
        return true;
      });
  },
};
