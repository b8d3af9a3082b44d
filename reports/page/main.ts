/** The program of an HTML report: it makes interactive what the page already says. */
import type { PageData } from "./data.ts";
import { choosableFlows } from "./flow.ts";
import { sortableTables } from "./ledger.ts";
import { Plots } from "./plots/plots.ts";
import { themeSwitch } from "./theme-switch.ts";
import { Timeline } from "./timeline/timeline.ts";

const data = JSON.parse(document.querySelector("#data")?.textContent ?? "{}") as PageData;
const painted: { draw(): void }[] = [];

const plots = document.querySelector<HTMLElement>("#plots");
if (plots !== null && data.distributions.length > 0) painted.push(new Plots(plots, data));
const timeline = document.querySelector<HTMLElement>("#timeline-view");
if (timeline !== null && data.windows.length > 0) painted.push(new Timeline(timeline, data));
sortableTables();
choosableFlows();
themeSwitch(() => {
  for (const one of painted) one.draw();
});
