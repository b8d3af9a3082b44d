import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageAssets } from "../../bin/files/page-assets.ts";
import { blameRows, blameSentence } from "../../reports/documents/blame.ts";
import { formatDuration } from "../../reports/words/format-duration.ts";
import { htmlReport } from "../../reports/html/page.ts";
import { dark, light } from "../../reports/html/theme.ts";
import { reportData, reportedVariants } from "../../reports/documents/report-data.ts";
import type { ResultDocument } from "../../reports/documents/result.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { findChromium, launch } from "../support/browser.ts";
import { gupsimAt } from "../support/gupsim.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-html-"));
const file = join(folder, "report.html");
let windows: EventWindow[];
let results: ResultDocument[];

beforeAll(async () => {
  const { code } = await gupsimAt(100, ["compare", "kvm-swap", "--out", folder]);
  expect(code).toBe(0);
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
  results = ["plain", "unlocked"].map((name) => read<ResultDocument>(`${name}.result.json`));
  windows = ["plain", "unlocked"].map((name) => read<EventWindow>(`${name}.window.json`));
  const page = htmlReport(reportData(results[0] as ResultDocument, reportedVariants(results, windows)), pageAssets());
  writeFileSync(file, page);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("the report of kvm-swap, two variants with five seeds and their windows, is smaller than 400 kB", () => {
  expect(results.map(({ seeds }) => seeds.length)).toEqual([5, 5]);
  expect(statSync(file).size).toBeLessThan(400_000);
  expect(statSync(file).size).toBeGreaterThan(100_000);
});

const browserPath = findChromium();
if (browserPath === null) console.log("skipped: the HTML report in a browser needs chromium on the PATH");

describe.skipIf(browserPath === null)("in a browser, from file://", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(browserPath ?? "");
  }, 120_000);
  afterAll(async () => browser?.close());

  /** What went wrong in a page, and what it asked for. */
  const wrong: string[] = [];
  const asked: string[] = [];

  async function opened(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options })).newPage();
    page.on("console", (message) => void wrong.push(message.text()));
    page.on("pageerror", (error) => void wrong.push(error.message));
    page.on("request", (request) => void asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  const longest = (): EventWindow["waits"][number] => {
    const readers = (windows[0]?.waits ?? []).filter(({ mode }) => mode === "R");
    return readers.reduce((most, wait) => (wait.to - wait.from > most.to - most.from ? wait : most));
  };
  const sums = (page: Page): Promise<number[]> =>
    page.locator(".panel tfoot").evaluateAll((feet) => feet.map((foot) => Number(foot.getAttribute("data-sum"))));

  test("it shows plots and a timeline, says nothing on the console and asks for nothing but itself", async () => {
    const page = await opened();
    expect(await page.locator("#plots canvas").count()).toBe(2);
    // Two of each variant, and the run at a glance.
    expect(await page.locator("#timeline-view canvas").count()).toBe(5);
    expect(await page.locator(".still >> visible=true").count()).toBe(0);
    // Every distribution there is can be drawn.
    for (const metric of await page.locator("#plot-metric option").allTextContents()) {
      await page.selectOption("#plot-metric", metric);
      for (const of of await page.locator("#plot-of option").allTextContents()) await page.selectOption("#plot-of", of);
    }
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".still >> visible=true").count()).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
    expect(asked.filter((url) => url !== pathToFileURL(file).href && !url.startsWith("data:"))).toEqual([]);
    await page.context().close();
  });

  test("the longest wait of a reader is open, with its charges and the critical path of its operation, both to the ns", async () => {
    const page = await opened();
    const wait = longest();
    const { comm = "", role = "" } = windows[0]?.tasks[wait.task] ?? {};
    const panel = page.locator(".panel");
    expect(await panel.locator("h3").textContent()).toContain(
      `${comm} (${role}) waited ${formatDuration(wait.to - wait.from)}`,
    );
    const path = windows[0]?.paths.find(
      ({ task, from, to }) => task === wait.task && from <= wait.from && to >= wait.to,
    );
    expect(await sums(page)).toEqual([wait.to - wait.from, (path?.to ?? 0) - (path?.from ?? 0)]);
    const carrier = wait.charges.find(({ cause }) => cause === "swap")?.carrierSite;
    expect(carrier).toMatch(/^vm_/);
    expect(await panel.textContent()).toContain(`async_pf_execute (-R)swapallocator, ${carrier}`);
    await page.context().close();
  });

  test("a click on a wait in the timeline shows that wait, a click on a hold whom it made wait", async () => {
    const page = await opened();
    const wait = longest();
    const window = windows[0] as EventWindow;
    const stage = page.locator(".canvas").first();
    await stage.scrollIntoViewIfNeeded();
    const box = await stage.boundingBox();
    if (box === null) throw new Error("no timeline");
    // The chosen wait is framed; its lane is found as a hand would: by trying the lanes one after the other.
    const gutter = Number(await stage.getAttribute("data-gutter"));
    const middle = (wait.from + wait.to) / 2 - window.from_ns;
    const x = gutter + (middle / (window.to_ns - window.from_ns)) * (box.width - 2 - gutter);
    const titles: string[] = [];
    for (let y = 140; y < box.height - 4; y += 8) {
      await stage.click({ position: { x, y } });
      titles.push((await page.locator(".panel").textContent()) ?? "");
    }
    const { comm = "", role = "" } = window.tasks[wait.task] ?? {};
    const own = titles.find((title) => title.startsWith(`${comm} (${role}) waited`));
    expect(own).toContain(formatDuration(wait.to - wait.from));
    expect(
      titles.some(
        (title) => title.includes("held mmap_sem in async_pf_execute (-R)") && title.includes("It is charged with"),
      ),
    ).toBe(true);
    await page.context().close();
  });

  test("the keyboard reaches the timeline, goes through the waits and into the details, zooms and chooses nothing", async () => {
    const page = await opened();
    await page.locator("#timeline-view button").first().focus();
    for (let i = 0; i < 14; i++) {
      if (await page.evaluate("document.activeElement.className === 'canvas'")) break;
      await page.keyboard.press("Tab");
    }
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("application");
    const order = [...(windows[0]?.waits ?? [])].map(({ from, to }) => to - from).sort((a, b) => b - a);
    await page.keyboard.press("Escape");
    expect(await page.locator(".panel").textContent()).toContain("Choose a wait");
    for (const expected of order.slice(0, 4)) {
      await page.keyboard.press("n");
      expect((await sums(page))[0]).toBe(expected);
    }
    await page.keyboard.press("p");
    expect((await sums(page))[0]).toBe(order[2]);
    for (const key of ["+", "w", "d", "a", "ArrowRight", "ArrowLeft", "-", "s", "0"]) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.className === 'panel'")).toBe(true);
    await page.locator(".wait-list button").nth(5).focus();
    await page.keyboard.press("Enter");
    expect((await sums(page))[0]).toBe(order[5]);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  test("both variants are shown at the same moment of the same seed, and one can be put away", async () => {
    expect(windows[1]?.seed).toBe(windows[0]?.seed);
    expect(windows[1]?.from_ns).toBe(windows[0]?.from_ns);
    const page = await opened();
    const heads = page.locator(".track").filter({ visible: true }).locator("b");
    expect(await heads.allTextContents()).toEqual(windows.map(({ variant, seed }) => `${variant}, seed ${seed}`));
    await page.getByRole("button", { name: "plain", exact: true }).click();
    expect(await heads.allTextContents()).toEqual([`unlocked, seed ${windows[1]?.seed}`]);
    expect(await page.locator(".wait-list button").count()).toBe(windows[1]?.waits.length);
    // The last one stays.
    await page.getByRole("button", { name: "unlocked", exact: true }).click();
    expect(await heads.count()).toBe(1);
    await page.context().close();
  });

  test("a search leaves the waits and the tasks in which it is found", async () => {
    const page = await opened();
    const { waits = [], tasks = [] } = windows[0] ?? {};
    const readers = waits.filter(({ task }) => tasks[task]?.role === "proc_reader");
    const stage = page.locator(".canvas").first();
    const before = await stage.evaluate((one) => one.scrollHeight);
    await page.getByRole("searchbox").fill("proc_reader");
    expect(await page.locator(".wait-list button").count()).toBe(readers.length);
    await expect.poll(() => stage.evaluate((one) => one.scrollHeight)).toBeLessThan(before);
    await page.context().close();
  });

  test("a stretch of the whole run that was not kept is had by a command, one that was is looked at", async () => {
    const page = await opened();
    const strip = page.locator(".overview canvas");
    await strip.scrollIntoViewIfNeeded();
    const box = await strip.boundingBox();
    if (box === null) throw new Error("no overview");
    await page.mouse.move(box.x + 200, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 40);
    await page.mouse.up();
    const note = (await page.locator(".overview p").textContent()) ?? "";
    const [, from = "", to = ""] = /gupsim report \. --to html --window (\d+)ns\.\.(\d+)ns$/.exec(note) ?? [];
    // Where the mouse was, of 2 s: the names take 150 px.
    const at = (x: number): number => ((x - 150) / (box.width - 150)) * 2e9;
    expect(Math.abs(Number(from) - at(200)) / 2e9).toBeLessThan(0.01);
    expect(Math.abs(Number(to) - at(260)) / 2e9).toBeLessThan(0.01);
    await page.context().close();
  });

  test("the ledger sorts by its heads, and says so", async () => {
    const page = await opened();
    const table = page.locator("table.ledger").first();
    const column = (nth: number) =>
      table
        .locator(`tbody tr td:nth-child(${nth})`)
        .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-value"))));
    expect(await table.locator("th[aria-sort=descending]").textContent()).toBe("waittime");
    await table.getByRole("button", { name: "longest" }).click();
    const down = await column(10);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    await table.getByRole("button", { name: "longest" }).press("Enter");
    expect(await column(10)).toEqual([...down].sort((a, b) => a - b));
    expect(
      await table.locator("th[aria-sort]").evaluateAll((all) => all.map((one) => one.getAttribute("aria-sort"))),
    ).toEqual(["ascending"]);
    await table.getByRole("button", { name: "waiter" }).click();
    const names = await table.locator("tbody tr td:nth-child(1)").allTextContents();
    expect(names).toEqual([...names].sort());
    await page.context().close();
  });

  test("choosing a party of the flow leaves only its rows, by click and by key", async () => {
    const page = await opened();
    const blame = page.locator(".blame").first();
    const rows = blame.locator("table.ledger tbody tr >> visible=true");
    const all = await rows.count();
    await blame.locator(".node", { hasText: "hva_to_pfn_slow (-R)" }).last().click();
    const some = await rows.count();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    for (const text of await rows.locator("td:nth-child(4)").allTextContents())
      expect(text).toBe("hva_to_pfn_slow (-R)");
    await blame.locator(".node", { hasText: "show_pid_map" }).first().press("Enter");
    for (const text of await rows.locator("td:nth-child(1)").allTextContents()) expect(text).toBe("show_pid_map (-R)");
    await blame.getByRole("button", { name: "show all" }).click();
    expect(await rows.count()).toBe(all);
    await page.context().close();
  });

  test("it is dark where the system is, and the switch changes that", async () => {
    const page = await opened();
    const ground = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    const rgb = (hex: string): string =>
      `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;
    expect(await ground()).toBe(rgb(light.ground));
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await ground()).toBe(rgb(dark.ground));
    await page.locator("#theme").click();
    expect(await ground()).toBe(rgb(light.ground));
    await page.reload();
    expect(await ground()).toBe(rgb(light.ground));
    await page.locator("#theme").click();
    expect(await ground()).toBe(rgb(dark.ground));
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect(await ground()).toBe(rgb(light.ground));
    await page.emulateMedia({ colorScheme: "dark", media: "screen" });
    await page.locator("#theme").click();
    expect(await ground()).toBe(rgb(light.ground));
    await page.context().close();
  });

  test("without its program everything can be read: the sentences, the tables, the pictures, the command", async () => {
    const page = await opened({ javaScriptEnabled: false });
    const said = (await page.locator("main").innerText()).replace(/\s+/g, " ");
    for (const { metrics, reproduce } of results) {
      const rows = blameRows(Object.entries(metrics));
      expect(said).toContain(blameSentence(rows, "R").slice(1));
      expect(said).toContain(reproduce);
    }
    for (const part of [
      "lock_stat",
      "Who made whom wait",
      "the longest waits that overlap",
      "Resolved scenario",
      "mmap_sem.wait{mode=R,role=proc_reader}",
    ])
      expect(said).toContain(part);
    expect(await page.locator("svg.flow >> visible=true").count()).toBe(2);
    expect(await page.locator(".still svg >> visible=true").count()).toBe(8);
    expect(await page.locator("#plots, #timeline-view, #theme").filter({ visible: true }).count()).toBe(0);
    await page.context().close();
  });

  test("every table has a caption and heads with a scope, every picture a name or none, and at 800 px nothing but tables scrolls sideways", async () => {
    const page = await opened({ viewport: { width: 800, height: 900 } });
    expect(await page.locator("main table:not(:has(caption)):not(.panel table):not(.u-legend)").count()).toBe(0);
    expect(await page.locator("main table:not(.u-legend) th:not([scope])").count()).toBe(0);
    expect(await page.locator("main svg:not([aria-hidden]):not([aria-label])").count()).toBe(0);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(800);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.context().close();
  });
});
