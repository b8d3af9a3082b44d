import { paired } from "../../sim/spans/paired.ts";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { loadScenario } from "../../scenarios/load.ts";
import { parseVariant } from "../../sim/kernels/variant.ts";
import { WindowRecorder } from "../../sim/measure/window/event-window.ts";
import type { EventWindow } from "../../sim/measure/window/window.ts";
import { runScenario } from "../../sim/run.ts";
import { chromeTrace } from "../../traces/chrome-trace.ts";
import { findChromium, launch } from "../support/browser.ts";
import { type ChromeFile, slicesOf, threadNames } from "../support/chrome-timeline.ts";

const browserPath = findChromium();
if (browserPath === null) console.log("skipped: opening a timeline in speedscope needs chromium on the PATH");

const require = createRequire(import.meta.url);
const viewer = pathToFileURL(join(dirname(require.resolve("speedscope/package.json")), "dist/release/index.html")).href;

function recorded(name: string, variant: string): EventWindow {
  const recorder = new WindowRecorder(520_000_000, 590_000_000, 4000);
  runScenario(loadScenario(name).scenario, parseVariant(variant), "1", paired([recorder]));
  return recorder.window(name, variant, "1");
}

/** Opens a file in the viewer: what it complained of, what it fetched, and the threads it lists. */
async function open(text: string, path: string) {
  const complaints: string[] = [];
  const fetched: string[] = [];
  const browser = await launch(path);
  try {
    const page = await browser.newPage();
    page.on("console", (message) => {
      // The driver of the graphics card is not the viewer.
      const isDriver = message.text().startsWith("[.WebGL-");
      if (!isDriver && ["warning", "error"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => fetched.push(request.url()));
    await page.goto(viewer);
    const file = { name: "timeline.json", mimeType: "application/json", buffer: Buffer.from(text) };
    await page.setInputFiles("input[type=file]", file);
    // The name of the thread that is shown, and how many there are: a click lists them.
    await page.getByText(/\(1\/\d+\)/).click();
    const listed = page.getByText(/^[^(]+ \(pid \d+\), .+ \(tid \d+\)$/);
    await listed.first().waitFor();
    return { complaints, fetched, threads: await listed.allInnerTexts() };
  } finally {
    await browser.close();
  }
}

test.skipIf(browserPath === null).each([
  ["kvm-swap", "plain"],
  ["proc-readers", "v6.18"],
])(
  "a timeline of %s, %s opens in speedscope without a complaint, with the threads of the file",
  async (name, variant) => {
    const text = chromeTrace(recorded(name, variant), { version: "0.0.0" });
    const { complaints, fetched, threads } = await open(text, browserPath ?? "");
    expect(complaints).toEqual([]);
    expect(fetched.filter((url) => !url.startsWith("file:"))).toEqual([]);

    const file = JSON.parse(text) as ChromeFile;
    const names = threadNames(file);
    const processOf: Readonly<Record<number, string>> = { 1: "tasks", 2: "locks", 3: "IO" };
    const drawn = slicesOf(file).map(({ event: { pid, tid } }) => {
      return `${processOf[pid]} (pid ${pid}), ${names.get(`${pid} ${tid}`)} (tid ${tid})`;
    });
    expect(threads.sort()).toEqual([...new Set(drawn)].sort());
  },
);

test.skipIf(browserPath === null)("the viewer does complain of slices that cross", async () => {
  const crossing = [
    { ph: "X", pid: 1, tid: 2, ts: 0, dur: 10, name: "c", args: {} },
    { ph: "X", pid: 1, tid: 1, ts: 0, dur: 10, name: "a", args: {} },
    { ph: "X", pid: 1, tid: 1, ts: 5, dur: 10, name: "b", args: {} },
    { ph: "M", pid: 1, tid: 1, name: "thread_name", args: { name: "t" } },
    { ph: "M", pid: 1, tid: 2, name: "thread_name", args: { name: "u" } },
    { ph: "M", pid: 1, tid: 0, name: "process_name", args: { name: "p" } },
  ];
  const { complaints } = await open(JSON.stringify({ traceEvents: crossing }), browserPath ?? "");
  expect(complaints[0]).toContain("Tried to end");
});
