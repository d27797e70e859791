/** How the speed of the web app is measured: like the journeys, from another file. */
import { defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

export default defineConfig({ test: { ...config.test, include: ["speed.ts"] } });
