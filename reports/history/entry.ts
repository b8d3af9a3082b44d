/** A line of a history: what one check measured, at one commit. */
import { z } from "zod";
import { statisticName, type Budget } from "../../sim/study/budget.ts";
import type { CheckDocument } from "../documents/check.ts";

const entry = z.strictObject({
  schema: z.literal("gupsim/history/v1"),
  /** What was checked out; null where nobody knows. */
  commit: z.string().min(1).nullable(),
  /** Of gupsim. */
  version: z.string(),
  scenario: z.string(),
  scenario_hash: z.string(),
  variant: z.string(),
  seeds: z.array(z.string()).min(1),
  /** By `METRIC STATISTIC`: ns, counts, a second or shares; null without a sample. */
  values: z.record(z.string(), z.number().nullable()),
});

/** A line of a history. */
export type HistoryEntry = z.infer<typeof entry>;

/** A line that is none, and the rule that it breaks. */
export class HistoryError extends Error {
  constructor(file: string, line: number, rule: string) {
    super(`${file}:${line}: ${rule}`);
    this.name = "HistoryError";
  }
}

/** Reads a history. @param file its name, for errors. @throws HistoryError for the first line that is none. */
export function parseHistory(text: string, file: string): HistoryEntry[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, i) => {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      throw new HistoryError(file, i + 1, "a line of a history is one JSON object, whole");
    }
    const parsed = entry.safeParse(json);
    if (parsed.success) return parsed.data;
    const [{ path, message } = { path: [], message: "" }] = parsed.error.issues;
    throw new HistoryError(file, i + 1, `${path.length === 0 ? "a line of a history" : path.join(".")}: ${message}`);
  });
}

/** What is known of a check beside its verdicts. */
export interface HistoryContext {
  readonly commit: string | null;
  readonly version: string;
  readonly scenario_hash: string;
  /** In the order of the rows. */
  readonly budgets: readonly Budget[];
}

/** What a check measured: each statistic that it holds against a value. Ratios to a baseline are left out, for it may be another next time. */
export function historyEntry(document: CheckDocument, context: HistoryContext): HistoryEntry {
  const { commit, version, scenario_hash, budgets } = context;
  const { scenario, variant, seeds, rows } = document;
  const values = budgets.flatMap((budget, i): [string, number | null][] => {
    const row = rows[i];
    if (row === undefined || row.status === "off" || budget.limit.kind === "baseline") return [];
    return [[statisticName(budget), row.interval?.point ?? null]];
  });
  return {
    schema: "gupsim/history/v1",
    commit,
    version,
    scenario,
    scenario_hash,
    variant,
    seeds: [...seeds],
    values: Object.fromEntries(values),
  };
}
