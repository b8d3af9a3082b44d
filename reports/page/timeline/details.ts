import { formatCount, formatDuration, threeSignificant } from "../../words/format-duration.ts";
import { chargesOf, segmentsOf, victimsOf } from "./blame-of.ts";
import { causeColour } from "../cause.ts";
import type { PagePath, PageWait, PageWindow } from "../data.ts";
import { element } from "../dom.ts";
import type { LaneSlice } from "./lanes.ts";

/** What a wait was made of: who is charged with it, and the path of the operation that it delayed. */
export function waitDetails(window: PageWindow, wait: PageWait): Node[] {
  const [comm, role] = window.tasks[wait.task] ?? ["", ""];
  const charges = chargesOf(window, wait);
  const path = window.paths[wait.path];
  const title = `${comm} (${role}) waited ${formatDuration(wait.to - wait.from)} for mmap_sem of ${window.mms[wait.mm] ?? ""}, ${wait.mode === "R" ? "to read" : "to write"}, in ${window.names[wait.site] ?? ""}`;
  return [
    heading(title),
    element(
      "p",
      { class: "note" },
      `from ${formatCount(window.from_ns + wait.from)} to ${formatCount(window.from_ns + wait.to)} ns of seed ${window.seed}`,
    ),
    element(
      "div",
      { class: "pair" },
      element(
        "div",
        {},
        element("h4", {}, "Who is charged with it"),
        stack(charges.map(({ from, to, cause }) => ({ from, to, doing: cause }))),
        chargesTable(window, wait),
      ),
      element("div", {}, ...(path === undefined ? [noPath()] : pathDetails(window, path))),
    ),
  ];
}

/** What any other slice was, and of a hold whom it made wait. */
export function sliceDetails(window: PageWindow, slice: LaneSlice, task: number): Node[] {
  const [comm, role] = window.tasks[task] ?? ["", ""];
  const length = `${formatDuration(slice.to - slice.from)}${slice.isOpen ? " and was not over at the end of the window" : ""}`;
  const path = slice.kind === "operation" ? window.paths[slice.ref] : undefined;
  const text = `${comm} (${role}) ${wordsOf(slice)}${slice.kind === "mark" ? ` at ${formatDuration(slice.from)}` : ` for ${length}`}`;
  if (path !== undefined) return [heading(text), ...pathDetails(window, path)];
  if (slice.kind !== "hold-R" && slice.kind !== "hold-W") return [heading(text)];
  const victims = victimsOf(window, task, slice.from, slice.to);
  const sum = victims.reduce((total, { ns }) => total + ns, 0);
  return [
    heading(text),
    element(
      "p",
      {},
      victims.length === 0
        ? "It made nobody wait whose wait is known."
        : `It is charged with ${formatDuration(sum)} of ${victims.length} waits:`,
    ),
    table(
      ["charged", "who waited", "site"],
      victims.slice(0, 12).map(({ wait, ns }) => {
        const one = window.waits[wait];
        return [
          formatDuration(ns),
          window.tasks[one?.task ?? -1]?.[0] ?? "",
          `${window.names[one?.site ?? -1] ?? ""} (-${one?.mode ?? ""})`,
        ];
      }),
    ),
  ];
}

function wordsOf({ kind, name }: LaneSlice): string {
  switch (kind) {
    case "hold-R":
    case "hold-W":
      return `held mmap_sem in ${name} (-${kind.at(-1)})`;
    case "wait-R":
    case "wait-W":
      return `waited for mmap_sem in ${name} (-${kind.at(-1)})`;
    case "granted":
      return `owned mmap_sem in ${name} (-R) and did not run yet`;
    case "sleep":
      return `slept: ${name}`;
    case "run-queue":
      return "waited for a CPU";
    case "operation":
      return `did ${name}`;
    case "vma-hold":
      return `held the lock of mapping ${name}`;
    case "vma-wait":
      return `waited for the readers of mapping ${name}`;
    default:
      return name;
  }
}

function chargesTable(window: PageWindow, wait: PageWait): Node {
  const all = wait.to - wait.from;
  const rows = chargesOf(window, wait).map(
    ({ from, to, holder, holderMode, holderSite, cause, carrier, carrierSite }) => {
      const comm = window.tasks[holder]?.[0] ?? "";
      return [
        formatDuration(to - from),
        `${threeSignificant((100 * (to - from)) / all)} %`,
        holderMode === "" ? `nobody; ${comm} is next` : comm,
        holderMode === "" ? holderSite : `${holderSite} (-${holderMode})`,
        cause,
        carrier < 0 ? "-" : `${window.tasks[carrier]?.[0] ?? ""}, ${carrierSite}`,
      ];
    },
  );
  const sum = chargesOf(window, wait).reduce((total, { from, to }) => total + to - from, 0);
  return table(
    ["time", "share", "who had the lock", "site", "was doing", "carrier"],
    rows,
    [formatDuration(sum), "100 %", "the wait"],
    sum,
  );
}

function pathDetails(window: PageWindow, path: PagePath): Node[] {
  const segments = segmentsOf(window, path);
  const [comm] = window.tasks[path.task] ?? [""];
  const rows = segments.map(({ from, to, task, site, doing }) => [
    formatDuration(to - from),
    doing,
    window.tasks[task]?.[0] ?? "",
    site,
  ]);
  const sum = segments.reduce((total, { from, to }) => total + to - from, 0);
  return [
    element("h4", {}, `Critical path of ${window.names[path.op] ?? ""} ${path.number} of ${comm}`),
    stack(segments),
    table(["time", "doing", "task", "site"], rows, [formatDuration(sum), "its latency"], sum),
  ];
}

function noPath(): Node {
  return element(
    "p",
    { class: "note" },
    "The operation that it delayed did not end before the run did, so its critical path is not known.",
  );
}

function heading(text: string): Node {
  return element("h3", {}, text);
}

/** Pieces of time as one bar, widths in proportion. */
function stack(pieces: readonly { from: number; to: number; doing: string }[]): Node {
  const all = pieces.reduce((sum, { from, to }) => sum + to - from, 0);
  const bars = pieces.map(({ from, to, doing }) =>
    element("i", {
      style: `width:${(100 * (to - from)) / all}%;background:var(--${causeColour(doing)})`,
      title: `${doing}: ${formatDuration(to - from)}`,
    }),
  );
  return element("div", { class: "stack", "aria-hidden": "true" }, ...bars);
}

/** @param sum the exact ns of the last line, for those who read the page by program. */
function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  foot: readonly string[] = [],
  sum = 0,
): Node {
  const isNumber = (head: string | undefined): boolean => head === "time" || head === "share" || head === "charged";
  const feet = heads.map((_, i) => foot[i] ?? "");
  const cell = (text: string, i: number): Node => element("td", { class: isNumber(heads[i]) ? "n" : null }, text);
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...heads.map((head) => element("th", { scope: "col", class: isNumber(head) ? "n" : null }, head)),
        ),
      ),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell)))),
      foot.length === 0 ? null : element("tfoot", { "data-sum": sum }, element("tr", {}, ...feet.map(cell))),
    ),
  );
}
