import { expect, test } from "vitest";
import { feed } from "../../test/support/event-feed.ts";
import { Digest } from "./digest.ts";

function digest(story: string): string {
  const listener = new Digest();
  feed(listener, story);
  return listener.hex();
}

const line = "7 vcpu got mm=qemu mode=R site=x label=down_read value=1 aux=0";

test("equal runs have equal digests of 16 hex digits", () => {
  expect(digest(line)).toBe(digest(line));
  expect(digest(line)).toMatch(/^[0-9a-f]{16}$/);
});

test("a change of any one field changes the digest", () => {
  const changed = [
    line.replace("7", "8"),
    line.replace("7", String(7 + 2 ** 33)),
    line.replace("vcpu", "-"),
    line.replace("got", "released"),
    line.replace("qemu", "qemv"),
    line.replace("mode=R", "mode=W"),
    line.replace("site=x", "site="),
    line.replace("down_read", "down_reae"),
    line.replace("value=1", "value=-1"),
    line.replace("aux=0", "aux=1"),
    `${line}\n${line}`,
    "",
  ].map(digest);
  expect(new Set([digest(line), ...changed]).size).toBe(changed.length + 1);
});

test("the order of events counts", () => {
  expect(digest("1 a op_begin\n2 a op_end")).not.toBe(digest("2 a op_end\n1 a op_begin"));
});
