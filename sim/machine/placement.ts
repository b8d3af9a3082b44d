import type { LoadAverage } from "./load-average.ts";
import type { SchedEntity } from "./sched-entity.ts";
import { type WakeeFlips, wakeWide } from "./wakee-flips.ts";

/** What the choice of a CPU must know of them. */
export interface PlacementView {
  readonly count: number;
  /** The CPU is idle, and would begin at once: its virtual CPU is not off a real one. */
  isAvailable(cpu: number): boolean;
  loadOf(cpu: number): LoadAverage;
}

/** How much busier the old CPU may be before a task is pulled to its waker's, in 1/100. Source: v6.18 kernel/sched/topology.c (sd_init, imbalance_pct 117), kernel/sched/fair.c (wake_affine_weight: half of what is above 100). */
const imbalance = 108;

/**
 * The CPU on which a woken entity will run: the previous one, the waker's, or an idle one.
 *
 * Source: v6.18 kernel/sched/fair.c (select_task_rq_fair, wake_affine, select_idle_sibling).
 * Left out: sync wake-ups (nothing that is modelled sends one), threads bound to a CPU, capacities, energy, SMT and clusters: all
 * CPUs share one cache. The search for an idle CPU looks at each.
 *
 * @param here the CPU of the waker, or of the interrupt; @param waker who runs there, or its idle task.
 */
export function selectTaskRq(view: PlacementView, entity: SchedEntity, here: number, waker: WakeeFlips): number {
  const previous = entity.cpu;
  const target =
    here === previous || wakeWide(waker, entity.flips, view.count) ? previous : wakeAffine(view, entity, here);
  if (view.isAvailable(target)) return target;
  if (previous !== target && view.isAvailable(previous)) return previous;
  const recent = entity.recentCpu;
  entity.recentCpu = previous;
  if (recent !== previous && recent !== target && view.isAvailable(recent)) return recent;
  for (let i = 1; i < view.count; i++) {
    const cpu = (target + i) % view.count;
    if (view.isAvailable(cpu)) return cpu;
  }
  return target;
}

/**
 * Source: v6.18 kernel/sched/fair.c (wake_affine_idle, wake_affine_weight).
 * Left out: an idle CPU of the waker's, for an interrupt comes to the CPU on which the task slept.
 */
function wakeAffine(view: PlacementView, entity: SchedEntity, here: number): number {
  const { cpu: previous, load } = entity;
  if (view.isAvailable(previous)) return previous;
  const hereLoad = (view.loadOf(here).load + load) * 100;
  const previousLoad = Math.max(0, view.loadOf(previous).load - load) * imbalance;
  return hereLoad < previousLoad ? here : previous;
}
