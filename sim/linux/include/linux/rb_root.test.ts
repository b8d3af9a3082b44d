import { expect, test } from "vitest";
import fc from "fast-check";
import type { vm_area_struct } from "./mm_types.ts";
import { rb_root } from "./rb_root.ts";

const mapping = (vm_start: number) => ({ vm_start, vm_next: null }) as vm_area_struct;

test("mappings are found and walked in the order of their addresses, whatever comes and goes", () => {
  const change = fc.record({ start: fc.nat(20), comes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), fc.integer({ min: -1, max: 21 }), (changes, addr) => {
      const tree = new rb_root();
      const known = new Map<number, vm_area_struct>();
      for (const { start, comes } of changes) {
        const vma = mapping(start);
        if (comes) known.set(start, vma);
        else known.delete(start);
        if (comes) tree.insert(vma);
        else tree.erase(start);
      }
      const inOrder = [...known.values()].sort((a, b) => a.vm_start - b.vm_start);
      const walked: vm_area_struct[] = [];
      tree.forEach((vma) => void walked.push(vma));
      expect(walked).toEqual(inOrder);
      expect(tree.above(addr)).toBe(inOrder.find((vma) => vma.vm_start > addr) ?? null);
      expect(tree.upTo(addr)).toBe(inOrder.filter((vma) => vma.vm_start <= addr).at(-1) ?? null);
      expect(tree.at(addr)).toBe(known.get(addr) ?? null);
    }),
  );
});
