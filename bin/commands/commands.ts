import type { CommandRow } from "../cli/command.ts";

/** The commands, in the order of the help. */
export const commands: readonly CommandRow[] = [
  {
    usage: "list",
    says: "the scenarios that come with gupsim, with their questions",
    example: "list --mail-rows",
    load: () => import("./scenario/list.ts"),
  },
  {
    usage: "describe [scenario]",
    says: "a scenario resolved: values, origins, costs with provenance, metrics; --presets: the kernels",
    example: "describe kvm-swap",
    load: () => import("./scenario/describe.ts"),
  },
  {
    usage: "metrics",
    says: "what a run measures, metric by metric, with tags, meaning and source",
    example: "metrics --format json",
    load: () => import("./scenario/metrics.ts"),
  },
  {
    usage: "validate <files..>",
    says: "check scenario files; all problems in one pass",
    example: "validate my-scenario.yaml",
    load: () => import("./scenario/validate.ts"),
  },
  {
    usage: "init [folder]",
    says: "write a scenario, its budgets and a CI job that work as they are",
    example: "init perf/",
    load: () => import("./scenario/init.ts"),
  },
  {
    usage: "schema [document]",
    says: "the JSON Schema of scenario files, for editors, or of a document",
    example: "schema check",
    load: () => import("./scenario/schema.ts"),
  },
  {
    usage: "run <scenario>",
    says: "simulate one variant",
    example: "run kvm-swap --variants v6.18 --seeds 5",
    load: () => import("./study/run.ts"),
  },
  {
    usage: "compare <scenario> [candidate]",
    says: "the same draws through several kernels: the main job; or two saved results (A.json B.json)",
    example: "compare kvm-swap --variants v3.17,v4.0,v6.18",
    load: () => import("./study/compare.ts"),
  },
  {
    usage: "check <scenario>",
    says: "hold-time budgets and regressions, of a scenario or a saved result: an exit code for CI",
    example: "check kvm-swap --budget budgets.yaml --junit out.xml",
    load: () => import("./study/check.ts"),
  },
  {
    usage: "sweep <scenario>",
    says: "a grid of scenario values, a CSV or NDJSON row a cell and variant",
    example: "sweep kvm-swap --grid devices.swapdev.latency=100us,1ms,10ms",
    load: () => import("./study/sweep.ts"),
  },
  {
    usage: "retry <scenario>",
    says: "the retry law: how likely is a second, a third IO for the same page",
    example: "retry retry-curve --seeds 3",
    load: () => import("./study/retry.ts"),
  },
  {
    usage: "agree [scenarios..]",
    says: "simulated beside measured on a real kernel, cell by cell",
    example: "agree --jobs 2",
    load: () => import("./study/agree.ts"),
  },
  {
    usage: "whatif <scenario>",
    says: "what converting each site, or faster IO for it, would change, and the order to convert in",
    example: "whatif kvm-swap --speedup 4x",
    load: () => import("./study/whatif.ts"),
  },
  {
    usage: "metastable <scenario>",
    says: "a load that goes up and comes back: does it stay as bad as it was at the top?",
    example: "metastable kvm-swap --task vcpus --steps 1,2,4,2,1",
    load: () => import("./study/metastable.ts"),
  },
  {
    usage: "trace <action> <files..>",
    says: "import: a real kernel's mmap_lock, recorded by ftrace, trace-cmd or perf, measured like a simulation",
    example: "trace import trace.txt",
    load: () => import("./trace/trace.ts"),
  },
  {
    usage: "report <result>",
    says: "a saved result in other formats: for a terminal, a pull request, a browser, other tools",
    example: "report gupsim-out/kvm-swap --to html,md",
    load: () => import("./result/report.ts"),
  },
  {
    usage: "litmus <pages..>",
    says: "one gup call over page vectors such as PPIPPIPP",
    example: "litmus PPIPPIPP --variants v3.17,v4.0",
    load: () => import("./kernel/litmus.ts"),
  },
  {
    usage: "sites",
    says: "the call sites of the 2014 patch; --matrix: who holds the lock over which IO",
    example: "sites --matrix --preset v6.18",
    load: () => import("./kernel/sites.ts"),
  },
  {
    usage: "review",
    says: "each suggestion of the 2014 review alone: what it breaks, and what upstream did",
    example: "review --format json",
    load: () => import("./kernel/review.ts"),
  },
  {
    usage: "explain [name]",
    says: "a rule, kernel, event or call site: what, why, who said it in the mail, what became of it",
    example: "explain gup=v4.0",
    load: () => import("./kernel/explain.ts"),
  },
];
