import { bundledScenarios } from "../../../scenarios/load.ts";
import { seedRows } from "../../../scenarios/seed-rows.ts";
import type { Streams } from "../../cli/streams.ts";

/** Prints the scenarios that come with gupsim. Returns exit code 0. */
export function list(format: string, streams: Streams): number {
  const scenarios = bundledScenarios();
  if (format === "json") {
    const rows = scenarios.map(({ name, question }) => ({ name, question }));
    streams.out(`${JSON.stringify({ schema: "gupsim/list/v1", scenarios: rows }, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, question } of scenarios) streams.out(`${streams.strong(name.padEnd(width))}  ${question}\n`);
  return 0;
}

/** Prints the numbered statements of the mail with the scenarios and tests that show each. Returns exit code 0. */
export function listSeedRows(format: string, streams: Streams): number {
  const rows = seedRows();
  if (format === "json") {
    streams.out(`${JSON.stringify({ schema: "gupsim/seed-rows/v1", rows }, null, 2)}\n`);
    return 0;
  }
  for (const { row, says, scenarios, tests } of rows) {
    streams.out(`${streams.strong(row.padEnd(5))} ${says}\n`);
    if (scenarios.length > 0) streams.out(`      scenarios: ${scenarios.join(", ")}\n`);
    for (const title of tests) streams.out(`      test: ${title}\n`);
  }
  return 0;
}
