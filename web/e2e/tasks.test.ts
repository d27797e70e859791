/** A call is logged, a task made out of it, found on the page of tasks, ticked, and opened again. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { complaintsOf, expectAccessible, NARROW, WIDE } from "./harness.ts";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await setStage();
  page = await stage.page("demo", { viewport: WIDE });
  complaints = complaintsOf(page);
});

afterAll(() => stage.close());

test("what is written down stands in the timeline of the record, also in the past", async () => {
  await page.goto(`${stage.server.address}/objects/leads/${stage.props.lead}`);
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.getByLabel("Subject").fill("Price talk");
  await page.getByRole("textbox", { name: "What was said" }).fill("Wants **20 vehicles**");
  await page.getByRole("button", { name: "Log the call" }).click();
  const entry = page.getByRole("listitem").filter({ hasText: "Price talk" });
  await entry.locator("b", { hasText: "20 vehicles" }).waitFor();

  await page.getByRole("button", { name: "Task", exact: true }).click();
  await page.getByLabel("Title").fill("Send the price");
  await page.getByRole("button", { name: "Create the task" }).click();
  await page.getByRole("listitem").filter({ hasText: "Send the price" }).waitFor();
  await expectAccessible(page);

  await page.goto(`${stage.server.address}/objects/leads/${stage.props.lead}?asOf=${stage.props.moment}`);
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  expect(await entry.count()).toBe(0);
  expect(await page.getByRole("button", { name: "Call", exact: true }).count()).toBe(0);
});

test("the task is found by keys, ticked, and opened again", async () => {
  await page.goto(`${stage.server.address}/tasks`);
  const row = page.locator("[data-task]").filter({ hasText: "Send the price" });
  await row.waitFor();
  await page.keyboard.press("j");
  await expect.poll(() => page.locator("[data-task]:focus").count()).toBe(1);
  await row.focus();
  await page.keyboard.press("x");
  await row.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await row.waitFor();
  await page.setViewportSize(NARROW);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});
