import { type CheckDocument, type CheckRow, exceededText, intervalText, valueText } from "./check.ts";

/** A check as JUnit XML: a suite a scenario, a test case a budget. Inconclusive is skipped, or a failure by policy. */
export function checkJunit(document: CheckDocument, inconclusiveFails: boolean): string {
  const { scenario, variant, rows, ending, reproduce } = document;
  const isFailed = (row: CheckRow): boolean =>
    row.level === "error" && (row.status === "fail" || (row.status === "inconclusive" && inconclusiveFails));
  const cases = rows.map((row) => testcase(row, scenario, isFailed(row), reproduce));
  const stopped = ending !== "duration" && ending !== "work-done";
  const ended = `    <testcase classname="${xml(scenario)}" name="ending" time="0">${stopped ? `\n      <failure message="${xml(ending)}">${xml(document.findings.join("\n"))}</failure>\n    ` : ""}</testcase>`;
  const failures = rows.filter(isFailed).length + (stopped ? 1 : 0);
  const skipped = rows.filter((row) => !isFailed(row) && isSkipped(row)).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${rows.length + 1}" failures="${failures}" errors="0" time="0">`,
    `  <testsuite name="${xml(scenario)}" tests="${rows.length + 1}" failures="${failures}" errors="0" skipped="${skipped}" time="0">`,
    `    <properties>\n      <property name="variant" value="${xml(variant)}"/>\n    </properties>`,
    ended,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function isSkipped({ status, level }: CheckRow): boolean {
  return (
    status === "inconclusive" || status === "waived" || status === "off" || (status === "fail" && level === "warn")
  );
}

function testcase(row: CheckRow, scenario: string, failed: boolean, reproduce: string): string {
  const head = `    <testcase classname="${xml(scenario)}" name="${xml(`${row.metric} ${row.assert}`)}" time="0">`;
  const observed = row.interval === null ? "no samples" : `${valueText(row, row.interval.point)} ${intervalText(row)}`;
  if (failed) {
    const facts = [
      `observed ${observed}`,
      exceededText(row),
      row.culprit ?? "",
      row.reason ?? "",
      row.where,
      reproduce,
    ];
    const body = facts.filter((fact) => fact !== "").join("\n");
    return `${head}\n      <failure message="${xml(`observed ${observed}`)}">${xml(body)}</failure>\n    </testcase>`;
  }
  if (isSkipped(row)) return `${head}\n      <skipped message="${xml(row.reason ?? row.status)}"/>\n    </testcase>`;
  return `${head}</testcase>`;
}

function xml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
