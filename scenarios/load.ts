import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { type Cost, type CostName, type Costs, costNames } from "../sim/costs.ts";
import type { Law } from "../sim/engine/law.ts";
import { samplerOf } from "../sim/engine/sampler.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { Budget } from "../sim/study/budget.ts";
import { allowedKeys } from "./allowed-keys.ts";
import { type BudgetForm, budgetFile } from "./budget-schema.ts";
import { parseBudget } from "./budgets.ts";
import { crossCheck } from "./cross-check.ts";
import { merged, parameterChanges } from "./layers.ts";
import { packageRoot } from "./package-root.ts";
import { lawOf, resolveScenario } from "./resolve.ts";
import { conflictsOfTheRest, unknownEntry } from "./despite-problems.ts";
import { issueMessage, otherRole } from "./issue-message.ts";
import { nearName } from "./near-name.ts";
import { type LawForm, law, scenarioFile } from "./schema.ts";
import { type Problem, ScenarioError } from "./problem.ts";
import { SourceText } from "./source-text.ts";
import { isStandardInput, readStandardInput, standardInput } from "./standard-input.ts";

export { ScenarioError } from "./problem.ts";

/** A scenario, with where each of its values came from. */
export interface LoadedScenario {
  /** As it was asked for: a name or a file, and the changes to it. */
  readonly asked: { readonly scenario: string; readonly set: readonly string[] };
  readonly scenario: Scenario;
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

/** A scenario that comes with gupsim. */
export interface BundledScenario {
  readonly name: string;
  readonly question: string;
  readonly file: string;
}

/** The folder of what comes with gupsim. */
const folder = join(packageRoot, "scenarios");
const library = join(folder, "library");

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
    if (isStandardInput(name)) return new TextDecoder().decode(standardInputFor(path, problemAt));
    try {
      return readFileSync(resolve(base, name), "utf8");
    } catch {
      throw new ScenarioError([problemAt(path, `cannot read "${name}" (looked in ${base === "" ? "." : base})`)]);
    }
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
 * Reads budgets that stand in no file: a list of what a file of budgets lists.
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

/** The median of a law, and the law where it is more than that. */
function costOf(one: Law): Pick<Cost, "value_ns" | "law"> {
  if (one.kind === "constant") return { value_ns: one.value_ns };
  return { value_ns: samplerOf(one).sample(0.5), law: one };
}

/** The costs of a scenario that has some of its own. What it says of them stands in its comments. */
function withChanges(
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

/** The scenarios that come with gupsim, by name. */
export function bundledScenarios(): BundledScenario[] {
  return bundledNames().map((name) => {
    const file = join(library, `${name}.yaml`);
    const { question } = parseYaml(readFileSync(file, "utf8")) as { question: string };
    return { name, question, file };
  });
}

/**
 * The text of a file in the folder of the scenarios that is no scenario.
 *
 * @param path from that folder.
 */
export function readBundled(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

function bundledNames(): string[] {
  return readdirSync(library)
    .filter((entry) => entry.endsWith(".yaml"))
    .map((entry) => entry.slice(0, -".yaml".length))
    .sort();
}

function fileOf(nameOrFile: string): string {
  if (isStandardInput(nameOrFile)) return standardInput;
  if (existsSync(nameOrFile) && nameOrFile.includes(".")) return nameOrFile;
  const names = bundledNames();
  if (names.includes(nameOrFile)) {
    const path = join(library, `${nameOrFile}.yaml`);
    const short = relative(process.cwd(), path);
    return short.startsWith("..") ? path : short;
  }
  if (existsSync(nameOrFile)) return nameOrFile;
  const near = nearName(nameOrFile, names);
  const hint = near === null ? "" : ` (did you mean "${near}"?)`;
  const all = near === null ? "; gupsim list shows them" : "";
  const message = `no such file, and no scenario of that name${hint}${all}`;
  throw new ScenarioError([{ file: nameOrFile, line: 0, col: 0, path: "", message }]);
}

/** @param as what standard input is read as, where the file is that. */
function readBytes(nameOrFile: string, file: string, as: string): Uint8Array {
  try {
    return isStandardInput(file) ? readStandardInput(as) : readFileSync(file);
  } catch (cause) {
    const message = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ScenarioError([{ file: nameOrFile, line: 1, col: 1, path: "", message }]);
  }
}

/** A latency file that is standard input. */
function standardInputFor(
  path: readonly PropertyKey[],
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Uint8Array {
  try {
    return readStandardInput(path.join("."));
  } catch (cause) {
    throw new ScenarioError([problemAt(path, cause instanceof Error ? cause.message : String(cause))]);
  }
}

/** What the scenario of `extends:` has, with what that one extends below it; an empty map without one. */
function parentOf(source: SourceText, file: string, above: readonly string[]): unknown {
  const value = source.value() as Record<string, unknown>;
  if (typeof value.extends !== "string") return {};
  const name = value.extends;
  const fail = (message: string): never => {
    throw new ScenarioError([source.problemAt(["extends"], message)]);
  };
  const path = bundledNames().includes(name) ? fileOf(name) : join(dirname(file), name);
  if (above.includes(path) || path === file) fail(`"${name}" extends itself`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return fail(`cannot read "${name}": expected the name of a bundled scenario, or a file beside this one`);
  }
  const parent = new SourceText(path, bytes);
  return merged(parentOf(parent, path, [...above, file]), parent.value());
}

/** The parameters that are set on the command line, with the paths they stand for. */
function givenParams(data: unknown, sets: readonly string[]): { path: string }[] {
  const { params = {} } = data as { params?: Record<string, { path?: string }> };
  return Object.entries(params ?? {}).flatMap(([name, form]) =>
    sets.some((set) => set.startsWith(`${name}=`)) && typeof form?.path === "string" ? [{ path: form.path }] : [],
  );
}

/** Applies `path=value` changes to the document. Returns the paths. */
function applySets(source: SourceText, sets: readonly string[]): Set<string> {
  const paths = new Set<string>();
  for (const text of sets) {
    const fail = (message: string): never => {
      throw new ScenarioError([{ file: `--set ${text}`, line: 1, col: 1, path: "", message }]);
    };
    const equals = text.indexOf("=");
    if (equals < 1) fail("expected PATH=VALUE, for example tasks.vcpus.count=16");
    const path = text.slice(0, equals);
    let value: unknown;
    try {
      value = parseYaml(text.slice(equals + 1));
    } catch (error) {
      fail(
        `the value is not YAML: ${error instanceof Error ? (error.message.split("\n")[0] as string) : String(error)}`,
      );
    }
    try {
      source.document.setIn(path.split("."), source.document.createNode(value));
    } catch {
      fail(`${path} leads through a value that is not a map`);
    }
    paths.add(path);
  }
  return paths;
}

/** Zod's issue as problems of ours, one an unknown key. */
function problemsOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  problemAt: (path: readonly PropertyKey[], message: string, key?: string | null) => Problem,
  schema: z.ZodType = scenarioFile,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const allowed = allowedKeys(schema, issue.path, data);
    return issue.keys.map((key) => {
      const near = nearName(key, allowed);
      const list = allowed.length === 0 ? "" : `: one of ${allowed.join(", ")}`;
      return problemAt(issue.path, `unknown key${near === null ? list : ` (did you mean "${near}"?)`}`, key);
    });
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => problemAt(issue.path, inner.message));
  }
  return [problemAt(issue.path, otherRole(issue.path, issue.input) ?? issueMessage(issue))];
}

/** The path of what is wrong: of a key that nobody knows, the key's own. */
function brokenPath(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const isKey = issue.code === "unrecognized_keys" && issue.path.length === 0;
  return isKey ? [issue.keys[0] as string] : issue.path;
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.col - b.col);
}

