import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadScenario } from "../load.ts";

const folder = mkdtempSync(join(tmpdir(), "gupsim-layers-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, "");
  }
  return "";
};

describe("extends", () => {
  test("takes everything of a bundled scenario but what it says itself: maps are merged, the rest replaced", () => {
    const path = file(
      "mine.yaml",
      "schema: gupsim/scenario/v1\nname: mine\nextends: kvm-swap\ntasks:\n  vcpus: { count: 2 }\nvariants: [v6.18]\nbudgets: []\n",
    );
    const { scenario, budgets } = loadScenario(path);
    const { scenario: parent } = loadScenario("kvm-swap");
    expect(scenario.tasks.vcpus).toEqual({ ...parent.tasks.vcpus, count: 2 });
    expect(scenario.tasks.monitor).toEqual(parent.tasks.monitor);
    expect([scenario.name, scenario.question, scenario.variants, budgets]).toEqual([
      "mine",
      parent.question,
      ["v6.18"],
      [],
    ]);
  });

  test("a file beside it, which may extend another; never itself", () => {
    file("base.yaml", "schema: gupsim/scenario/v1\nname: base\nextends: kvm-zram\nduration: 3s\n");
    const path = file("child.yaml", "schema: gupsim/scenario/v1\nname: child\nextends: base.yaml\n");
    expect(loadScenario(path).scenario.duration_ns).toBe(3e9);
    expect(loadScenario(path, ["duration=1s"]).scenario.duration_ns).toBe(1e9);
    const loop = file("loop.yaml", "schema: gupsim/scenario/v1\nname: loop\nextends: loop.yaml\n");
    expect(message(() => loadScenario(loop))).toBe('loop.yaml:3:10: extends: "loop.yaml" extends itself');
    const nobody = file("nobody.yaml", "schema: gupsim/scenario/v1\nname: nobody\nextends: noone\n");
    expect(message(() => loadScenario(nobody))).toBe(
      'nobody.yaml:3:10: extends: cannot read "noone": expected the name of a bundled scenario, or a file beside this one',
    );
  });
});

describe("params", () => {
  const path = file(
    "params.yaml",
    "schema: gupsim/scenario/v1\nname: params\nextends: kvm-swap\nbudgets: []\nparams:\n  io: { path: devices.swapdev.latency, default: 8ms, range: [1ms, 20ms] }\n  vcpus: { path: tasks.vcpus.count, default: 4, range: [1, 64] }\n",
  );

  test("stand for a value: the default, or what is set by their name", () => {
    const { scenario } = loadScenario(path);
    expect([scenario.devices.swapdev?.latency, scenario.tasks.vcpus?.count]).toEqual([
      { kind: "constant", value_ns: 8e6 },
      4,
    ]);
    const changed = loadScenario(path, ["io=4ms", "vcpus=16", "duration=1s"]);
    expect(changed.scenario.devices.swapdev?.latency).toEqual({ kind: "constant", value_ns: 4e6 });
    expect([changed.scenario.tasks.vcpus?.count, changed.scenario.duration_ns]).toEqual([16, 1e9]);
    expect(changed.set.has("devices.swapdev.latency")).toBe(true);
  });

  test("are held to their range, and an unknown one is refused with the nearest name", () => {
    expect(message(() => loadScenario(path, ["io=40ms"]))).toBe('--set io=40ms: io: "40ms" is outside 1ms to 20ms');
    expect(message(() => loadScenario(path, ["vcpu=2"]))).toBe(
      '--set vcpu=2: vcpu: no parameter "vcpu" (did you mean "vcpus"?): one of io, vcpus',
    );
    expect(message(() => loadScenario(path, ["io=soon"]))).toBe(
      '--set io=soon: io: "soon" cannot be compared with the range 1ms to 20ms',
    );
  });
});
