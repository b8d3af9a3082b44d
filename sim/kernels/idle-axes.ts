import type { AxisValues } from "./axes.ts";

/** The forms of the user fault that know the lock of a mapping. */
const faultsWithVmaLocks: readonly string[] = ["modern"];

/** What of a hybrid does not do what its name promises, a sentence each: one axis keeps another from having an effect. */
export function idleAxes(axes: AxisValues): string[] {
  const says: string[] = [];
  if (axes.vma !== "none" && !faultsWithVmaLocks.includes(axes.fault)) {
    says.push(`vma=${axes.vma} has no effect on faults: those of fault=${axes.fault} know no VMA locks`);
  }
  if (axes.kvm === "v3.19" && axes.gup !== "plain") {
    says.push(`gup=${axes.gup} has no effect on KVM: kvm=v3.19 has a polite look-up of its own`);
  }
  return says;
}
