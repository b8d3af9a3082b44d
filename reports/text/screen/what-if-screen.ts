/** A study of conversions on one screen: what to convert next and why, each site alone, and the order to go in. */
import type { Scenario } from "../../../sim/scenario.ts";
import type { SiteRow } from "../../../sim/study/plan/what-if.ts";
import type { WhatIfDocument } from "../../documents/what-if.ts";
import { formatDuration } from "../../words/format-duration.ts";
import { list, plural } from "../../words/sentences.ts";
import { type Column, textTable } from "../../words/text-table.ts";
import { changeText, formatOf, percentChange, relative } from "../what-if-words.ts";
import { scenarioDoubts } from "./distrust.ts";
import { lastLine } from "./last-line.ts";
import type { Paint } from "./paint.ts";
import { screenText } from "./screen.ts";

/** The study for a terminal of `width` columns. Ends with a newline. */
export function whatIfScreen(scenario: Scenario, document: WhatIfDocument, width: number, paint: Paint): string {
  const { variant, seeds, others, order, stopped } = document;
  const steps = order.steps.map(({ site }, i) => `${i + 1} ${site}`);
  return screenText(
    {
      alarms: stopped,
      question: `${scenario.name} as ${variant}: which site to convert next, to lower ${document.objective}?`,
      answer: whatIfAnswer(document),
      table: (height) => siteTable(document, width, height),
      legend: [
        `${plural(seeds.length, "seed")}, paired; [ ] 95 % of the change; ~ it may be chance`,
        ...(steps.length < 2 ? [] : [`order: ${steps.join(", ")}`]),
      ].join("; "),
      distrust: [
        ...scenarioDoubts(scenario),
        ...(others.length === 0
          ? []
          : [`hold across IO and cannot be converted: ${list(others.map(({ site }) => site))}`]),
      ],
      last: lastLine({ page: null, options: [] }),
    },
    width,
    paint,
  );
}

/** `convert X next: 110 ms/s → 65.0 ms/s (-40.9 %): it holds the lock for 20.0 ms of each second across IO`. */
export function whatIfAnswer({ objective, sites, order, today }: WhatIfDocument): string {
  const show = formatOf(objective);
  const [first] = order.steps;
  if (first === undefined) return "no site that can be converted holds the lock across IO";
  const { converted } = first;
  const share =
    today === 0
      ? ""
      : ` (${converted.is_certain ? percentChange(converted.objective / today - 1) : "~ no effect is claimed"})`;
  const held = sites.find(({ site }) => site === first.site)?.hold_io_ns;
  const why = held === undefined ? "" : `: it holds the lock across IO for ${formatDuration(held)} of each second`;
  return `convert ${first.site} next: ${show(today)} → ${show(converted.objective)}${share}${why}`;
}

/** As many sites as there is room for; how many are left out is told. */
function siteTable({ sites, objective, today, speedup }: WhatIfDocument, width: number, height: number): string {
  if (sites.length === 0) return "";
  const show = formatOf(objective);
  const columns: readonly Column<SiteRow>[] = [
    { head: "site alone", rank: 0, align: "left", cell: ({ site }) => site },
    { head: "", rank: 0, align: "left", cell: ({ converted }) => sign(converted, today) },
    { head: "converted", rank: 2, align: "right", cell: ({ converted }) => show(converted.objective) },
    { head: "change [95 %]", rank: 0, align: "left", cell: ({ converted }) => changeText(converted.change, show) },
    { head: `IO ${speedup}x faster`, rank: 1, align: "right", cell: ({ faster_io }) => show(faster_io.objective) },
  ];
  if (sites.length < height) return textTable(columns, sites, width);
  const shown = sites.slice(0, Math.max(1, height - 2));
  return `${textTable(columns, shown, width)}\nand ${plural(sites.length - shown.length, "more site")}`;
}

function sign(converted: SiteRow["converted"], today: number): string {
  if (!converted.is_certain) return "~";
  const share = relative(converted, today);
  if (converted.objective === today) return "=";
  return `${converted.objective < today ? "▼" : "▲"} ${share}`;
}
