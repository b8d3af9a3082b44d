import type { PartEffect } from "../../../sim/experiments/patch-series.ts";
import { formatDuration } from "../../words/format-duration.ts";
import { wrap } from "../../words/sentences.ts";
import { type Column, textTable } from "../../words/text-table.ts";

/** An order of the patches, and for each prefix the names that it lacks. */
export interface SeriesOrder {
  readonly order: string;
  readonly lacks: readonly (readonly string[])[];
}

const columns: readonly Column<PartEffect>[] = [
  { head: "part", rank: 0, align: "left", cell: ({ part }) => part },
  { head: "sites", rank: 0, align: "right", cell: ({ sites }) => String(sites.length) },
  { head: "held before", rank: 0, align: "right", cell: ({ before_ns }) => formatDuration(before_ns) },
  { head: "held after", rank: 0, align: "right", cell: ({ after_ns }) => formatDuration(after_ns) },
  { head: "share", rank: 0, align: "right", cell: ({ share }) => `${(100 * share).toFixed(1)} %` },
];

/** Which prefixes of the series can be built, and what each part of it does to the holds. */
export function seriesText(orders: readonly SeriesOrder[], parts: readonly PartEffect[], width: number): string {
  const lines = orders.flatMap(({ order, lacks }) => {
    const broken = lacks.flatMap((names, i) =>
      names.length === 0 ? [] : [`patch ${i + 1} lacks ${names.join(", ")}`],
    );
    return wrap(`${order}: ${broken.length === 0 ? "each prefix can be built" : broken.join("; ")}`, width);
  });
  return [
    "The order of the patches:",
    ...lines,
    "",
    ...wrap("What each part takes out of the holds (one call of each site, two of four pages missing):", width, ""),
    textTable(columns, parts, width),
    "",
  ].join("\n");
}
