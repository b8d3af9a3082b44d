import type { Scenario } from "../../sim/scenario.ts";
import type { Effect } from "../../sim/study/what-if.ts";
import { formatDuration } from "../words/format-duration.ts";
import { reportHead } from "../words/report-head.ts";
import { type Column, textTable } from "../words/text-table.ts";
import type { Order, PairRow, SiteRow } from "../../sim/study/plan/what-if.ts";
import type { WhatIfDocument } from "../documents/what-if.ts";
import { plural, wrap } from "../words/sentences.ts";
import { changeText, formatOf, percentChange, relative, type Show } from "./what-if-words.ts";

/** The report of a study of conversions, at most `width` columns wide where its tables can be. */
export function whatIfText(scenario: Scenario, document: WhatIfDocument, width: number): string {
  const { variant, objective, today, seeds, sites, others, stopped, reproduce } = document;
  const show = formatOf(objective);
  const parts = [
    headline(document, show, width),
    reportHead({ ...scenario, converted: document.converted }, seeds, width),
    wrap(`${variant}; objective ${objective}, the less the better: ${show(today)} today`, width, "").join("\n"),
  ];
  if (sites.length > 0) parts.push(...tables(document, show, width));
  if (others.length > 0) {
    const names = others.map(({ site, hold_io_ns }) => `${site} ${formatDuration(hold_io_ns)}/s`);
    const says = `hold the lock across IO too and have no new function to call, or call it already: ${names.join(", ")}`;
    parts.push(wrap(says, width, "").join("\n"));
  }
  if (stopped.length > 0) parts.push(stopped.join("\n"));
  parts.push(wrap(`reproduce: ${reproduce}`, width, "").join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function headline({ variant, sites, order, today }: WhatIfDocument, show: Show, width: number): string {
  const [first] = order.steps;
  const best = sites[0];
  if (first === undefined || best === undefined)
    return wrap(`${variant}: no site that can be converted holds the lock across IO`, width, "").join("\n");
  const says = `${variant}: convert ${first.site} next${share(first.converted, today)}; of one alone, ${best.site} changes most`;
  return wrap(`${says}: ${show(today)} -> ${show(best.converted.objective)}`, width, "").join("\n");
}

function share({ objective }: Effect, today: number): string {
  if (today === 0) return "";
  return ` (${percentChange(objective / today - 1)})`;
}

function tables(document: WhatIfDocument, show: Show, width: number): string[] {
  const { sites, pairs, order, greedy, speedup, today, seeds } = document;
  const parts = [
    `each site alone, change with its 95 % interval over ${plural(seeds.length, "seed")}\n${textTable(siteColumns(show, speedup, today), sites, width)}`,
  ];
  if (pairs.length > 0) parts.push(pairsText(pairs, show, today, width));
  const how =
    order.method === "best of all"
      ? `of all orders the one with the least on the way, ${show(order.on_the_way)} over its ${order.steps.length + 1} states`
      : "at each step what lowers the objective most: with more than 8 sites not every order was looked at";
  parts.push(`the next conversions: ${how}\n${textTable(orderColumns(show, today), order.steps.map(numbered), width)}`);
  if (greedy !== null) parts.push(wrap(greedyText(greedy, order, show), width, "").join("\n"));
  return parts;
}

function greedyText(greedy: Order, order: Order, show: Show): string {
  const names = greedy.steps.map(({ site }) => site).join(", ");
  const says = `taking at each step what lowers the objective most would be another order: ${names}`;
  return `${says}; ${show(greedy.on_the_way)} on the way instead of ${show(order.on_the_way)}`;
}

/** The pairs that give another thing than the sum, the farthest from it first, and how many do not. */
function pairsText(pairs: readonly PairRow[], show: Show, today: number, width: number): string {
  const apart = pairs.filter(({ together }) => together !== null);
  const farthest = [...apart].sort((a, b) => Math.abs(b.surplus.point) - Math.abs(a.surplus.point));
  const rest = pairs.length - apart.length;
  const says = [
    `two sites together, against the sum of what each changes alone`,
    ...(apart.length === 0 ? [] : [textTable(pairColumns(show, today), farthest, width)]),
    ...(rest === 0
      ? []
      : [
          `of ${plural(rest, apart.length === 0 ? "pair" : "other pair")} it cannot be said that they give more or less`,
        ]),
  ];
  return says.join("\n");
}

function siteColumns(show: Show, speedup: number, today: number): Column<SiteRow>[] {
  return [
    { head: "site", rank: 0, align: "left", cell: ({ site }) => site },
    { head: "hold over IO", rank: 0, align: "right", cell: ({ hold_io_ns }) => `${formatDuration(hold_io_ns)}/s` },
    { head: "converted", rank: 0, align: "right", cell: ({ converted }) => show(converted.objective) },
    { head: "change", rank: 0, align: "right", cell: ({ converted }) => changeText(converted.change, show) },
    { head: "", rank: 3, align: "right", cell: ({ converted }) => relative(converted, today) },
    { head: `IO ${speedup}x faster`, rank: 0, align: "right", cell: ({ faster_io }) => show(faster_io.objective) },
    { head: "change", rank: 1, align: "right", cell: ({ faster_io }) => changeText(faster_io.change, show) },
    { head: "", rank: 3, align: "right", cell: ({ faster_io }) => relative(faster_io, today) },
  ];
}

function pairColumns(show: Show, today: number): Column<PairRow>[] {
  return [
    { head: "sites", rank: 0, align: "left", cell: ({ sites }) => sites.join(" + ") },
    { head: "converted", rank: 1, align: "right", cell: ({ converted }) => show(converted.objective) },
    { head: "", rank: 3, align: "right", cell: ({ converted }) => relative(converted, today) },
    { head: "beyond the sum", rank: 2, align: "right", cell: ({ surplus }) => changeText(surplus, show) },
    { head: "together they give", rank: 0, align: "left", cell: ({ together }) => `${together} than the sum` },
  ];
}

interface Step {
  readonly n: number;
  readonly site: string;
  readonly converted: Effect;
}

function numbered(step: Order["steps"][number], i: number): Step {
  return { n: i + 1, ...step };
}

function orderColumns(show: Show, today: number): Column<Step>[] {
  return [
    { head: "", rank: 0, align: "right", cell: ({ n }) => String(n) },
    { head: "convert", rank: 0, align: "left", cell: ({ site }) => site },
    { head: "then", rank: 0, align: "right", cell: ({ converted }) => show(converted.objective) },
    { head: "change so far", rank: 1, align: "right", cell: ({ converted }) => changeText(converted.change, show) },
    { head: "", rank: 0, align: "right", cell: ({ converted }) => relative(converted, today) },
  ];
}
