import type { CommandRow } from "../cli/command.ts";

/** The commands, in the order of the help. */
export const commands: readonly CommandRow[] = [
  {
    usage: "list",
    says: "the scenarios that come with gupsim, with their questions",
    load: () => import("./scenario/list.ts"),
  },
  {
    usage: "describe [scenario]",
    says: "a scenario resolved: values, origins, costs with provenance, metrics; --presets: the kernels",
    load: () => import("./scenario/describe.ts"),
  },
  {
    usage: "metrics",
    says: "what a run measures, metric by metric, with tags, meaning and source",
    load: () => import("./scenario/metrics.ts"),
  },
  {
    usage: "validate <files..>",
    says: "check scenario files; all problems in one pass",
    load: () => import("./scenario/validate.ts"),
  },
  {
    usage: "init [folder]",
    says: "write a scenario, its budgets and a CI job that work as they are",
    load: () => import("./scenario/init.ts"),
  },
  {
    usage: "schema [document]",
    says: "the JSON Schema of scenario files, for editors, or of a document",
    load: () => import("./scenario/schema.ts"),
  },
  {
    usage: "run <scenario>",
    says: "simulate one variant",
    load: () => import("./study/run.ts"),
  },
  {
    usage: "compare <scenario> [candidate]",
    says: "the same draws through several kernels: the main job; or two saved results (A.json B.json)",
    load: () => import("./study/compare.ts"),
  },
  {
    usage: "check <scenario>",
    says: "hold-time budgets and regressions, of a scenario or a saved result: an exit code for CI",
    load: () => import("./study/check.ts"),
  },
  {
    usage: "sweep <scenario>",
    says: "a grid of scenario values, a CSV or NDJSON row a cell and variant",
    load: () => import("./study/sweep.ts"),
  },
  {
    usage: "retry <scenario>",
    says: "the retry law: how likely is a second, a third IO for the same page",
    load: () => import("./study/retry.ts"),
  },
  {
    usage: "agree [scenarios..]",
    says: "simulated beside measured on a real kernel, cell by cell",
    load: () => import("./study/agree.ts"),
  },
  {
    usage: "whatif <scenario>",
    says: "what converting each site, or faster IO for it, would change, and the order to convert in",
    load: () => import("./study/whatif.ts"),
  },
  {
    usage: "metastable <scenario>",
    says: "a load that goes up and comes back: does it stay as bad as it was at the top?",
    load: () => import("./study/metastable.ts"),
  },
  {
    usage: "trace <action> <files..>",
    says: "import: a real kernel's mmap_lock, recorded by ftrace, trace-cmd or perf, measured like a simulation",
    load: () => import("./trace/trace.ts"),
  },
  {
    usage: "report [result]",
    says: "a saved result in other formats: for a terminal, a pull request, a browser, other tools",
    load: () => import("./result/report.ts"),
  },
  {
    usage: "history <file>",
    says: "what check --history kept, commit by commit: drawn, with its change points",
    load: () => import("./result/history.ts"),
  },
  {
    usage: "litmus <pages..>",
    says: "one gup call over page vectors such as PPIPPIPP",
    load: () => import("./kernel/litmus.ts"),
  },
  {
    usage: "sites",
    says: "the call sites of the 2014 patch; --matrix: who holds the lock over which IO",
    load: () => import("./kernel/sites.ts"),
  },
  {
    usage: "review",
    says: "each suggestion of the 2014 review alone: what it breaks, and what upstream did",
    load: () => import("./kernel/review.ts"),
  },
  {
    usage: "explain [name]",
    says: "a rule, kernel, event or call site: what, why, who said it in the mail, what became of it",
    load: () => import("./kernel/explain.ts"),
  },
];
