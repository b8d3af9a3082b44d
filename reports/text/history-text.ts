import type { HistoryChange, HistoryDocument, HistorySeries } from "../history/history-document.ts";
import { valueText } from "../documents/check.ts";
import { threeSignificant } from "../words/format-duration.ts";
import { plural, wrap } from "../words/sentences.ts";

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** A history for a terminal: of each series a sparkline of its last values, from the least to the most, and where it changed. Ends with a newline. */
export function historyText({ entries, level, series }: HistoryDocument, width: number): string {
  const head = `${plural(entries, "entry").replace("entrys", "entries")}, ${plural(series.length, "series").replace("seriess", "series")}; E-divisive: a history in which nothing changed has a change point in ${threeSignificant(level * 100)} % of cases`;
  return `${[...wrap(head, width, ""), ...series.flatMap((one) => ["", ...seriesLines(one, width)])].join("\n")}\n`;
}

function seriesLines(series: HistorySeries, width: number): string[] {
  const { scenario, variant, statistic, points, changes, differently_measured } = series;
  const title = wrap(`${scenario} as ${variant}: ${statistic}`, width);
  const values = points.map(({ value }) => value);
  if (values.length === 0) return [...title, "  no samples"];
  const text = (value: number): string => valueText({ assert: statisticWord(statistic) }, value);
  const range = `${text(Math.min(...values))} to ${text(Math.max(...values))}, last ${text(values.at(-1) as number)}`;
  const shown = values.slice(-Math.max(1, width - 2));
  const cut = shown.length === values.length ? "" : `; the last ${shown.length} of ${values.length} are drawn`;
  return [
    ...title,
    `  ${line(shown)}`,
    ...wrap(`  ${range}${cut}`, width, "  "),
    ...(changes.length === 0
      ? ["  = no change point"]
      : changes.flatMap((one) => wrap(changeText(one, text), width, "    "))),
    ...(differently_measured.length === 0
      ? []
      : wrap(
          `  the scenario, the seeds or gupsim's version are others from entry ${differently_measured.join(", ")} on`,
          width,
          "    ",
        )),
  ];
}

function changeText({ entry, commit, from, to, p }: HistoryChange, text: (value: number) => string): string {
  const change = from === 0 ? "" : ` (${to > from ? "+" : ""}${threeSignificant((to / from - 1) * 100)} %)`;
  const sign = to === from ? "~" : to > from ? "▲" : "▼";
  const at = commit === null ? "" : ` at ${commit.slice(0, 12)}`;
  return `  ${sign} ${text(from)} → ${text(to)}${change}${at}, entry ${entry}, p = ${threeSignificant(p)}`;
}

/** `p99` of `mmap_sem.wait{mode=R} p99`. */
function statisticWord(statistic: string): string {
  return statistic.slice(statistic.lastIndexOf(" ") + 1);
}

/** A letter a value, all on one scale from the least to the most. */
function line(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values
    .map((value) => bars[most === least ? 0 : Math.round(((value - least) / (most - least)) * (bars.length - 1))])
    .join("");
}
