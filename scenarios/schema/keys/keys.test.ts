import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { keysMarkdown } from "../../../reports/text/reference/keys-text.ts";
import { costNames } from "../../../sim/costs.ts";
import { roles } from "../../../sim/roles/roles.ts";
import { writtenRoles } from "../../roles/roles.ts";
import { jsonSchema } from "./json-schema.ts";
import { scenarioKeys } from "./keys.ts";
import { keysNamed, nearKey } from "./named-keys.ts";

test("every key of a scenario says in sentences what it means", () => {
  const keys = scenarioKeys();
  expect(keys.length).toBeGreaterThan(61);
  const silent = keys.filter(({ says }) => !/^\S.*\.$/.test(says));
  expect(silent.map(({ path, roles: of }) => `${path} ${of ?? ""}`)).toEqual([]);
});

test("every role of the model can be written, under its own name, and explains itself", () => {
  expect(Object.keys(writtenRoles)).toEqual(Object.keys(roles));
  for (const [name, { form }] of Object.entries(writtenRoles)) {
    expect(form.shape.role.value).toBe(name);
    expect(form.shape.role.description).toBe(roles[name as keyof typeof roles].what);
  }
});

test("every cost is a key, with the words of its record", () => {
  const costs = scenarioKeys().filter(({ path }) => path.startsWith("machine.cost."));
  expect(costs.map(({ path }) => path.slice("machine.cost.".length))).toEqual(costNames);
});

test("the JSON Schema has what each key says, and its default as it would be written", () => {
  const schema = JSON.stringify(jsonSchema());
  for (const { path, says } of scenarioKeys()) {
    if (/^(LAW|machine\.cost\.)/.test(path)) continue;
    expect(schema, path).toContain(JSON.stringify(says));
  }
  expect(schema).toContain('"default":"50us"');
  expect(schema).toContain('"default":"1 page"');
  expect(schema).not.toContain('"default":50000');
});

test.each([
  ["tasks.*.every", ["tasks.*.every"]],
  ["tasks.vcpus.every", ["tasks.*.every"]],
  ["every", ["tasks.*.every"]],
  ["devices.readahead", ["devices.*.readahead"]],
  ["cow", ["mms.*.vmas.*.cow"]],
  ["load", ["load", "load.tasks", "load.steps", "load.each"]],
  ["lognormal.p99", ["LAW.lognormal.p99"]],
  ["prepare_fault", ["machine.cost.prepare_fault"]],
  ["warm-up", []],
])("%s names the keys that a reader means by it", (asked, paths) => {
  expect(keysNamed(asked).map(({ path }) => path)).toEqual(paths);
});

test("a slip of the keys leads to the key", () => {
  expect(nearKey("evry")).toBe("every");
  expect(nearKey("devices.readahed")).toBe("devices.readahead");
  expect(nearKey("xyzzyxyzzy")).toBeNull();
});

test("a key that several roles have in one sense is told once, and apart where its sense differs", () => {
  expect(keysNamed("tasks.*.every")[0]?.roles).toEqual(Object.keys(roles));
  const touch = keysNamed("touch").map((key) => key.roles);
  expect(touch).toContainEqual(["mm_writer"]);
  expect(touch).toContainEqual(["kvm_vcpu"]);
});

const file = fileURLToPath(new URL("../../../docs/SCENARIO.md", import.meta.url));

test("docs/SCENARIO.md is what the schema says: npm run docs writes it", async () => {
  await expect(keysMarkdown(scenarioKeys())).toMatchFileSnapshot(file);
});
