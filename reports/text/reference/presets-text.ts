import { beside, wrap } from "../../words/sentences.ts";
import { tableWidth, textTable, type Column } from "../../words/text-table.ts";
import { type Axis, axes, axisNames } from "../../../sim/kernels/axes.ts";
import { aliases, presets } from "../../../sim/kernels/presets.ts";

/** What each preset is made of, by axis, and what each value of an axis says. @param strong how the heads are set off. */
export function presetsText(columns: number, strong: (text: string) => string): string {
  const tables = blocksOf(columns).map((block) => {
    const [head = "", ...rows] = textTable(block, axisNames, columns).split("\n");
    return [strong(head), ...rows, ""].join("\n");
  });
  const forms = axisNames.flatMap((axis) =>
    Object.entries(axes[axis]).flatMap(([value, { says }]) => wrap(`${axis}=${value}: ${says}`, columns, "")),
  );
  const also = Object.entries(aliases).map(([alias, preset]) => `${alias} is ${preset}`);
  return [...tables, ...also, "", ...forms, ""].join("\n");
}

/** The columns of the axes and of the presets, as many together as there is room for. */
function blocksOf(width: number): Column<Axis>[][] {
  const first: Column<Axis> = { head: "axis", rank: 0, align: "left", cell: (axis) => axis };
  const blocks: Column<Axis>[][] = [];
  for (const [name, { axes: values }] of Object.entries(presets)) {
    const column: Column<Axis> = { head: name, rank: 0, align: "left", cell: (axis) => values[axis] };
    const last = blocks.at(-1);
    if (last !== undefined && tableWidth([...last, column], axisNames) <= width) last.push(column);
    else blocks.push([first, column]);
  }
  return blocks;
}

/** What a kernel does on one axis. */
export interface KernelRule {
  readonly axis: string;
  readonly value: string;
  readonly says: string;
  readonly source: string;
}

/** A kernel as a table of rules, with what each says and where it can be read. @param strong how its name is set off. */
export function kernelText(
  name: string,
  rules: readonly KernelRule[],
  columns: number,
  strong: (text: string) => string,
): string {
  const lines = rules.flatMap(({ axis, value, says, source }) => [
    ...beside(`  ${axis.padEnd(7)} ${value}`, says, 22, columns),
    ...wrap(`Source: ${source}`, columns, " ".repeat(columns < 60 ? 4 : 22)),
  ]);
  return `${strong(name)}\n${lines.join("\n")}\n`;
}
