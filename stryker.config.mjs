/** What `npm run mutation` changes, and which tests have to notice. Survivors: docs/MUTATION.md. */
export default {
  packageManager: "npm",
  testRunner: "vitest",
  vitest: { configFile: "test/mutation/vitest.config.ts" },
  mutate: [
    "sim/linux/kernel/locking/*.ts",
    "sim/linux/mm/gup*.ts",
    "sim/linux/mm/gup/**/*.ts",
    "sim/linux/mm/filemap*.ts",
    "sim/linux/mm/filemap/*.ts",
    "sim/spans/*.ts",
    "sim/measure/blame/*.ts",
    "sim/study/verdict.ts",
    "sim/engine/*.ts",
    "!**/*.test.ts",
  ],
  // Tables that are made once, when a module is loaded: each of them would cost a run of all tests.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: "node_modules/.cache/stryker/incremental.json",
  ignorePatterns: ["dist", "coverage", "gupsim-out"],
  concurrency: 2,
  timeoutMS: 5000,
  reporters: ["clear-text", "json"],
  cleanTempDir: "always",
  jsonReporter: { fileName: "node_modules/.cache/stryker/mutation.json" },
  thresholds: { high: 95, low: 85, break: 85 },
};
