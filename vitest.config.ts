import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { meanfield: new URL("./src/index.ts", import.meta.url).pathname } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["./test/build.ts"],
    reporters: ["default", "./test/closing-line.ts"],
    testTimeout: 60_000,
    pool: "threads",
    maxWorkers: 2,
  },
});
