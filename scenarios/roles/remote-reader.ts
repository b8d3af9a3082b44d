import { order, pageCount, targetMm, touched, writtenRole } from "./role.ts";

const keys = { target: targetMm, touch: touched, order, pages: pageCount };

/** Readers by process_vm_readv. */
export const processVmReadv = writtenRole("process_vm_readv", keys, {
  resolve: ({ target, touch, order, pages }) => ({ target, touch, order, pages }),
});

/** Readers of /proc/PID/mem. */
export const procMem = writtenRole("proc_mem", keys, {
  resolve: ({ target, touch, order, pages }) => ({ target, touch, order, pages }),
});
