import { z } from "zod";
import type { RoleName } from "../../sim/roles/roles.ts";
import { gupCaller } from "./gup-caller.ts";
import { kvmVcpu } from "./kvm-vcpu.ts";
import { madvisePopulate } from "./madvise-populate.ts";
import { mmCall } from "./mm-call.ts";
import { mmWriter } from "./mm-writer.ts";
import { pageMigration, writeback } from "./page-worker.ts";
import { procReader } from "./proc-reader.ts";
import { procMem, processVmReadv } from "./remote-reader.ts";
import { userThread } from "./user-thread.ts";

/** The roles as they are written, by name: each role of `sim/roles` has one. */
export const writtenRoles = {
  kvm_vcpu: kvmVcpu,
  user_thread: userThread,
  madvise_populate: madvisePopulate,
  proc_reader: procReader,
  mm_writer: mmWriter,
  process_vm_readv: processVmReadv,
  proc_mem: procMem,
  gup_caller: gupCaller,
  mm_call: mmCall,
  page_migration: pageMigration,
  writeback,
} satisfies Readonly<Record<RoleName, { readonly form: z.ZodObject }>>;

type Form = (typeof writtenRoles)[RoleName]["form"];

/** A group of tasks, of any role. */
export const taskForm = z.discriminatedUnion(
  "role",
  Object.values(writtenRoles).map(({ form }) => form) as [Form, ...Form[]],
);

/** A group of tasks as it was read. */
export type TaskForm = z.output<typeof taskForm>;
