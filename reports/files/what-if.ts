import { whatIfAnswer } from "../text/screen/what-if-screen.ts";
import type { SiteRow } from "../../sim/study/plan/what-if.ts";
import type { WhatIfDocument } from "../documents/what-if.ts";
import { changeText, formatOf } from "../text/what-if-words.ts";
import { formatDuration } from "../words/format-duration.ts";
import { csvLine } from "./csv-line.ts";

/** A line a site that can be converted (RFC 4180, lines ended by a newline alone), in the unit of the objective; no interval of one seed. */
export function whatIfCsv({ scenario, variant, objective, today, sites }: WhatIfDocument): string {
  const head = [
    "scenario",
    "variant",
    "objective",
    "site",
    "hold_io_ns",
    "today",
    "converted",
    "change",
    "low",
    "high",
    "faster_io",
  ];
  const lines = sites.map(({ site, hold_io_ns, converted, faster_io }) => {
    const { point, low, high, n } = converted.change;
    const interval = n < 2 ? ["", ""] : [String(low), String(high)];
    const values = [hold_io_ns, today, converted.objective, point].map(String);
    return csvLine([scenario, variant, objective, site, ...values, ...interval, String(faster_io.objective)]);
  });
  return `${[csvLine(head), ...lines].join("\n")}\n`;
}

/** A line of JSON a site. */
export function whatIfNdjson({ scenario, variant, objective, today, sites }: WhatIfDocument): string {
  return sites.map((site) => `${JSON.stringify({ scenario, variant, objective, today, ...site })}\n`).join("");
}

/** For a comment on a pull request: the answer, and each site alone. Ends with a newline. */
export function whatIfMarkdown(document: WhatIfDocument): string {
  const { scenario, variant, objective, sites, reproduce } = document;
  const show = formatOf(objective);
  const row = ({ site, hold_io_ns, converted }: SiteRow): string =>
    `| ${site} | ${formatDuration(hold_io_ns)}/s | ${show(converted.objective)} | ${changeText(converted.change, show)} |`;
  return [
    `### ${scenario} as \`${variant}\`: ${whatIfAnswer(document)}`,
    "",
    ...(sites.length === 0
      ? []
      : [
          `| site alone | hold over IO | ${objective} | change [95 %] |`,
          "| --- | ---: | ---: | --- |",
          ...sites.map(row),
          "",
        ]),
    `<details><summary>reproduce</summary>\n\n\`\`\`\n${reproduce}\n\`\`\`\n\n</details>`,
    "",
  ].join("\n");
}
