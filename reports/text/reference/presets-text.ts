import { axes, axisNames } from "../../../sim/kernels/axes.ts";
import { aliases, presets } from "../../../sim/kernels/presets.ts";

/** What each preset is made of, by axis, and what each value of an axis says. @param strong how the head is set off. */
export function presetsText(strong: (text: string) => string): string {
  const names = Object.keys(presets);
  const width = Math.max(...names.map((name) => name.length), 10);
  const table = [
    ["axis", ...names],
    ...axisNames.map((axis) => [axis, ...names.map((name) => presets[name]?.axes[axis] ?? "")]),
  ];
  const [head = "", ...rows] = table.map((cells) =>
    cells
      .map((cell) => cell.padEnd(width + 2))
      .join("")
      .trimEnd(),
  );
  const forms = axisNames.flatMap((axis) =>
    Object.entries(axes[axis]).map(([value, { says }]) => `${axis}=${value}: ${says}`),
  );
  const also = Object.entries(aliases).map(([alias, preset]) => `${alias} is ${preset}`);
  return [strong(head), ...rows, "", ...also, "", ...forms, ""].join("\n");
}

/** What a kernel does on one axis. */
export interface KernelRule {
  readonly axis: string;
  readonly value: string;
  readonly says: string;
  readonly source: string;
}

/** A kernel as a table of rules, with what each says and where it can be read. @param strong how its name is set off. */
export function kernelText(name: string, rules: readonly KernelRule[], strong: (text: string) => string): string {
  const lines = rules.map(
    ({ axis, value, says, source }) =>
      `  ${axis.padEnd(7)} ${value.padEnd(11)} ${says}\n${" ".repeat(22)}Source: ${source}\n`,
  );
  return `${strong(name)}\n${lines.join("")}`;
}
