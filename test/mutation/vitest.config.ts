import { defineConfig } from "vitest/config";

/** The tests that guard what stryker.config.mjs mutates: those beside the code, and those of the model that are quick enough. */
export default defineConfig({
  test: {
    include: [
      "sim/{engine,linux,spans}/**/*.test.ts",
      "sim/measure/blame/*.test.ts",
      "sim/study/*.test.ts",
      "test/model/{blame-properties,rwsem-properties,spans-properties}.test.ts",
      "test/model/{by-source,fault-eras,gup-contract,live-6.18,populate,races,servers,userfault-closed,walks}.test.ts",
      "test/model/mail-{calls,patches,sites}.test.ts",
    ],
    setupFiles: ["test/mutation/same-cases.ts"],
    // One world for all files: half the time, and the same mutants are caught.
    isolate: false,
    testTimeout: 60_000,
  },
});
