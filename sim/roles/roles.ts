import { gup_caller } from "./gup-caller.ts";
import { kvm_vcpu } from "./kvm-vcpu.ts";
import { madvise_populate } from "./madvise-populate.ts";
import { mm_call } from "./mm-call.ts";
import { mm_writer } from "./mm-writer.ts";
import { page_migration, writeback } from "./page-worker.ts";
import { proc_reader } from "./proc-reader.ts";
import { proc_mem, process_vm_readv } from "./remote-reader.ts";
import type { Role } from "./role.ts";
import { user_thread } from "./user-thread.ts";

/** What the tasks of a scenario can do, by the name of the role. */
export const roles = {
  kvm_vcpu,
  user_thread,
  madvise_populate,
  proc_reader,
  mm_writer,
  process_vm_readv,
  proc_mem,
  gup_caller,
  mm_call,
  page_migration,
  writeback,
} as const;

/** The name of one role. */
export type RoleName = keyof typeof roles;
/** A group of tasks of one of the roles, resolved. */
export type TaskGroup = (typeof roles)[RoleName] extends Role<infer Group> ? Group : never;
