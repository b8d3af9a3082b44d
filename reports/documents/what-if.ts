import type { Scenario } from "../../sim/scenario.ts";
import type { WhatIf } from "../../sim/study/plan/what-if.ts";
import { columnName, type Statistic } from "../../sim/study/statistic.ts";

/** What `whatif --format json` prints. The objective and its changes are in the unit of its statistic: ns, counts, or a second of either. */
export interface WhatIfDocument extends WhatIf {
  readonly schema: "gupsim/whatif/v1";
  readonly scenario: string;
  readonly variant: string;
  readonly seeds: readonly string[];
  readonly objective: string;
  /** Converted before anything is changed. */
  readonly converted: readonly string[];
  readonly speedup: number;
  /** The command that repeats it. */
  readonly reproduce: string;
}

/** Everything that a study of conversions found, as a document; the site that lowers the objective most first. */
export function whatIfDocument(
  scenario: Scenario,
  objective: Statistic,
  found: Omit<WhatIfDocument, "schema" | "scenario" | "objective" | "converted">,
): WhatIfDocument {
  return {
    schema: "gupsim/whatif/v1",
    scenario: scenario.name,
    objective: columnName(objective),
    converted: scenario.converted ?? [],
    ...found,
    sites: [...found.sites].sort((a, b) => a.converted.objective - b.converted.objective),
  };
}
