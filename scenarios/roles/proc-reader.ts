import { z } from "zod";
import { procFiles } from "../../sim/callers/proc.ts";
import { targetMm, writtenRole } from "./role.ts";

/** Readers of /proc/PID. */
export const procReader = writtenRole(
  "proc_reader",
  {
    file: z
      .enum(Object.keys(procFiles))
      .describe(
        "The file of /proc/PID that is read whole; to clear_refs is written. How it holds the lock is the file's.",
      ),
    target: targetMm,
    cycles: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe(
        "Holds of one read of smaps, each as long as the cost smaps_buffer says. Without it they are worked out from the mappings. Other files take no notice of it.",
      ),
  },
  {
    resolve: ({ file, target, cycles }) => ({ file, target, cycles: cycles ?? null }),
    check: ({ file, target }, on) => {
      const reads = procFiles[file]?.argv;
      if (on === undefined || on.arg_start !== undefined || reads === undefined) return [];
      return [{ key: "file", message: `${file} reads ${reads}, and mms.${target} has no arg_start` }];
    },
  },
);
