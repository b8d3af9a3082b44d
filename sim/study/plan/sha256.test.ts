import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "./sha256.ts";

const official = (text: string): string => createHash("sha256").update(text).digest("hex");

test("the hash is that of FIPS 180-4, for every length around a block and for every text", () => {
  for (let length = 0; length <= 200; length++) expect(sha256("a".repeat(length))).toBe(official("a".repeat(length)));
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(official(text));
    }),
  );
});
