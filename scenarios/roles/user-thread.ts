import { z } from "zod";
import { share } from "../schema/quantities.ts";
import { order, ownMm, touched, writtenRole } from "./role.ts";

/** Threads that touch pages. */
export const userThread = writtenRole(
  "user_thread",
  {
    mm: ownMm,
    touch: touched,
    order,
    write: share
      .default(1)
      .describe("Share of the touches that write. A read of a page that is there takes no fault and no lock."),
    access: z
      .enum(["user", "kernel"])
      .default("user")
      .describe(
        "Who touches the page: the thread's own code, or the kernel in a system call of it. Kernels with locks of single mappings use them for the former alone; a userfaultfd with user_mode_only refuses the latter.",
      ),
  },
  { resolve: ({ mm, touch, order, write, access }) => ({ mm, touch, order, write, access }) },
);
