/** The first five minutes: the tour, once and no more, and a sample that comes and goes by one click. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { complaintsOf, expectAccessible, WIDE } from "./harness.ts";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await setStage();
  page = await stage.page("newcomer", { viewport: WIDE });
  complaints = complaintsOf(page);
});

afterAll(() => stage.close());

test("the tour is walked by keys, and offered no more", async () => {
  await page.goto(stage.server.address);
  await page.getByRole("button", { name: "Take the tour" }).click();
  const titles = ["Go back in time", "Keep how you look at things", "Find anything", "Leave the mouse"];
  for (const [index, title] of titles.entries()) {
    const step = page.getByRole("dialog", { name: title });
    await step.waitFor();
    await page.waitForFunction(() => /^(Next|Done)$/.test(document.activeElement?.textContent ?? ""));
    if (index < 2) await expectAccessible(page, title);
    await page.keyboard.press("Enter");
    await step.waitFor({ state: "detached" });
  }
  await page.goto(stage.server.address);
  await page.getByText("No leads yet.").waitFor();
  expect(await page.getByRole("button", { name: "Take the tour" }).count()).toBe(0);
});

test("a sample is loaded with its history, and taken back", async () => {
  await page.getByRole("button", { name: "Load the sample" }).click();
  await page.getByRole("button", { name: "Undo the import" }).waitFor();
  await page.goto(stage.server.address);
  const fresh = page.getByRole("region", { name: "Funnel" });
  await fresh
    .getByRole("link", { name: /^[1-9]\d*$/ })
    .first()
    .waitFor();
  const leads = async () => {
    const data = { limit: 1, count: "exact" };
    const found = await page.request.post(`${stage.server.address}/api/v1/objects/leads/search`, { data });
    return ((await found.json()) as { total: { value: number } }).total.value;
  };
  expect(await leads()).toBe(90);
  await page.goto(`${stage.server.address}/import`);
  await page.getByRole("link", { name: "sample-leads.csv" }).click();
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
  await expect.poll(leads, { timeout: 120_000 }).toBe(0);
  expect(complaints).toEqual([]);
});
