import { z } from "zod";
import { share } from "../schema/quantities.ts";
import { order, ownMm, touched, writtenRole } from "./role.ts";

const asyncPf = z.union([
  z.boolean(),
  z.strictObject({
    possible: share
      .default(1)
      .describe("Share of the faults for which it is possible. The others wait, as without it."),
    user_mode: share
      .default(1)
      .describe(
        "Share of the faults that hit the guest in user mode, where it can run another process meanwhile; after the others the vcpu halts until the page is there.",
      ),
  }),
]);

/** Vcpus of a virtual machine. */
export const kvmVcpu = writtenRole(
  "kvm_vcpu",
  {
    mm: ownMm,
    touch: touched.describe("The mapping that is the memory of the guest."),
    order,
    write: share
      .default(1)
      .describe("Share of the touches that write. A write needs a page that is there for writing."),
    guest_tasks: z
      .int()
      .min(1)
      .max(1024)
      .default(1)
      .describe(
        "Processes of the guest that a vcpu can switch between: while one waits for an async page fault the others go on and touch pages. With 1 the vcpu is idle meanwhile.",
      ),
    async_pf: asyncPf
      .default(true)
      .describe(
        "Async page faults: a fault that needs IO is handed to a worker, and it is the worker that holds the lock over it or lets go. false: the guest has none; true: for all faults; or the shares for which it can be.",
      ),
  },
  {
    resolve: ({ mm, touch, order, write, guest_tasks, async_pf }) => {
      const always = { possible: 1, user_mode: 1 };
      return {
        mm,
        touch,
        order,
        write,
        guest_tasks,
        async_pf: async_pf === false ? null : async_pf === true ? always : async_pf,
      };
    },
    check: ({ once }) => (once ? [{ key: "once", message: "a vcpu runs its guest until the end" }] : []),
  },
);
