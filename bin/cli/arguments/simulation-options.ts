import { type Values, value, valueOrNone } from "../options.ts";
import { scenarioPositional, setOption } from "./scenario-argument.ts";
import { seedOptions } from "./seeds.ts";

/** `--jobs`. */
export const jobsOption = value("replications at once, on threads (default 1)");

/** The scenario that `run` and `compare` simulate. */
export const simulationPositionals = { scenario: scenarioPositional };

/** What `run`, `compare` and `check` have in common. */
export const simulationOptions = {
  set: setOption,
  ...seedOptions("N: seeds 1 to N"),
  variants: value("kernels, separated by commas: PRESET(+AXIS=VALUE)*"),
  jobs: jobsOption,
  out: valueOrNone(
    "folder for result files (default gupsim-out/SCENARIO/COMMAND, with a hash of the options that change what is asked)",
    "write no files",
  ),
  precision: value(
    "5%: add replications until each interval is within 5% of its value: of the budgets' statistics, else of mean reader hold and wait",
  ),
  warmup: value(
    "a time to leave out at the beginning; auto: by MSER-5 for a steady scenario, none for a terminating one",
    "auto",
  ),
};

/** What the commands that keep events take beside. */
export const windowOption = value("FROM..TO: the events to keep beside the results (default: around the longest wait)");

/** What was given of them. */
export type SimulationOptions = Values<typeof simulationPositionals & typeof simulationOptions>;
