import { describe, expect, test } from "vitest";
import { budgetOf } from "../../test/support/budget-of.ts";
import { plainStory, smallOutcome, unlockedStory } from "../../test/support/small-outcome.ts";
import { smallScenario } from "../../test/support/small-scenario.ts";
import type { CheckDocument } from "../documents/check.ts";
import type { ReportData } from "../documents/report-data.ts";
import { reportMarkdown } from "../ci/markdown.ts";
import { htmlReport } from "./page.ts";

const assets = { script: "void 0", style: "" };

function data(changes: Partial<ReportData> = {}): ReportData {
  return {
    scenario: { ...smallScenario({}), name: "small", question: "Is it small?" },
    scenario_hash: "abc123",
    version: { version: "1.2.3", node: "20" },
    complete: true,
    seedsAsked: 2,
    warnings: [],
    reproduce: "gupsim compare small --seeds 2",
    budgets: [],
    variants: [
      { outcome: smallOutcome("plain", plainStory), window: null },
      { outcome: smallOutcome("unlocked", unlockedStory), window: null },
    ],
    rules: [],
    check: null,
    ...changes,
  };
}

/** The page without its elements. */
function text(page: string): string {
  const body = page.slice(page.indexOf("<main"), page.indexOf("</main>"));
  return body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

test("a page says first who made the readers wait, in each variant, and how to repeat it", () => {
  const said = text(htmlReport(data(), assets));
  expect(said).toContain("Is it small? plain 99.9 % of wait-R is IO under async_pf_execute (99.9 %).");
  expect(said).toContain("unlocked No reader waited.");
  expect(said).toContain("reproduce gupsim compare small --seeds 2");
  expect(said).toContain("made by gupsim 1.2.3; node 20");
  expect(said).toContain("abc123");
});

test("a warm-up that was refused is told before why readers waited, on the page and in Markdown", () => {
  const refused = { ...smallOutcome("plain", plainStory), warm_up_refused: "no warm-up is left out" };
  const told = data({ variants: [{ outcome: refused, window: null }] });
  expect(text(htmlReport(told, assets))).toContain("plain No warm-up is left out. 99.9 % of wait-R is IO");
  expect(reportMarkdown(told)).toContain("- `plain`: no warm-up is left out; 99.9 % of wait-R is IO");
});

test("where no wait was over it is said who still waits", () => {
  const stuck = `
    0 kworker     start mm=qemu mode=R site=gup
    0 kworker     got   mm=qemu mode=R site=gup
    9 mm_writer   start mm=qemu mode=W site=munmap
   20 proc_reader start mm=qemu mode=R site=maps`;
  const said = text(htmlReport(data({ variants: [{ outcome: smallOutcome("plain", stuck), window: null }] }), assets));
  expect(said).toContain("plain 1 reader still waited when the run ended, up to 0 ns, and no wait was over.");
  expect(said).toContain("No wait was over: 2 waits went on when the run ended.");
});

test("one variant alone has no differences, and nobody to compare with", () => {
  const one = data({ variants: [{ outcome: smallOutcome("plain", plainStory), window: null }] });
  expect(htmlReport(one, assets)).not.toContain('id="differences"');
  expect(htmlReport(data(), assets)).toContain('id="differences"');
});

test("an interrupted study is marked loudly, and warnings stand at the top", () => {
  const page = htmlReport(data({ complete: false, warnings: ["the queue was full"] }), assets);
  expect(text(page)).toContain("Incomplete. The study was interrupted or is still going on");
  expect(text(page)).toContain("warning: the queue was full");
  expect(htmlReport(data(), assets)).not.toContain("Incomplete");
});

test("no name of a scenario, a variant or a source can become markup", () => {
  const evil = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>`;
  const scenario = { ...smallScenario({}), name: evil, question: evil, assumptions: [evil] };
  const outcome = { ...smallOutcome("plain", plainStory), variant: evil, findings: [evil], axes: { [evil]: evil } };
  const page = htmlReport(
    data({
      scenario,
      warnings: [evil],
      reproduce: evil,
      version: { version: evil },
      variants: [{ outcome, window: null }],
    }),
    assets,
  );
  expect(page).not.toContain("<img");
  expect(page).not.toContain("<script>alert");
  expect(page.match(/<script/g)).toHaveLength(3);
  expect(page.match(/<\/script>/g)).toHaveLength(3);
});

test("nothing in a page refers to a network", () => {
  expect(htmlReport(data(), assets)).not.toMatch(/(src|href)="(?!#|data:,)|@import|url\(|https?:/);
});

describe("verdicts", () => {
  const budget = budgetOf("mmap_sem.wait", { mode: "R" }, "p99 <= 1ms", { kind: "percentile", p: 99 }, 1e6);

  test("without a check the budgets stand with what was observed, and the word of who judges", () => {
    const said = text(htmlReport(data({ budgets: [budget] }), assets));
    expect(said).toContain("This is no verdict: gupsim check small judges");
    expect(said).toContain("mmap_sem.wait{mode=R} p99 &lt;= 1ms 7.99 ms beyond 0 ns within small.yaml:9:5");
  });

  test("without budgets there is nothing to judge", () => {
    expect(text(htmlReport(data(), assets))).toContain("The scenario has no budgets");
  });

  test("with a check each budget has its sign, its interval, by how much it was missed, and why", () => {
    const check: CheckDocument = {
      schema: "gupsim/check/v1",
      scenario: "small",
      variant: "plain",
      seeds: ["1", "2"],
      ending: "duration",
      findings: [],
      complete: true,
      warm_up_ns: 0,
      precision: null,
      tests: 1,
      passed: false,
      reproduce: "gupsim check small",
      rows: [
        {
          metric: budget.metric,
          assert: budget.assert,
          level: "error",
          where: budget.where,
          status: "fail",
          passed: false,
          interval: { point: 8e6, low: 7e6, high: 9e6, n: 2, method: "t" },
          at_least: false,
          limit: 1e6,
          exceeded: 7e6,
          p_holm: 0.001,
          wilcoxon: null,
          reason: null,
          culprit: "async_pf_execute held over IO",
        },
      ],
    };
    const said = text(htmlReport(data({ check }), assets));
    expect(said).toContain("✗ plain does not keep its budgets.");
    expect(said).toContain(
      "✗ fail mmap_sem.wait{mode=R} p99 &lt;= 1ms 8.00 ms [7.00 ms, 9.00 ms] exceeded by 7.00 ms (700 %); async_pf_execute held over IO small.yaml:9:5",
    );
    expect(said).toContain("Again: gupsim check small");
  });
});

test("the same data gives the same bytes", () => {
  expect(htmlReport(data(), assets)).toBe(htmlReport(data(), assets));
});
