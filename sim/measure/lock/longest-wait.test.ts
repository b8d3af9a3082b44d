import { paired } from "../../spans/paired.ts";
import { expect, test } from "vitest";
import { loadScenario } from "../../../scenarios/load.ts";
import { feed } from "../../../test/support/event-feed.ts";
import { parseVariant } from "../../kernels/variant.ts";
import { runScenario } from "../../run.ts";
import { LockStat } from "./lock-stat.ts";
import { LongestWait, type LongWait } from "./longest-wait.ts";

const { scenario } = loadScenario("kvm-swap");
const plain = parseVariant("plain");

/** Of every story, ns. */
const endOfRun = 1000;

function longestOf(story: string): LongWait | null {
  const longest = new LongestWait();
  feed(longest, story);
  return longest.wait(endOfRun);
}

test("the longest wait is the largest of lock_stat's waits of readers", () => {
  const [longest, stat] = [new LongestWait(), new LockStat([])];
  const { simulated_ns } = runScenario(scenario, plain, "1", paired([longest, stat]));
  const waits = [...stat.metrics().histograms].filter(([key]) => /^mmap_sem\.wait\{.*mode=R/.test(key));
  const { from, to, mode } = longest.wait(simulated_ns) as LongWait;
  expect(mode).toBe("R");
  expect(to - from).toBe(Math.max(...waits.map(([, histogram]) => histogram.max)));
});

test("a wait that never ends is the longest, up to the end of the run", () => {
  const wait = longestOf(`
     10 a start mm=qemu mode=R site=x
     30 a got   mm=qemu mode=R site=x
     40 b start mm=qemu mode=R site=x
     90 c start mm=qemu mode=W site=y
  `);
  expect(wait).toEqual({ task: 1, mm: "qemu", mode: "R", from: 40, to: endOfRun, ended: false });
});

test("a failed trylock and the lock that follows it are one wait", () => {
  const wait = longestOf(`
     10 a start mm=qemu mode=R site=x
     10 a failed mm=qemu mode=R site=x
     20 a start mm=qemu mode=R site=x
     50 a got   mm=qemu mode=R site=x
  `);
  expect(wait).toMatchObject({ from: 10, to: 50, ended: true });
});

test("an attempt that failed and was given up is no wait", () => {
  const wait = longestOf(`
     10 a start  mm=qemu mode=R site=x
     10 a failed mm=qemu mode=R site=x
     20 a op_end label=read value=1
     70 a start  mm=qemu mode=R site=x
     80 a got    mm=qemu mode=R site=x
     90 a start  mm=qemu mode=R site=x
     90 a failed mm=qemu mode=R site=x
     99 a op_end label=read value=2
  `);
  expect(wait).toMatchObject({ from: 70, to: 80, ended: true });
});
