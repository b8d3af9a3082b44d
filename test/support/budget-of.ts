import type { Budget } from "../../sim/study/budget.ts";
import type { Aggregate } from "../../sim/study/statistic.ts";

/** A budget of a test: at most `value`, of level error. */
export function budgetOf(
  name: string,
  tags: Readonly<Record<string, string>>,
  assert: string,
  aggregate: Aggregate,
  value: number,
): Budget {
  const text = Object.entries(tags).map(([tag, one]) => `${tag}=${one}`);
  return {
    metric: `${name}{${text.join(",")}}`,
    name,
    tags,
    assert,
    aggregate,
    op: assert.includes("==") ? "==" : "<=",
    limit: { kind: "absolute", value },
    level: "error",
    confidence: 0.95,
    minEffect: 0.02,
    waiver: null,
    where: "small.yaml:9:5",
  };
}
