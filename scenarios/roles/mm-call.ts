import { z } from "zod";
import { callerNames, callers } from "../../sim/callers/callers.ts";
import { order, ownMm, pageCount, touched, writtenRole } from "./role.ts";

/** Tasks that make one call again and again. */
export const mmCall = writtenRole(
  "mm_call",
  {
    call: z
      .enum(callerNames)
      .describe(
        "What is called: one of the callers, whose holds `gupsim sites` shows. A reader, a writer, or both in turn.",
      ),
    mm: ownMm,
    touch: touched,
    order,
    pages: pageCount
      .optional()
      .describe("Consecutive pages that one call works on. Without it as many as people use with the call."),
  },
  {
    resolve: ({ call, mm, touch, order, pages }) => ({
      call,
      mm,
      touch,
      order,
      pages: pages ?? callers[call].pages,
    }),
  },
);
