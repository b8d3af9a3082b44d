import {
  type CheckDocument,
  type CheckRow,
  culpritText,
  exceededText,
  intervalText,
  observedText,
} from "../documents/check.ts";

/** What only the run of a check knows: when it began (`2026-11-24T09:30:00`, UTC), how long it took, and where. */
export interface JunitRun {
  readonly timestamp: string;
  readonly seconds: number;
  readonly hostname: string;
}

/**
 * A check as JUnit XML: a suite a scenario, a test case a budget and one for the ending, which has the time. Inconclusive is skipped,
 * or a failure by policy.
 *
 * It keeps to what the schemas of Jenkins and of Ant's JUnit task have in common. Ant's knows no skipped case: a check that has one
 * is written for Jenkins' alone.
 */
export function checkJunit(document: CheckDocument, inconclusiveFails: boolean, run: JunitRun): string {
  const { scenario, variant, rows } = document;
  const time = run.seconds.toFixed(3);
  const isFailed = (row: CheckRow): boolean =>
    row.level === "error" && (row.status === "fail" || (row.status === "inconclusive" && inconclusiveFails));
  const failures = rows.filter(isFailed).length + (isStopped(document) ? 1 : 0);
  const skipped = rows.filter((row) => !isFailed(row) && isSkipped(row)).length;
  const counts = `tests="${rows.length + 1}" failures="${failures}" errors="0"${skipped === 0 ? "" : ` skipped="${skipped}"`}`;
  const place = `timestamp="${run.timestamp}" hostname="${xml(run.hostname)}" time="${time}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="${xml(scenario)}" package="gupsim" id="0" ${counts} ${place}>`,
    `    <properties>\n      <property name="variant" value="${xml(variant)}"/>\n    </properties>`,
    ending(document, time),
    ...rows.map((row) => budget(row, document, isFailed(row))),
    `    <system-out>${content(document.reproduce)}</system-out>`,
    "    <system-err/>",
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function isStopped({ ending }: CheckDocument): boolean {
  return ending !== "duration" && ending !== "work-done";
}

function isSkipped({ status, level }: CheckRow): boolean {
  return (
    status === "inconclusive" || status === "waived" || status === "off" || (status === "fail" && level === "warn")
  );
}

function ending(document: CheckDocument, time: string): string {
  const stopped = isStopped(document) ? failure(document.ending, document.ending, document.findings) : "";
  return testcase(document.scenario, "ending", time, stopped);
}

function budget(row: CheckRow, { scenario, reproduce }: CheckDocument, failed: boolean): string {
  const observed = `observed ${row.interval === null ? "no samples" : `${observedText(row)} ${intervalText(row)}`}`;
  const name = `${row.metric} ${row.assert}`;
  if (failed) {
    const type = row.status === "fail" ? "exceeded" : row.status;
    const facts = [observed, exceededText(row), culpritText(row), row.reason ?? "", row.where, reproduce];
    return testcase(scenario, name, "0", failure(type, observed, facts));
  }
  const why = row.reason ?? (row.status === "off" ? "off" : `a warning: ${observed}, ${exceededText(row)}`);
  return testcase(scenario, name, "0", isSkipped(row) ? `<skipped>${content(why)}</skipped>` : "");
}

function testcase(scenario: string, name: string, time: string, inside: string): string {
  const body = inside === "" ? "" : `\n      ${inside}\n    `;
  return `    <testcase classname="${xml(scenario)}" name="${xml(name)}" time="${time}">${body}</testcase>`;
}

function failure(type: string, message: string, facts: readonly string[]): string {
  const body = facts.filter((fact) => fact !== "").join("\n");
  return `<failure type="${xml(type)}" message="${xml(message)}">${content(body)}</failure>`;
}

/** For an attribute: a parser would make a space of a line break. */
function xml(text: string): string {
  return content(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;");
}

function content(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
