/** Takes a picture of every scene, wide and narrow, light and dark. Look at them: no test does. */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { NARROW, WIDE } from "./harness.ts";
import { enter, scenesOf } from "./scenes.ts";

const target = process.env.CARGO_TARGET_DIR ?? resolve(import.meta.dirname, "../../target");
const folder = resolve(target, "screenshots");
/** Names of scenes, separated by commas; all of them if there are none. */
const wanted = (process.env.SCENES ?? "").split(",").filter((name) => name !== "");

let stage: Stage;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  stage = await setStage();
});

afterAll(() => stage.close());

describe.each([
  ["wide", "light", WIDE],
  ["wide", "dark", WIDE],
  ["narrow", "light", NARROW],
  ["narrow", "dark", NARROW],
] as const)("%s %s", (width, colorScheme, viewport) => {
  test("every scene", async () => {
    const pages = new Map(
      await Promise.all(
        (["stranger", "demo", "newcomer"] as const).map(
          async (as) => [as, await stage.page(as, { viewport, colorScheme })] as const,
        ),
      ),
    );
    for (const scene of scenesOf(stage.props)) {
      if (scene.only !== undefined && scene.only !== width) continue;
      if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
      const page = pages.get(scene.as);
      if (!page) continue;
      await enter(page, stage.server, scene);
      // Names of people and linked records may come last.
      await page.waitForTimeout(400);
      await page.screenshot({ path: resolve(folder, `${scene.name}.${width}.${colorScheme}.png`) });
    }
    for (const page of pages.values()) await page.context().close();
  });
});
