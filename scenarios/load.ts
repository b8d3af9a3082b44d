import { dirname } from "node:path";
import type { Scenario } from "../sim/scenario.ts";
import type { Budget } from "../sim/study/budget.ts";
import { fileOf } from "./library.ts";
import { crossCheck } from "./problems/cross-check.ts";
import { conflictsOfTheRest, unknownEntry } from "./problems/despite-problems.ts";
import { brokenPath, inOrder, problemsOf } from "./problems/schema-problems.ts";
import { parseBudget } from "./read/budgets.ts";
import { applySets, givenParams, isUnder, leaves, madeBy } from "./read/changes.ts";
import { loadCosts, withChanges } from "./read/costs.ts";
import { readBytes, readLatencyFile } from "./read/files.ts";
import { merged, parameterChanges } from "./read/layers.ts";
import { parentOf } from "./read/parent.ts";
import { lawOf, resolveScenario } from "./read/resolve.ts";
import { type Problem, ScenarioError } from "./problem.ts";
import { SourceText } from "./read/source-text.ts";
import { type BudgetForm, budgetFile } from "./schema/budget.ts";
import { scenarioFile } from "./schema/scenario-file.ts";

export { ScenarioError } from "./problem.ts";

/** A scenario, with where each of its values came from. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** As it was asked for: a name or a file, and the changes to it. */
  readonly asked: { readonly scenario: string; readonly set: readonly string[] };
  /** The file, as the user would name it. */
  readonly file: string;
  /** Dotted paths of the values written in the file, and of those set on the command line. All others are defaults. */
  readonly written: ReadonlySet<string>;
  readonly set: ReadonlySet<string>;
  /** The parameters that it declares, by name. */
  readonly params: readonly string[];
  /** Its budgets, matched against what it measures. */
  readonly budgets: readonly Budget[];
}

/**
 * Loads a scenario by the name of a bundled one or by its file (`-` is standard input), with changes of the form `path.to.key=value`.
 *
 * @throws ScenarioError with all problems of the file and of the changes.
 */
export function loadScenario(nameOrFile: string, sets: readonly string[] = []): LoadedScenario {
  const file = fileOf(nameOrFile);
  const source = new SourceText(file, readBytes(nameOrFile, file, "the scenario"));
  const written = leaves(source.value());
  const parent = parentOf(source, file, []);
  const { params, others } = parameterChanges(merged(parent, source.value()), sets, source);
  const before = structuredClone(merged(parent, source.value()));
  applySets(source, params);
  const set = applySets(source, others);
  for (const { path } of givenParams(merged(parent, source.value()), sets)) set.add(path);
  const data = merged(parent, source.value());
  const problemAt = (path: readonly PropertyKey[], message: string, key: string | null = null): Problem => {
    const dotted = [...path, ...(key === null ? [] : [key])].join(".");
    const whole = key === null ? path : [...path, key];
    const changed =
      [...set].find((known) => dotted === known || dotted.startsWith(`${known}.`)) ?? madeBy(whole, written, set);
    if (changed === undefined) return source.problemAt(path, message, key);
    const given = sets.find((text) => text.startsWith(`${changed}=`)) ?? changed;
    return { file: `--set ${given}`, line: 1, col: 1, path: dotted, message };
  };

  const read = scenarioFile.safeParse(data, { reportInput: true });
  if (!read.success) {
    const { issues } = read.error;
    // Of a file of another format, such as a result, all keys are unknown: that it is one says enough.
    const format = issues.filter(({ path, input }) => path[0] === "schema" && typeof input === "string");
    const told = format.length > 0 ? format : issues;
    const rest = format.length > 0 ? [] : conflictsOfTheRest(data, issues.map(brokenPath));
    const unknown = new Map(
      told.flatMap(({ path }) => {
        const message = unknownEntry(path, before, sets);
        return message === null ? [] : [[path.slice(0, 2).join("."), problemAt(path.slice(0, 2), message)] as const];
      }),
    );
    const others = told.filter(({ path }) => !unknown.has(path.slice(0, 2).join(".")));
    throw new ScenarioError(
      inOrder([
        ...unknown.values(),
        ...others.flatMap((issue) => problemsOf(issue, data, problemAt)),
        ...rest.map(({ path, message }) => problemAt(path, message)),
      ]),
    );
  }
  const problems = crossCheck(read.data).map(({ path, message }) => problemAt(path, message));
  if (problems.length > 0) throw new ScenarioError(inOrder(problems));

  const { machine } = read.data;
  const named = loadCosts(machine.costs, (message) => problemAt(["machine", "costs"], message));
  const readText = (path: readonly PropertyKey[], name: string): string => {
    const base = set.has(path.join(".")) || isUnder(path, set) ? process.cwd() : dirname(file);
    return readLatencyFile(name, base, path, (at, message) => problemAt(at, message));
  };
  const costs = withChanges(named, machine.cost, (step, form) =>
    lawOf(form, ["machine", "cost", step], readText, (path, message) => problemAt(path, message)),
  );
  const scenario = resolveScenario(read.data, costs, readText, (path, message) => problemAt(path, message));
  const budgets = budgetsOf(read.data.budgets, scenario, problemAt);
  const asked = { scenario: nameOrFile, set: [...sets] };
  return { asked, scenario, file, written, set, params: Object.keys(read.data.params), budgets };
}

/**
 * Loads a file of budgets (`-` is standard input) for a scenario.
 *
 * @throws ScenarioError with all problems of the file.
 */
export function loadBudgets(file: string, scenario: Scenario): Budget[] {
  return budgetsIn(new SourceText(file, readBytes(file, file, "the budgets")), scenario);
}

/**
 * Budgets that stand in a program and not in a file, for a scenario.
 *
 * @throws ScenarioError with all problems of them.
 */
export function budgetsOfList(list: readonly object[], scenario: Scenario): Budget[] {
  const text = JSON.stringify({ schema: "gupsim/budgets/v1", budgets: list }, null, 1);
  return budgetsIn(new SourceText("budgets", new TextEncoder().encode(text)), scenario);
}

function budgetsIn(source: SourceText, scenario: Scenario): Budget[] {
  const problemAt = (path: readonly PropertyKey[], message: string): Problem => source.problemAt(path, message);
  const read = budgetFile.safeParse(source.value(), { reportInput: true });
  if (!read.success) {
    throw new ScenarioError(
      inOrder(read.error.issues.flatMap((issue) => problemsOf(issue, source.value(), problemAt, budgetFile))),
    );
  }
  return budgetsOf(read.data.budgets, scenario, problemAt);
}

function budgetsOf(
  forms: readonly BudgetForm[],
  scenario: Scenario,
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Budget[] {
  const problems: Problem[] = [];
  const budgets = forms.flatMap((form, i) => {
    const { file, line, col } = problemAt(["budgets", i], "");
    const parsed = parseBudget(form, `${file}:${line}:${col}`, scenario);
    if (!("key" in parsed)) return [parsed];
    problems.push(problemAt(["budgets", i, parsed.key], parsed.message));
    return [];
  });
  if (problems.length > 0) throw new ScenarioError(inOrder(problems));
  return budgets;
}
