import { trace_op_begin, trace_op_end, trace_op_missed } from "../trace/events/work.ts";
import { KeyedDraws } from "../engine/random.ts";
import type { Steps } from "../engine/task.ts";
import { kvm_check_async_pf_completion, kvm_vcpu_block } from "../linux/arch/x86/kvm/x86.ts";
import { tdp_page_fault } from "../linux/arch/x86/kvm/mmu.ts";
import type { FaultContext, kvm_vcpu } from "../linux/include/linux/kvm_host.ts";
import type { AsyncPfHost } from "../linux/virt/kvm/async_pf.ts";
import type { KvmVcpu } from "../scenario.ts";
import { Pacer } from "./pacer.ts";
import type { PageWalk } from "./pages.ts";

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
export function* vcpuThread(vcpu: kvm_vcpu, group: KvmVcpu, walk: PageWalk, host: AsyncPfHost): Steps {
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
