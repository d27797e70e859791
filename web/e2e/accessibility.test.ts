/** Every scene, wide and narrow, light and dark: nothing for axe to find, nothing wider than the window. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { complaintsOf, expectAccessible, NARROW, WIDE } from "./harness.ts";
import { enter, scenesOf, type Scene } from "./scenes.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(() => stage.close());

const looks = ["stranger", "demo", "newcomer"] as const;

for (const [width, viewport] of [
  ["wide", WIDE],
  ["narrow", NARROW],
] as const) {
  test.each(looks)(`what a %s sees is accessible, ${width}`, async (as: Scene["as"]) => {
    const page = await stage.page(as, { viewport });
    const complaints = complaintsOf(page);
    const scenes = scenesOf(stage.props).filter(
      (scene) => scene.as === as && (scene.only === undefined || scene.only === width),
    );
    for (const scene of scenes) {
      await enter(page, stage.server, scene);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
        await expectAccessible(page, `${scene.name}, ${width}, ${colorScheme}`);
      }
    }
    // Scenes without a server fail to load things, and say so.
    expect(complaints.filter((text) => !/Failed to load resource|cannot be reached/.test(text))).toEqual([]);
    await page.context().close();
  });
}
