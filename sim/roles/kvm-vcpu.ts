import { trace_op_begin, trace_op_end, trace_op_missed } from "../trace/events/work.ts";
import { KeyedDraws } from "../engine/random.ts";
import type { Steps } from "../engine/task.ts";
import { kvm_check_async_pf_completion, kvm_vcpu_block } from "../linux/arch/x86/kvm/x86.ts";
import { tdp_page_fault } from "../linux/arch/x86/kvm/mmu.ts";
import { type FaultContext, kvm, kvm_vcpu as vcpu_struct } from "../linux/include/linux/kvm_host.ts";
import type { AsyncPfHost } from "../linux/virt/kvm/async_pf.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import { Pacer } from "./pace/pacer.ts";
import type { PageWalk } from "./pace/pages.ts";
import type { Role } from "./role.ts";

/**
 * vcpu threads that touch pages of guest memory. `async_pf` is null when the guest has none; `possible`: share of faults for which
 * async delivery is possible (the others are synchronous); `user_mode`: share of those that hit guest user mode, where the guest
 * can switch to another process; the rest halts the vcpu. `guest_tasks`: guest processes a vcpu can switch between. `write`:
 * share of touches that write.
 */
export interface KvmVcpu extends TaskGroupBase {
  readonly role: "kvm_vcpu";
  readonly mm: string;
  readonly touch: string;
  readonly order: Order;
  readonly write: number;
  readonly guest_tasks: number;
  readonly async_pf: { readonly possible: number; readonly user_mode: number } | null;
}

/** The threads of a virtual machine. */
export const kvm_vcpu: Role<KvmVcpu> = {
  what: "The thread of a vcpu: runs a guest whose processes touch pages of guest memory, and resolves the faults of those that are away.",
  why: "A fault of the guest becomes get_user_pages on the host: the mail is about the time for which it holds the lock.",
  said: 'Andres Lagar-Cavilla: "When KVM handles a tdp fault it uses FOLL_NOWAIT".',
  later: "Since v4.0 the synchronous look-up and the async worker let go over IO.",
  source: "v3.17 virt/kvm/kvm_main.c, virt/kvm/async_pf.c and arch/x86/kvm",
  group: (group, { mm, vma, walk, workqueue }) => {
    const machine = new kvm(mm, vma(group.touch));
    return (current, i) =>
      vcpuThread(new vcpu_struct(machine, current, i), group, walk(current, i, group), { workqueue });
  },
};

/** A process inside the guest: it computes, then touches a page. */
interface GuestProcess {
  /** Guest CPU time before its next touch, ns. */
  pause: number;
  /** The touch under way. */
  touch: { readonly k: number; readonly gfn: number; readonly context: FaultContext } | null;
  /** The async page fault it waits for, -1 for none. */
  token: number;
}

/**
 * What runs on one vcpu: a few processes that take turns, a pause and a touch each, until the guest kernel parks one on an
 * async page fault. A process whose page has become ready runs at once, as a woken sleeper does.
 */
class Guest {
  readonly runnable: GuestProcess[] = [];
  private readonly parked: GuestProcess[] = [];
  private readonly group: KvmVcpu;
  private readonly walk: PageWalk;
  private readonly draws: { write: KeyedDraws; possible: KeyedDraws; user: KeyedDraws };
  private touches = 0;

  constructor(seed: string, name: string, group: KvmVcpu, walk: PageWalk) {
    this.group = group;
    this.walk = walk;
    this.draws = {
      write: new KeyedDraws(seed, name, "write"),
      possible: new KeyedDraws(seed, name, "async-possible"),
      user: new KeyedDraws(seed, name, "user-mode"),
    };
    for (let i = 0; i < group.guest_tasks; i++) this.runnable.push({ pause: 0, touch: null, token: -1 });
  }

  /** The next touch; its page and circumstances depend on its number alone. */
  nextTouch(): { k: number; gfn: number; context: FaultContext } {
    const { group, draws } = this;
    const k = this.touches++;
    const apf = group.async_pf;
    const context = {
      write: draws.write.uniform(k, 0) < group.write,
      canDoAsync: apf !== null && draws.possible.uniform(k, 0) < apf.possible,
      userMode: apf !== null && draws.user.uniform(k, 0) < apf.user_mode,
    };
    return { k, gfn: this.walk.index(k), context };
  }

  /** The running process has done its touch: the others get their turn. */
  rotate(): void {
    const first = this.runnable.shift();
    if (first !== undefined) this.runnable.push(first);
  }

  park(process: GuestProcess, token: number): void {
    process.token = token;
    this.parked.push(process);
    this.runnable.splice(this.runnable.indexOf(process), 1);
  }

  readonly ready = (token: number): void => {
    const at = this.parked.findIndex((process) => process.token === token);
    for (const process of this.parked.splice(at, 1)) {
      process.token = -1;
      this.runnable.unshift(process);
    }
  };
}

/**
 * A vcpu thread: runs the guest until it touches a page that is not mapped, resolves the fault, and delivers at each exit
 * what the async page fault workers have finished.
 *
 * An exit is caused by a fault or, while something is outstanding, by the host's timer tick.
 */
function* vcpuThread(vcpu: vcpu_struct, group: KvmVcpu, walk: PageWalk, host: AsyncPfHost): Steps {
  const { task: current, kvm } = vcpu;
  const { sim, costs } = current.kernel;
  const { seed } = current;
  const guest = new Guest(seed, current.name, group, walk);
  const pacer = new Pacer(seed, current.name, group.schedule);
  const touches = new KeyedDraws(seed, current.name, "operation");
  const { start_ns } = group.schedule;
  if (start_ns !== undefined && current.sleeps(start_ns)) yield;

  for (;;) {
    if (vcpu.done.length !== 0) yield* kvm_check_async_pf_completion(vcpu, host, guest.ready);
    if (current.settles()) yield;
    current.site = "";
    const process = guest.runnable[0];
    if (vcpu.halted || process === undefined) {
      yield* kvm_vcpu_block(vcpu, vcpu.halted ? "apf-halt" : "guest-idle");
      continue;
    }
    if (process.touch === null) {
      if (process.pause === 0) {
        process.pause = pacer.next(sim.now) - sim.now;
        if (pacer.missed > 0) trace_op_missed(current, "touch", pacer.missed);
      }
      const tick = costs.host_tick - (sim.now % costs.host_tick);
      const slice = vcpu.queued > 0 ? Math.min(process.pause, tick) : process.pause;
      current.charge(slice);
      if (current.settles()) yield;
      process.pause -= slice;
      if (process.pause > 0) continue;
      process.touch = guest.nextTouch();
      current.begins(touches.key(process.touch.k, 0));
      current.kernel.heedLeak(current);
      trace_op_begin(current, "touch", process.touch.k, sim.now);
    }
    const { k, gfn, context } = process.touch;
    if (kvm.maps(gfn, context.write)) {
      process.touch = null;
      guest.rotate();
      trace_op_end(current, "touch", k, true);
      continue;
    }
    current.charge(costs.vm_exit);
    const outcome = yield* tdp_page_fault(vcpu, gfn, context, false, host);
    if (current.settles()) yield;
    if (outcome.kind === "not-present") guest.park(process, outcome.apf.token);
    if (outcome.kind === "error") {
      process.touch = null;
      current.site = "";
      trace_op_end(current, "touch", k, false);
    }
  }
}
