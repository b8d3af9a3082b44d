// Who may import whom. `npm run layers` checks it; docs/ARCHITECTURE.md tells what the rooms are for.
// Tests may import what they like.

const test = "\\.test\\.ts$";
const rooms = "^(bin|bench|scenarios|sim|traces|reports|test)/";

/** The modules matching `from` import, of our own modules, only those matching `allowed` and each other. */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from, pathNot: test },
    to: { path: rooms, pathNot: [from, ...allowed] },
  };
}

const engine = "^sim/engine/";
const machine = "^sim/machine/";
const trace = "^sim/trace/";
const linux = "^sim/linux/";
const kernels = "^sim/kernels/";
const callers = "^sim/callers/";
const roles = "^sim/roles/";
const world = "^sim/world/";
const run = "^sim/run\\.ts$";
const spans = "^sim/spans/";
const measure = "^sim/measure/";
const study = "^sim/study/";
const experiments = "^sim/experiments/";
const scenario = "^sim/(scenario|measured|costs|explanation)\\.ts$";
const traces = "^traces/";
/** What of the model a document may carry along: formulas and tables, nothing that runs. */
const formulas = "^sim/study/((statistics?|bounds|budget|evidence|regression)\\.ts$|outcome/)";

module.exports = {
  forbidden: [
    only(
      "engine-knows-only-itself",
      engine,
      [],
      "The engine is time, events, tasks and random streams. It has never heard of Linux, so that it can be tested and timed alone.",
    ),
    only(
      "trace-knows-only-the-engine",
      trace,
      [engine],
      "Everybody speaks the event vocabulary. What it imports, everybody imports.",
    ),
    only(
      "scenario-is-plain-data",
      scenario,
      [engine, trace, "^sim/roles/roles\\.ts$"],
      "A resolved scenario is plain data that a result carries along. It needs the engine's units and laws, no model; of the roles the types of their groups.",
    ),
    {
      name: "scenario-takes-types-of-roles",
      comment:
        "What a group of a role has is said once, beside what the role does. A scenario has its type, and must be loadable without the model.",
      severity: "error",
      from: { path: scenario },
      to: { path: roles, dependencyTypesNot: ["type-only"] },
    },
    only(
      "machine-is-hardware",
      machine,
      [engine, trace],
      "CPUs, disks and servers do not know which kernel runs on them.",
    ),
    only(
      "linux-stands-on-the-machine",
      linux,
      [machine, engine, trace, scenario],
      "The kernel model runs on the machine and emits events. It never sees who measures it, or a listener could change a run.",
    ),
    only(
      "kernels-choose-functions",
      kernels,
      [linux, machine, engine, trace, scenario],
      "A kernel is one form of each function. Which task calls them, and who measures that, is decided above.",
    ),
    only(
      "callers-call-the-kernel",
      callers,
      [linux, machine, engine, trace, scenario],
      "A caller is a system call or a file of /proc with what it asks of the kernel: the same for a role, the matrix and a real trace.",
    ),
    only(
      "roles-act-and-do-not-look",
      roles,
      [callers, linux, machine, engine, trace, scenario],
      "What the tasks of a scenario do. A role that measured, or that knew the study it is in, could make a run depend on it.",
    ),
    only(
      "world-puts-a-run-together",
      world,
      [roles, callers, kernels, linux, machine, engine, trace, scenario],
      "From a scenario to a kernel with devices and tasks. It does not start them, and nobody measures here.",
    ),
    only(
      "run-is-one-run",
      run,
      [world, roles, callers, kernels, linux, machine, engine, trace, scenario],
      "One run puts the parts of sim together. Many runs are the business of sim/study, which stands above it.",
    ),
    only(
      "spans-know-events-not-the-kernel",
      spans,
      [trace, "^sim/engine/(invariant-error|law)\\.ts$"],
      "Begin and end are paired here and nowhere else, from events alone: a real kernel's trace goes the same way.",
    ),
    only(
      "measure-knows-events-not-the-kernel",
      measure,
      [spans, trace, engine, scenario],
      "Measuring works from events and spans alone, so that the same code also reads the trace of a real kernel.",
    ),
    only(
      "study-is-many-runs",
      study,
      [run, measure, spans, trace, engine, scenario, "^sim/world/world\\.ts$"],
      "A study plans runs and merges what they measured. How the kernel model works inside is none of its business.",
    ),
    only(
      "experiments-are-one-call-alone",
      experiments,
      [run, world, roles, callers, kernels, linux, machine, spans, measure, trace, engine, scenario],
      "One call, one vector, one order: small worlds without a scenario file. They may look inside a kernel, and need no study.",
    ),
    only(
      "traces-know-no-kernel-model",
      traces,
      [trace, engine, spans, "^sim/measure/(metrics/histogram|window/window)\\.ts$"],
      "Other tools' text becomes our events and histograms, and back; a timeline is drawn from a window, which is plain data, and names mms by a hash. A real kernel's trace must not pass through our model.",
    ),
    only(
      "scenarios-are-data",
      "^scenarios/",
      [
        scenario,
        engine,
        trace,
        "^sim/callers/(patch-sites|callers|proc)\\.ts$",
        "^sim/roles/(role|roles)\\.ts$",
        "^sim/measure/metrics/(metrics|vocabulary)\\.ts$",
        "^sim/study/(budget|statistic)\\.ts$",
        traces,
      ],
      "Scenario files describe what to simulate and what it may cost. Of the kernel model they need the records whose names a file may use, of measuring the names of metrics, of studies what a budget and a statistic are.",
    ),
    only(
      "reports-read-results",
      "^reports/",
      [study, spans, experiments, kernels, callers, "^sim/roles/roles\\.ts$", trace, engine, measure, scenario, traces],
      "A report is made from a saved result and from events. It must be possible without the model that produced them.",
    ),
    only(
      "pages-run-in-a-browser",
      "^reports/page/",
      ["^reports/words/format-duration\\.ts$"],
      "The program of an HTML report is carried by every one of them. It draws the JSON of its page; what there is to compute was computed before.",
    ),
    {
      name: "reports-run-nothing",
      comment:
        "Reports need the types of runs and studies, to read their results. A report that starts a run is a command. The statistics of studies and what a budget looks at are formulas.",
      severity: "error",
      from: { path: "^reports/", pathNot: test },
      to: {
        path: [study, experiments],
        pathNot: formulas,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "nobody-imports-bin",
      comment:
        "The command line is the outermost room, and the library beside it. What others want from it belongs in a room of its own.",
      severity: "error",
      from: { pathNot: ["^(bin|test)/", "^index\\.ts$", test] },
      to: { path: "^bin/" },
    },
    {
      name: "yargs-is-the-command-lines",
      comment: "What studies are asked for is plain values: the library asks for them without a parser.",
      severity: "error",
      from: { pathNot: ["^bin/cli/command-line\\.ts$", test] },
      to: { path: "node_modules/yargs", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-imports-bench",
      comment: "Benchmarks are no part of the program.",
      severity: "error",
      from: { pathNot: ["^bench/", test] },
      to: { path: "^bench/" },
    },
    {
      name: "files-only-in-bin-and-scenarios",
      comment:
        "Everything else is a function from data to data, testable without a disk and free to run on any thread.",
      severity: "error",
      from: {
        pathNot: [
          "^bin/",
          "^bench/",
          "^test/",
          "^scenarios/(library|package-root|standard-input)\\.ts$",
          "^scenarios/read/(costs|files|parent)\\.ts$",
          "\\.config\\.ts$",
          test,
        ],
      },
      to: { dependencyTypes: ["core"], path: "^(node:)?fs(/|$)" },
    },
    {
      name: "sim-sees-no-outside-world",
      comment:
        "Nothing in sim sees a clock, a file, a thread or a process: the same seed gives the same bytes everywhere.",
      severity: "error",
      from: { path: "^sim/", pathNot: test },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-circles",
      comment:
        "Modules that need each other to load cannot be understood, tested or moved one at a time. Types may refer to each " +
        "other, and so may files of sim/linux: they keep the kernel's paths, and there gup.c and memory.c call each other.",
      severity: "error",
      from: { pathNot: [linux, test] },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "imports-exist",
      comment: "What cannot be found cannot be checked by the rules above.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|coverage|gupsim-out)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
