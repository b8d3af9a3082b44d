/** Scenarios with their questions, a line each. @param strong how a name is set off. */
export function scenariosText(
  scenarios: readonly { readonly name: string; readonly question: string }[],
  strong: (text: string) => string,
): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, question }) => `${strong(name.padEnd(width))}  ${question}\n`).join("");
}

/** A numbered statement of the mail of 2014, with the scenarios and the tests that show it. */
interface StatementRow {
  readonly row: string;
  readonly says: string;
  readonly scenarios: readonly string[];
  readonly tests: readonly string[];
}

/** The statements of the mail with what shows each. @param strong how its number is set off. */
export function mailRowsText(rows: readonly StatementRow[], strong: (text: string) => string): string {
  const lines = rows.flatMap(({ row, says, scenarios, tests }) => [
    `${strong(row.padEnd(5))} ${says}`,
    ...(scenarios.length > 0 ? [`      scenarios: ${scenarios.join(", ")}`] : []),
    ...tests.map((title) => `      test: ${title}`),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}
