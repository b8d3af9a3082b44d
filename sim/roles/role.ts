import type { Steps } from "../engine/task.ts";
import type { Explanation } from "../explanation.ts";
import type { mm_struct, vm_area_struct } from "../linux/include/linux/mm_types.ts";
import type { task_struct } from "../linux/include/linux/sched.ts";
import type { workqueue_struct } from "../linux/kernel/workqueue.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import type { PageWalk } from "./pace/pages.ts";

/** What the tasks of one group work on. */
export interface GroupPlace {
  /** Theirs, or that of the process they look at. */
  readonly mm: mm_struct;
  /** The host's work queue. */
  readonly workqueue: workqueue_struct;
  /** A mapping of the mm by its name in the scenario. @throws InvariantError when there is none. */
  vma(name: string): vm_area_struct;
  /** The pages that the `i`-th task goes through, one a step where `pages` does not say otherwise, in any order likewise. */
  walk(
    current: task_struct,
    i: number,
    touched: { readonly touch: string; readonly order?: Order; readonly pages?: number },
  ): PageWalk;
}

/**
 * What the tasks of a group do: one record a role, with what `explain` tells of it. How a group of it is written in a scenario is the record of the
 * same name in `scenarios/roles`.
 */
export interface Role<Group extends TaskGroupBase> extends Explanation {
  /** Called once a group; what it returns is called once a task, with its number in the group. */
  group(group: Group, place: GroupPlace): (current: task_struct, i: number) => Steps;
}
