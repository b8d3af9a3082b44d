/** What a colour says. Nothing is told by colour alone: a sign or a word says it too. */
export type Meaning = "good" | "bad" | "strong" | "quiet";

/** Gives a text the colour of its meaning; gives it back where there are no colours. */
export type Paint = (meaning: Meaning, text: string) => string;

/** A line with its signs, and the factors behind them, in colour. */
export function paintSigns(line: string, paint: Paint): string {
  return line
    .replace(/▼( [÷×] [\d.,]+| to 0| to none)?|✓/g, (found) => paint("good", found))
    .replace(/▲( [÷×] [\d.,]+| from 0| from none)?|✗/g, (found) => paint("bad", found));
}
