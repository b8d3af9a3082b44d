import { expect, test } from "vitest";
import { EnvironmentError } from "../cli/exit-codes.ts";
import { pageAssets } from "./page-assets.ts";

test("a report's program and style are what the build made, and carry the plots they draw with and their licence", () => {
  const { script, style } = pageAssets();
  expect(script).toMatch(/uPlot\s+The MIT License/);
  expect(style).toContain(".uplot");
  expect(style).toContain(".wait-list");
});

test("without a build it is said what is missing", () => {
  const missing = () => pageAssets("/nowhere");
  expect(missing).toThrow(EnvironmentError);
  expect(missing).toThrow("an HTML report needs what npm run build makes: dist/page/report.js and report.css");
});
