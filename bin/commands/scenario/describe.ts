import { describedText } from "../../../reports/text/reference/described-text.ts";
import { keysText } from "../../../reports/text/reference/keys-text.ts";
import { type KernelRule, kernelText, presetsText } from "../../../reports/text/reference/presets-text.ts";
import { originOf } from "../../../scenarios/origin.ts";
import { type ScenarioKey, scenarioKeys } from "../../../scenarios/schema/keys/keys.ts";
import { keysNamed, nearKey } from "../../../scenarios/schema/keys/named-keys.ts";
import type { Variant } from "../../../sim/kernels/variant.ts";
import { axisNames, formOf } from "../../../sim/kernels/axes.ts";
import { aliases, presets } from "../../../sim/kernels/presets.ts";
import { scenarioArgument, setOption } from "../../cli/arguments/scenario-argument.ts";
import { parseOneVariant } from "../../cli/arguments/variants.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { flag, formatOption, optional, value, valueOrBare } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/** Prints a scenario as the simulator sees it, with where each value comes from; or one kernel, rule by rule; or all of them; or what the keys of a scenario mean. */
export default command({
  positionals: { scenario: optional("name or file") },
  options: {
    presets: flag("presets by axis"),
    preset: value("one kernel (v6.18, v6.18+gup=plain): its rules and sources"),
    keys: valueOrBare("what the keys of a scenario mean and do; with a name that one (every, tasks.*.every)"),
    set: setOption,
    format: formatOption("text", "json"),
  },
  run(given, { out, columns, strong }) {
    const isJson = given.format === "json";
    if (given.keys !== undefined) {
      const keys = keysCalled(given.keys);
      out(isJson ? jsonText({ schema: "gupsim/keys/v1", keys }) : keysText(keys, columns, strong));
    } else if (given.preset !== undefined) {
      const variant = parseOneVariant(given.preset);
      const { name, preset } = variant;
      const rules = rulesOf(variant);
      const document = { schema: "gupsim/preset/v1", variant: name, preset, rules };
      out(isJson ? jsonText(document) : kernelText(name, rules, columns, strong));
    } else if (given.presets) {
      out(
        isJson
          ? jsonText({ schema: "gupsim/presets/v1", presets: valuesByPreset(), aliases })
          : presetsText(columns, strong),
      );
    } else if (given.scenario !== undefined) {
      if (Object.hasOwn({ ...presets, ...aliases }, given.scenario.split("+")[0] ?? ""))
        throw new UsageError(`describe: "${given.scenario}" is a kernel: describe --preset ${given.scenario}`);
      const loaded = scenarioArgument(given.scenario, given.set);
      const { file, scenario } = loaded;
      out(
        isJson ? jsonText(scenario) : describedText(scenario, file, (path) => originOf(path, loaded), columns, strong),
      );
    } else {
      throw new UsageError("describe: give a scenario, --preset NAME, --presets or --keys");
    }
    return exitCodes.ok;
  },
});

/** @throws UsageError for a name that no key has. */
function keysCalled(name: string): readonly ScenarioKey[] {
  if (name === "") return scenarioKeys();
  const found = keysNamed(name);
  if (found.length > 0) return found;
  const near = nearKey(name);
  const hint = near === null ? "" : ` (did you mean "${near}"?)`;
  throw new UsageError(`describe: no key of a scenario is called "${name}"${hint}; gupsim describe --keys lists all`);
}

function rulesOf(variant: Variant): KernelRule[] {
  return axisNames.map((axis) => {
    const value = variant.axes[axis];
    const form = formOf(axis, value);
    return { axis, value, says: form?.says ?? "", source: form?.source ?? "" };
  });
}

function valuesByPreset(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(presets).map(([name, { axes: values }]) => [name, values]));
}
