import type { Steps } from "../../engine/task.ts";
import type { vm_area_struct } from "../include/linux/mm_types.ts";
import type { task_struct } from "../include/linux/sched.ts";

/**
 * Closes a mapping. Where it is a shared file of a FUSE server with dirty pages, they are written back and waited for, with whatever
 * lock the caller has.
 *
 * Source: v3.17 mm/mmap.c, v6.18 mm/vma.c; fs/fuse/file.c (fuse_vma_close).
 * Left out: the reference on the file, policies. The pages of one close are one request.
 */
export function* remove_vma(current: task_struct, vma: vm_area_struct): Steps {
  if (vma.dirty === 0 || vma.backing?.ioClass !== "fuse") return;
  const { device } = vma.backing;
  const { dirty } = vma;
  vma.dirty = 0;
  current.charge(current.kernel.costs.io_submit);
  if (current.settles()) yield;
  let isDone = false;
  const complete = (): void => {
    isDone = true;
    current.kernel.cpus.wake(current, 0);
  };
  const speedup = current.kernel.ioSpeedup(current.site);
  device.submit({ page: 0, nth: vma.nextRead(0), pages: dirty, speedup, complete }, current.nr, current.site);
  while (!isDone) {
    current.sleepFor("fuse", false, device.servers);
    yield;
    current.wokeFrom("fuse");
  }
}
