import type { Steps } from "../../../engine/task.ts";
import type { task_struct } from "../../include/linux/sched.ts";
import { grantReader, schedule } from "./rwsem-xadd.ts";
import type { rw_semaphore, rwsem_policy, rwsem_waiter } from "./rwsem.ts";

/**
 * No kernel's rwsem: everyone in the order of arrival, nobody spins, barges or steals, and a writer too owns the lock from
 * the moment it is let go. The contrast that shows what the real policies' unfairness does.
 *
 * Source: none; the textbook fair lock, see docs/ARCHITECTURE.md.
 */
export const rwsem_strict_fifo: rwsem_policy = {
  name: "strict-fifo",

  __down_read_trylock(current, sem) {
    if (sem.owner !== null || sem.wait_list.length !== 0) return false;
    sem.grant(current, "R");
    return true;
  },

  __down_write_trylock(current, sem) {
    if (sem.owner !== null || sem.readers !== 0 || sem.wait_list.length !== 0) return false;
    sem.grant(current, "W");
    return true;
  },

  rwsem_down_read_failed(current, sem) {
    return queue(current, sem, { task: current, type: "RWSEM_WAITING_FOR_READ", granted: false });
  },

  rwsem_down_write_failed(current, sem) {
    return queue(current, sem, { task: current, type: "RWSEM_WAITING_FOR_WRITE", granted: false });
  },

  __up_read(sem) {
    if (sem.readers === 0) admitHead(sem);
  },

  __up_write: admitHead,

  __downgrade_write: admitReaders,
};

function queue(current: task_struct, sem: rw_semaphore, waiter: rwsem_waiter): Steps {
  sem.wait_list.push(waiter);
  return schedule(current, sem, waiter);
}

function admitHead(sem: rw_semaphore): void {
  const head = sem.wait_list[0];
  if (head === undefined) return;
  if (head.type === "RWSEM_WAITING_FOR_READ") {
    admitReaders(sem);
    return;
  }
  sem.wait_list.shift();
  head.granted = true;
  sem.grant(head.task, "W");
  sem.kernel.trace.emit("granted", sem.kernel.sim.now, head.task.nr, sem.name, "W", head.task.site, "", 0, 0);
  sem.kernel.cpus.wake(head.task);
}

function admitReaders(sem: rw_semaphore): void {
  while (sem.wait_list[0]?.type === "RWSEM_WAITING_FOR_READ") {
    grantReader(sem, sem.wait_list.shift() as rwsem_waiter);
  }
}
