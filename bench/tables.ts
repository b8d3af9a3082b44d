import { type Case, cases } from "./cases.ts";
import { type Goal, goals, type Medians } from "./goals.ts";
import type { Measurement } from "./measurement.ts";

/** The goals with what this checkout comes to, beside the one before it where there is one; as Markdown. */
export function goalTable(after: Medians, before: Medians | null): string {
  const rows = goals.map((goal) => {
    const now = goal.figure(after, before);
    const then = before === null ? null : goal.figure(before, null);
    return [goal.says, goal.goal, textOf(goal, then), textOf(goal, now), verdict(goal, now)];
  });
  return table(["what", "goal", "before", "after", "verdict"], rows);
}

function textOf(goal: Goal, figure: number | null): string {
  return figure === null ? "-" : goal.text(figure);
}

function verdict(goal: Goal, figure: number | null): string {
  if (figure === null) return "not measured";
  return goal.isMet(figure) ? "met" : "missed";
}

/** Each case's median: the cost of one, the time of all, memory, and how many times as fast as before; as Markdown. */
export function caseTable(after: Medians, before: Medians | null): string {
  const rows = [...after].map(([name, now]) => {
    const then = before?.get(name);
    const { says, unit } = cases[name] as Case;
    const each = (one: Measurement | undefined): string => (one === undefined ? "-" : costText(one, unit));
    const memory = (one: Measurement | undefined): string => (one === undefined ? "-" : (one.rssKB / 1024).toFixed(0));
    const faster = then === undefined ? "-" : (then.sec / now.sec).toFixed(2);
    return [name, says, each(then), each(now), faster, memory(then), memory(now), agreement(then, now)];
  });
  const head = ["case", "what", "before", "after", "times as fast", "MB before", "MB after", "same outcome"];
  return table(head, rows);
}

function costText({ sec, ops }: Measurement, unit: string): string {
  const all = sec < 0.1 ? `${(sec * 1000).toFixed(0)} ms` : `${sec.toFixed(2)} s`;
  return unit === "" ? all : `${all}, ${((sec / ops) * 1e9).toFixed(sec / ops < 1e-7 ? 1 : 0)} ns per ${unit}`;
}

function agreement(then: Measurement | undefined, now: Measurement): string {
  if (then === undefined || now.check === "") return "-";
  return then.check === now.check ? "yes" : "NO";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
