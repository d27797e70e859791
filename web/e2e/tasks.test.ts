/** A call is logged, a task made out of it, found on the page of tasks, ticked, and opened again; tasks in the calendar. */
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
  await page.setViewportSize(WIDE);
});

test("a task is dragged to another day of the calendar at the same time, and taken back", async () => {
  const made = await page.request.post(`${stage.server.address}/api/v1/tasks`, {
    data: { title: "Visit Kestrel", dueAt: "2031-05-14T09:30:00Z" },
  });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`${stage.server.address}/tasks?as=calendar&whose=team&month=2031-05`);
  const day = (of: string) => page.locator(`td[data-day="2031-05-${of}"]`);
  const chipOn = (of: string) => day(of).locator(`[data-task="${id}"]`);
  await chipOn("14").waitFor();
  const [start, end] = [await chipOn("14").boundingBox(), await day("22").boundingBox()];
  if (!start || !end) throw new Error("nothing to drag");
  await page.mouse.move(start.x + 20, start.y + 10);
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y + 20, { steps: 4 });
  await page.mouse.move(end.x + 40, end.y + 60, { steps: 8 });
  await page.mouse.up();
  await chipOn("22").waitFor();
  const dueAt = async () => {
    const task = await page.request.get(`${stage.server.address}/api/v1/tasks/${id}`);
    return ((await task.json()) as { dueAt: string }).dueAt;
  };
  await expect.poll(dueAt, { timeout: 60_000 }).toBe("2031-05-22T09:30:00Z");
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await chipOn("14").waitFor();
  await expect.poll(dueAt, { timeout: 60_000 }).toBe("2031-05-14T09:30:00Z");

  await day("14").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("n");
  await page.getByRole("dialog").getByLabel("Title").fill("Write to Kestrel");
  await page.getByRole("button", { name: "Create the task" }).click();
  await day("15").getByText("Write to Kestrel").waitFor();
  expect(complaints).toEqual([]);
});
