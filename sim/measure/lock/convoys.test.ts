import { paired } from "../../spans/paired.ts";
import { expect, test } from "vitest";
import { feed } from "../../../test/support/event-feed.ts";
import { loadScenario } from "../../../scenarios/load.ts";
import { parseVariant } from "../../kernels/variant.ts";
import { runScenario } from "../../run.ts";
import { Convoys } from "./convoys.ts";
import { sorted } from "../metrics/metrics.ts";

function convoys(story: string): Convoys {
  const listener = new Convoys();
  feed(listener, story);
  return listener;
}

const r = (site: string): string => `mm=qemu mode=R site=${site}`;
const w = "mm=qemu mode=W site=mmap";

test("a convoy is told with its onset, trigger, peak, drain time and what its waits add up to", () => {
  const listener = convoys(`
    0   g  got      ${r("gup")}
    5   g  sleep    label=swap
    10  w  start    ${w}
    20  a  start    ${r("maps")}
    30  b  start    ${r("maps")}
    40  c  start    ${r("maps")}
    95  g  wake     label=swap
    100 g  released ${r("gup")}
    102 w  got      ${w}
    110 w  released ${w}
    110 a  granted  ${r("maps")}
    110 b  granted  ${r("maps")}
    110 c  granted  ${r("maps")}
    112 a  got      ${r("maps")}
    113 b  got      ${r("maps")}
    115 c  got      ${r("maps")}
  `);
  expect(listener.worst).toEqual([
    {
      mm: "qemu",
      onset: 10,
      trigger: { task: 0, site: "gup", mode: "R", slept: "swap" },
      peak: 4,
      drain_ns: 15,
      waited_ns: 92 + 92 + 83 + 75,
      held_ns: 90,
    },
  ]);
  expect(sorted(listener.metrics().totals).map(([key, { count, sum }]) => `${key}: ${count} ${sum}`)).toEqual([
    "mmap_sem.convoy_drain{mm=qemu,site=gup}: 1 15",
    "mmap_sem.convoy_hold{mm=qemu,site=gup}: 1 90",
    "mmap_sem.convoy_wait{mm=qemu,site=gup}: 1 342",
    "mmap_sem.convoy{mm=qemu,peak=4,site=gup}: 1 105",
  ]);
});

test("three that meet are no convoy, nor are four that wait for a moment of a long hold", () => {
  const three = `
    0   g  got   ${r("gup")}
    10  w  start ${w}
    20  a  start ${r("maps")}
    30  b  start ${r("maps")}
    90  g  released ${r("gup")}
    90  w  got   ${w}
    95  w  released ${w}
    95  a  got   ${r("maps")}
    95  b  got   ${r("maps")}
  `;
  expect(convoys(three).worst).toEqual([]);
  const moment = `
    0   g  got   ${r("gup")}
    10  w  start ${w}
    85  a  start ${r("maps")}
    86  b  start ${r("maps")}
    87  c  start ${r("maps")}
    90  g  released ${r("gup")}
    90  w  got   ${w}
    91  w  released ${w}
    91  a  got   ${r("maps")}
    91  b  got   ${r("maps")}
    91  c  got   ${r("maps")}
  `;
  expect(convoys(moment).worst).toEqual([]);
});

test("a swapping VM has convoys under plain, none once the lock is let go, and a quiet machine has none at all", () => {
  const count = (scenario: string, variant: string): number => {
    const listener = new Convoys();
    runScenario(loadScenario(scenario).scenario, parseVariant(variant), "1", paired([listener]));
    return [...listener.metrics().totals].reduce(
      (n, [key, { count }]) => (key.startsWith("mmap_sem.convoy{") ? n + count : n),
      0,
    );
  };
  expect(count("kvm-swap", "plain")).toBeGreaterThan(10);
  expect(count("kvm-swap", "unlocked")).toBe(0);
  expect(count("readers-without-writer", "plain")).toBe(0);
});