function leaves(value: unknown, path: readonly string[] = []): Set<string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Set([path.join(".")]);
  const found = new Set<string>();
  for (const [key, child] of Object.entries(value)) for (const leaf of leaves(child, [...path, key])) found.add(leaf);
  return found;
}

/** The change that made the map at or above `path`, of which the file has nothing. */
function madeBy(
  path: readonly PropertyKey[],
  written: ReadonlySet<string>,
  set: ReadonlySet<string>,
): string | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const above = `${path.slice(0, depth).join(".")}.`;
    if ([...written].some((leaf) => leaf.startsWith(above))) return undefined;
    const maker = [...set].find((known) => known.startsWith(above));
    if (maker !== undefined) return maker;
  }
  return undefined;
}

function isUnder(path: readonly PropertyKey[], set: ReadonlySet<string>): boolean {
  const dotted = path.join(".");
  return [...set].some((known) => dotted.startsWith(`${known}.`));
}

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
function loadCosts(name: string, unknown: (message: string) => Problem): Costs {
  const path = join(folder, "costs", `${name}.yaml`);
  if (!existsSync(path)) {
    const names = readdirSync(join(folder, "costs")).map((entry) => entry.replace(/\.yaml$/, ""));
    throw new ScenarioError([unknown(`unknown costs "${name}": one of ${names.join(", ")}`)]);
  }
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
