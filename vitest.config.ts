import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "threads",
    coverage: {
      provider: "v8",
      include: ["{bin,scenarios,sim,traces,reports}/**/*.ts"],
      exclude: ["**/*.test.ts"],
    },
  },
});
