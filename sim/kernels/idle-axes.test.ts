import { expect, test } from "vitest";
import { idleAxes } from "./idle-axes.ts";
import { parseVariant } from "./variant.ts";
import { presets } from "./presets.ts";

const said = (name: string): string[] => idleAxes(parseVariant(name).axes);

test("no kernel that was released has an axis without effect", () => {
  for (const name of Object.keys(presets)) expect([name, said(name)]).toEqual([name, []]);
});

test("faults of before v6.4 know no VMA locks, whatever the axis says", () => {
  for (const fault of ["never-drop", "v3.17", "v5.1"]) {
    expect(said(`v6.18+fault=${fault}`)).toEqual([
      `vma=v6.18 has no effect on faults: those of fault=${fault} know no VMA locks`,
    ]);
  }
  expect(said("v6.18+vma=none+fault=v3.17")).toEqual([]);
});

test("KVM of v3.19 does not ask gup", () => {
  expect(said("v3.19+gup=v4.0")).toEqual(["gup=v4.0 has no effect on KVM: kvm=v3.19 has a polite look-up of its own"]);
});
