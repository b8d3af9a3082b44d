/** What the steps of the model cost. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Cost, type CostName, type Costs, costNames } from "../../sim/costs.ts";
import type { Law } from "../../sim/engine/law.ts";
import { samplerOf } from "../../sim/engine/sampler.ts";
import { costsFile, costsNames } from "../library.ts";
import { type LawForm, law } from "../schema/law.ts";
import { lawOf } from "./resolve.ts";
import { type Problem, ScenarioError } from "../problem.ts";
import { SourceText } from "./source-text.ts";

const costEntry = z.strictObject({
  value: law,
  provenance: z.enum(["measured", "published", "guessed"]),
  origin: z.string().min(1),
});

/**
 * The costs of `scenarios/costs/NAME.yaml`: every step, each with where its value comes from. Steps that a file does not have are
 * those of the one that it `extends`.
 *
 * @throws ScenarioError for an unknown name (as `unknown` says) and for a file that is incomplete or wrong.
 */
export function loadCosts(name: string, unknown: (message: string) => Problem): Costs {
  const names = costsNames();
  if (!names.includes(name)) throw new ScenarioError([unknown(`unknown costs "${name}": one of ${names.join(", ")}`)]);
  const path = costsFile(name);
  const source = new SourceText(path, readFileSync(path));
  const { extends: parent, ...steps } = source.value() as { extends?: string };
  const read = z.partialRecord(z.enum(costNames), costEntry).safeParse(steps);
  if (!read.success) {
    throw new ScenarioError(read.error.issues.map((issue) => source.problemAt(issue.path, issue.message)));
  }
  const problems: Problem[] = [];
  const entries = Object.entries(read.data).map(([step, entry]): [string, Cost] => {
    if (entry.provenance === "guessed" && !/guess.*\d/.test(entry.origin)) {
      problems.push(source.problemAt([step, "origin"], "a guessed cost says guess and gives a range"));
    }
    const problemAt = (at: readonly PropertyKey[], message: string): Problem => source.problemAt(at, message);
    const noFiles = (at: readonly PropertyKey[]): string => {
      throw new ScenarioError([problemAt(at, "a cost of a machine is a duration, or a law with its numbers")]);
    };
    const value = costOf(lawOf(entry.value, [step, "value"], noFiles, problemAt));
    return [step, { ...value, provenance: entry.provenance, origin: entry.origin }];
  });
  const inherited = parent === undefined ? {} : loadCosts(parent, (message) => source.problemAt(["extends"], message));
  const costs: Partial<Record<CostName, Cost>> = { ...inherited, ...Object.fromEntries(entries) };
  for (const step of costNames)
    if (costs[step] === undefined) problems.push(source.problemAt([], `no cost of ${step}`));
  if (problems.length > 0) throw new ScenarioError(problems);
  return Object.fromEntries(costNames.map((step) => [step, costs[step]])) as Costs;
}

/** The median of a law, and the law where it is more than that. */
function costOf(one: Law): Pick<Cost, "value_ns" | "law"> {
  if (one.kind === "constant") return { value_ns: one.value_ns };
  return { value_ns: samplerOf(one).sample(0.5), law: one };
}

/** The costs of a scenario that has some of its own. What it says of them stands in its comments. */
export function withChanges(
  costs: Costs,
  changes: Partial<Record<CostName, LawForm>>,
  read: (name: string, form: LawForm) => Law,
): Costs {
  const entries = Object.entries(changes).map(([name, form]): [string, Cost] => [
    name,
    { ...costOf(read(name, form)), provenance: "guessed", origin: "set by the scenario (machine.cost)" },
  ]);
  return { ...costs, ...Object.fromEntries(entries) };
}
