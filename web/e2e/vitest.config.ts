/** How the browser journey runs: one at a time, with time for a real server and a real browser. */
import { defineConfig } from "vitest/config";
import { reporters } from "../test/reporters.ts";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    environment: "node",
    testTimeout: 900_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    ...reporters(),
  },
});
