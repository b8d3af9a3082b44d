import type { PageData } from "../page/data.ts";
import type { ReportData } from "../documents/report-data.ts";
import { blameSection } from "./blame/blame-section.ts";
import { convoys } from "./blame/convoy-list.ts";
import { differenceTables } from "./differences.ts";
import { html, inlined, jsonScript } from "./escape.ts";
import { lockStat } from "./distributions/lock-stat.ts";
import { pageDistributions } from "./distributions/page-distributions.ts";
import { pageWindow } from "./timeline/page-window.ts";
import { provenance } from "./provenance.ts";
import { ruleTables } from "./rules.ts";
import { scenarioSection } from "./scenario-section.ts";
import { stillPlots } from "./distributions/still-plots.ts";
import { summary } from "./summary.ts";
import { swatchCss } from "./swatch.ts";
import { dashes, paletteCss } from "./theme.ts";
import { timelineSection } from "./timeline/timeline-section.ts";
import { verdicts } from "./verdicts.ts";

/** What a page carries with it beside its data: the bundled program of reports/page, and its style sheet. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Said before anything else is drawn: a program runs, and which theme was chosen last. */
const first = `document.documentElement.classList.add("js");try{const t=localStorage.getItem("gupsim-theme");if(t)document.documentElement.dataset.theme=t}catch{}`;

/**
 * The report as one HTML file that needs no network: everything can be read without its program, which adds plots to look into, a
 * timeline, sorting and choosing.
 *
 * @throws RangeError when an asset would end its element.
 */
export function htmlReport(data: ReportData, assets: PageAssets): string {
  const { scenario, variants } = data;
  const outcomes = variants.map(({ outcome }) => outcome);
  const differences = differenceTables(outcomes);
  const rules = ruleTables(data.rules);
  const timeline = timelineSection(variants);
  const links: readonly (readonly [string, string])[] = [
    ["summary", "Summary"],
    ["verdicts", data.check === null ? "Budgets" : "Verdicts"],
    ["lock-stat", "lock_stat"],
    ["blame", "Blame"],
    ["distributions", "Distributions"],
    ...(timeline === null ? [] : [["timeline", "Timeline"] as const]),
    ["convoys", "Convoys"],
    ...(differences === null ? [] : [["differences", "Differences"] as const]),
    ...(rules === null ? [] : [["rules", "Rules"] as const]),
    ...(scenario.recording === undefined
      ? ([
          ["scenario", "Scenario"],
          ["provenance", "Provenance"],
        ] as const)
      : []),
  ];
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="gupsim ${data.version.version ?? ""}">
<title>${scenario.name}: ${outcomes.map(({ variant }) => variant).join(", ")} - gupsim</title>
<link rel="icon" href="data:,">
${inlined("style", `${paletteCss()}\n${swatchCss()}\n${assets.style}`)}
${inlined("script", first)}
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header><nav aria-label="Sections"><span class="brand">gupsim</span>${links.map(([id, text]) => html` <a href="#${id}">${text}</a>`)}<button type="button" id="theme" hidden></button></nav></header>
<main id="main">
${summary(data)}
${verdicts(data)}
${lockStat(outcomes)}
${blameSection(outcomes)}
<section id="distributions" aria-labelledby="distributions-title">
<h2 id="distributions-title">Distributions</h2>
<div id="plots" hidden></div>
${stillPlots(outcomes)}
</section>
${timeline}
${convoys(outcomes)}
${differences}
${rules}
${scenario.recording === undefined ? [scenarioSection(scenario), provenance(data)] : null}
</main>
${jsonScript("data", pageData(data))}
${inlined("script", assets.script)}
</body>
</html>
`;
  return `<!doctype html>\n${page.text}`;
}

function pageData({ variants, budgets }: ReportData): PageData {
  const outcomes = variants.map(({ outcome }) => outcome);
  return {
    variants: outcomes.map(({ variant }) => variant),
    dashes,
    distributions: pageDistributions(outcomes, budgets),
    again: "gupsim report . --to html",
    windows: variants.flatMap(({ window }, i) => (window === null ? [] : [pageWindow(window, i)])),
  };
}
