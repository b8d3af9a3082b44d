import type { BlameRow } from "../../documents/blame.ts";
import { round } from "../distributions/log-axis.ts";

/** A party of the flow: a waiter, a carrier, a holder or a cause. Places in px of the picture. */
export interface FlowNode {
  readonly column: number;
  readonly name: string;
  readonly sum_ns: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** The same waiter, carrier, holder and cause, as a band through the four columns: its upper edge at each side of each node. */
export interface FlowBand {
  /** Numbers of its nodes, one a column. */
  readonly nodes: readonly number[];
  readonly sum_ns: number;
  readonly thickness: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** The picture of who made whom wait. */
export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly bands: readonly FlowBand[];
  readonly height: number;
  /** Which nodes a row of the ledger is in, one a column. */
  nodesOf(row: BlameRow): readonly number[];
}

/** Where the columns begin, and the width of a node, px. */
export const columnsAt = [0, 350, 650, 1000] as const;
export const nodeWidth = 9;
/** All time together, px; the room a label needs; the gap between nodes. */
const tall = 300;
const labelRoom = 17;
const gap = 7;
/** What is less than this share of all is put together. */
const least = 0.004;

/** The names of a row in the four columns. */
export function partiesOf({ waiter, carrier, holder, cause }: BlameRow): readonly [string, string, string, string] {
  const site = holder.site === "" ? holder.role : holder.site;
  return [
    `${waiter.site === "" ? waiter.role : waiter.site} (-${waiter.mode})`,
    carrier === "none" ? "no writer between" : carrier,
    holder.mode === "none" ? `nobody; ${site} is next` : `${site} (-${holder.mode})`,
    cause,
  ];
}

/** Lays out the ledger's rows: nodes by their time, most above, bands through them, widths in proportion to the time. */
export function flowLayout(rows: readonly BlameRow[]): Flow {
  const all = rows.reduce((sum, { sum_ns }) => sum + sum_ns, 0);
  const names = columnsAt.map((_, column) => namesOf(rows, column, all));
  const scale = all === 0 ? 0 : tall / all;
  const nodes: FlowNode[] = [];
  const numbers = names.map((column, i) => {
    const own = new Map<string, number>();
    let y = 0;
    for (const [name, sum_ns] of column.shown) {
      const height = Math.max(1, round(sum_ns * scale));
      own.set(name, nodes.push({ column: i, name, sum_ns, x: columnsAt[i] ?? 0, y: round(y), height }) - 1);
      y += Math.max(height, labelRoom) + gap;
    }
    return own;
  });
  const nodesOf = (row: BlameRow): number[] =>
    partiesOf(row).map((name, i) => numbers[i]?.get(name) ?? numbers[i]?.get(names[i]?.others ?? "") ?? -1);
  return {
    nodes,
    bands: bandsOf(rows, nodes, nodesOf, scale),
    height: Math.max(0, ...nodes.map(({ y, height }) => y + Math.max(height, labelRoom))),
    nodesOf,
  };
}

/** The names of a column with their times, most first; the small ones together, last. */
function namesOf(
  rows: readonly BlameRow[],
  column: number,
  all: number,
): { shown: [string, number][]; others: string } {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = partiesOf(row)[column] as string;
    sums.set(name, (sums.get(name) ?? 0) + row.sum_ns);
  }
  const sorted = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const small = sorted.filter(([, sum]) => sum < least * all);
  if (small.length < 2) return { shown: sorted, others: "" };
  const others = `${small.length} others`;
  const rest = small.reduce((sum, [, one]) => sum + one, 0);
  return { shown: [...sorted.filter(([, sum]) => sum >= least * all), [others, rest]], others };
}

function bandsOf(
  rows: readonly BlameRow[],
  nodes: readonly FlowNode[],
  nodesOf: (row: BlameRow) => readonly number[],
  scale: number,
): FlowBand[] {
  const sums = new Map<string, { nodes: readonly number[]; sum_ns: number }>();
  for (const row of rows) {
    const own = nodesOf(row);
    const known = sums.get(own.join()) ?? { nodes: own, sum_ns: 0 };
    known.sum_ns += row.sum_ns;
    sums.set(own.join(), known);
  }
  const paths = [...sums.values()];
  const edges = { left: paths.map((): number[] => []), right: paths.map((): number[] => []) };
  for (let column = 0; column < columnsAt.length; column++) {
    stack("left", column, column - 1);
    stack("right", column, column + 1);
  }
  return paths.map((path, i) => ({
    ...path,
    thickness: path.sum_ns * scale,
    left: edges.left[i] ?? [],
    right: edges.right[i] ?? [],
  }));

  /** Places the bands one under another at one side of a column's nodes, in the order of the nodes they come from or go to. */
  function stack(side: "left" | "right", column: number, neighbour: number): void {
    const order = [...paths.keys()].sort((a, b) => {
      const [x, y] = [paths[a]?.nodes ?? [], paths[b]?.nodes ?? []];
      const at = Math.min(Math.max(neighbour, 0), columnsAt.length - 1);
      return (x[at] ?? 0) - (y[at] ?? 0) || (x.join() < y.join() ? -1 : 1);
    });
    const used = new Map<number, number>();
    for (const i of order) {
      const path = paths[i];
      const node = path?.nodes[column] ?? -1;
      const y = used.get(node) ?? nodes[node]?.y ?? 0;
      (edges[side][i] as number[])[column] = y;
      used.set(node, y + (path?.sum_ns ?? 0) * scale);
    }
  }
}
