import { bundledScenarios } from "../../scenarios/load.ts";
import type { Streams } from "../streams.ts";

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
