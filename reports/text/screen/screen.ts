/** One screen: the question, how it ended, the answer, a table, what to distrust, and where the rest is. */
import { wrap } from "../../words/sentences.ts";
import { type Paint, paintSigns } from "./paint.ts";

/** Lines of a screen of 80 columns, and those that its table has where the texts leave it none. */
const screenLines = 24;
const fewest = 5;

/** What a screen says, each of it a text that is wrapped. */
export interface Screen {
  /** What stands before everything else: that it is not whole, or was stopped. */
  readonly alarms: readonly string[];
  readonly question: string;
  readonly answer: string;
  /** @param height lines that are left for it. */
  table(height: number): string;
  /** How the numbers of the table are to be read. */
  readonly legend: string;
  /** "" for nothing. */
  readonly distrust: readonly string[];
  /** A path in it is not broken. */
  readonly last: string;
}

/** The screen for a terminal of `width` columns, with a newline at its end. */
export function screenText(screen: Screen, width: number, paint: Paint): string {
  const alarms = screen.alarms.flatMap((text) => wrap(text, width, ""));
  const question = wrap(screen.question, width, "");
  const answer = wrap(screen.answer, width, "");
  const distrust = screen.distrust.length === 0 ? [] : wrap(`distrust: ${screen.distrust.join("; ")}`, width, "");
  const legend = screen.legend === "" ? [] : wrap(screen.legend, width, "");
  const last = wrap(screen.last, width, "");
  const others = [...alarms, ...question, ...answer, ...legend, ...distrust, ...last].length;
  const table = screen.table(Math.max(fewest, screenLines - others - 2));
  const lines = [
    ...alarms.map((line) => paint("bad", line)),
    ...question,
    ...answer.map((line) => paint("strong", line)),
    "",
    ...(table === "" ? [] : [...table.split("\n").map((line) => paintSigns(line, paint)), ""]),
    ...[...legend, ...distrust].map((line) => paint("quiet", line)),
    ...last,
    "",
  ];
  return lines.join("\n");
}
