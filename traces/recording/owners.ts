import type { Mode } from "../../sim/trace/kinds.ts";

interface Owner {
  readonly task: number;
  readonly mode: Mode;
}

/**
 * Who has each lock, to notice that two have it who exclude each other. v5.11 to v5.14 print `released` after the unlock, so that the next
 * owner's `acquire_returned` may stand before it; where events were lost a release may be missing. In both the earlier hold had ended.
 *
 * Source: v5.11 and v5.15 include/linux/mmap_lock.h (mmap_write_unlock), where the order changes.
 */
export class Owners {
  /** Holds that were ended by the next owner. */
  overlaps = 0;
  private readonly held = new Map<string, Owner[]>();
  /** Releases that are still to be printed of holds that were ended. */
  private readonly late = new Set<string>();

  /** A task has the lock now. Returns the tasks whose holds had ended before: they are told to release first. */
  takes(mm: string, task: number, mode: Mode, isDowngrade: boolean): Owner[] {
    const owners = this.held.get(mm) ?? [];
    if (isDowngrade) removeLast(owners, task);
    const gone = owners.filter((owner) => owner.task !== task && (mode === "W" || owner.mode === "W"));
    const stay = owners.filter((owner) => !gone.includes(owner));
    stay.push({ task, mode });
    this.held.set(mm, stay);
    this.late.delete(`${task} ${mm}`);
    for (const owner of gone) this.late.add(`${owner.task} ${mm}`);
    this.overlaps += gone.length;
    return gone;
  }

  /** A task lets go. False when its hold was ended already, and this is the late line of it. */
  releases(mm: string, task: number): boolean {
    if (this.late.delete(`${task} ${mm}`)) return false;
    removeLast(this.held.get(mm) ?? [], task);
    return true;
  }
}

function removeLast(owners: Owner[], task: number): void {
  const at = owners.findLastIndex((owner) => owner.task === task);
  if (at >= 0) owners.splice(at, 1);
}
