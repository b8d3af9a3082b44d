import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "threads",
    // Vitest leaves one of the processors alone, which on two is half of them.
    maxWorkers: "100%",
    // Only a test that hangs is ended: none may depend on the speed of the machine, nor on what else runs on it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    coverage: {
      provider: "v8",
      include: ["{bin,scenarios,sim,traces,reports}/**/*.ts"],
      exclude: ["**/*.test.ts"],
    },
  },
});
