import { beside, wrap } from "../../words/sentences.ts";

/** Scenarios with their questions. @param strong how a name is set off. */
export function scenariosText(
  scenarios: readonly { readonly name: string; readonly question: string }[],
  columns: number,
  strong: (text: string) => string,
): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios
    .flatMap(({ name, question }) => {
      const lines = beside(name, question, width + 2, columns);
      return lines.map((line, i) => `${i === 0 ? line.replace(name, strong(name)) : line}\n`);
    })
    .join("");
}

/** A numbered statement of the mail of 2014, with the scenarios and the tests that show it. */
interface StatementRow {
  readonly row: string;
  readonly says: string;
  readonly scenarios: readonly string[];
  readonly tests: readonly string[];
}

/** The statements of the mail with what shows each. @param strong how its number is set off. */
export function mailRowsText(rows: readonly StatementRow[], columns: number, strong: (text: string) => string): string {
  const lines = rows.flatMap(({ row, says, scenarios, tests }) => [
    ...beside(row, says, 6, columns).map((line, i) => (i === 0 ? line.replace(row, strong(row)) : line)),
    ...(scenarios.length > 0 ? wrap(`scenarios: ${scenarios.join(", ")}`, columns, "      ") : []),
    ...tests.flatMap((title) => wrap(`test: ${title}`, columns, "      ")),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}
