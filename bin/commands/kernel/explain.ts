import { everything, type Explained, meaningsOf } from "../../../reports/explanations/all.ts";
import { explainedText, overviewText } from "../../../reports/text/reference/explained-text.ts";
import { nearName } from "../../../scenarios/near-name.ts";
import type { ScenarioKey } from "../../../scenarios/schema/keys/keys.ts";
import { keysNamed, nearKey } from "../../../scenarios/schema/keys/named-keys.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { formatOption, optional } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/**
 * Prints what a rule, variant, event, call site, metric, role, heading, key of a scenario or other word is, why it exists, who said it in the mail, what later happened to it and where
 * it can be read; without a name, all of them with a line each.
 */
export default command({
  positionals: { name: optional("gup=v4.0, rfc, section_lost, async_pf_execute, locked, mmap_lock.wait, hold-io, …") },
  options: { format: formatOption("text", "json") },
  run({ name, format }, { out, columns, strong }) {
    const found = name === undefined ? everything() : meanings(name);
    if (format === "json") out(jsonText(documentOf(found)));
    else if (name === undefined) out(overviewText(found, columns, strong));
    else for (const one of found) out(explainedText(one, columns, strong));
    return exitCodes.ok;
  },
});

/** @throws UsageError for a name that nothing has. */
function meanings(name: string): readonly Explained[] {
  const found = [...meaningsOf(name), ...keysNamed(name).map(keyExplained)];
  if (found.length > 0) return found;
  const near =
    nearName(
      name,
      everything().map((one) => one.name),
    ) ?? nearKey(name);
  throw new UsageError(
    `explain: nothing is called "${name}"${near === null ? "" : ` (did you mean "${near}"?)`}; gupsim explain lists all`,
  );
}

/** A key of a scenario as everything else that can be explained, from the words of the schema. */
function keyExplained({ path, says, takes, default: usual, required, roles }: ScenarioKey): Explained {
  const otherwise = usual === null ? (required ? ", and is required" : "") : `, by default ${usual}`;
  const whose = roles === null ? "" : ` A key of ${roles.join(", ")}.`;
  const what = `${says} Takes ${takes}${otherwise}.${whose}`;
  return { kind: "key", name: path, explanation: { what, why: null, said: null, later: null, source: keysAre } };
}

const keysAre = "docs/SCENARIO.md: gupsim describe --keys lists all";

function documentOf(found: readonly Explained[]) {
  const entries = found.map(({ kind, name, explanation }) => ({ kind, name, ...explanation }));
  return { schema: "gupsim/explain/v1", entries };
}
