import { OrderedSet } from "js-sdsl";
import type { vm_area_struct } from "./mm_types.ts";

/**
 * The mappings of an address space in the order of their addresses: a tree to search and a list to walk.
 *
 * Source: v3.17 struct mm_struct (mm_rb, mmap), mm/mmap.c (__vma_link_list); v6.18 has a maple tree in its place.
 * Left out: what a search costs, which is find_vma's.
 */
export class rb_root {
  // A set of addresses and a map, not one ordered map: its iterators make a Proxy for each element that is looked at.
  private readonly starts = new OrderedSet<number>();
  private readonly vmas = new Map<number, vm_area_struct>();
  /** The lowest mapping; the others follow by vm_next. */
  first: vm_area_struct | null = null;

  /** Puts a mapping in, in place of one that begins at the same address. */
  insert(vma: vm_area_struct): void {
    this.erase(vma.vm_start);
    const below = this.upTo(vma.vm_start);
    vma.vm_next = below === null ? this.first : below.vm_next;
    if (below === null) this.first = vma;
    else below.vm_next = vma;
    this.starts.insert(vma.vm_start);
    this.vmas.set(vma.vm_start, vma);
  }

  /** Takes out the mapping that begins at `start`, if there is one. */
  erase(start: number): void {
    const vma = this.at(start);
    if (vma === null) return;
    this.starts.eraseElementByKey(start);
    this.vmas.delete(start);
    const below = this.upTo(start);
    if (below === null) this.first = vma.vm_next;
    else below.vm_next = vma.vm_next;
  }

  /** The mapping that begins at `start`. */
  at(start: number): vm_area_struct | null {
    return this.vmas.get(start) ?? null;
  }

  /** The last mapping that begins at `addr` or below. */
  upTo(addr: number): vm_area_struct | null {
    const it = this.starts.reverseLowerBound(addr);
    return it.isAccessible() ? this.at(it.pointer) : null;
  }

  /** The first mapping that begins above `addr`. */
  above(addr: number): vm_area_struct | null {
    const it = this.starts.upperBound(addr);
    return it.isAccessible() ? this.at(it.pointer) : null;
  }

  /** Visits all mappings, lowest address first. */
  forEach(visit: (vma: vm_area_struct) => void): void {
    for (let vma = this.first; vma !== null; vma = vma.vm_next) visit(vma);
  }
}
