/** How the web app is built, served while it is developed, and how its tests run. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { initialSize } from "./initialSize.ts";
import { reporters } from "./test/reporters.ts";

export default defineConfig({
  plugins: [react(), initialSize()],
  build: {
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: "tanstack", test: /node_modules[\\/]@tanstack[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.API_URL ?? "http://127.0.0.1:8080" } },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    environment: "jsdom",
    setupFiles: ["test/setup.ts"],
    css: false,
    testTimeout: 60_000,
    env: { TZ: "Europe/Amsterdam" },
    ...reporters(),
  },
});
