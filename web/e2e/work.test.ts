/** A morning with the demonstration: filter, move a card, find a record, and follow a figure to its records. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { complaintsOf, WIDE } from "./harness.ts";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await setStage();
  page = await stage.page("demo", { viewport: WIDE });
  complaints = complaintsOf(page);
});

afterAll(() => stage.close());

const total = async () => Number((await page.getByRole("table").getAttribute("aria-rowcount")) ?? 1) - 1;

test("a filter over the past is put together, reads as a sentence, and narrows the list", async () => {
  await page.goto(`${stage.server.address}/objects/leads`);
  await page.getByRole("row").nth(5).waitFor();
  const all = await total();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("option", { name: "Stage", exact: true }).click();
  await page.getByRole("combobox", { name: "Condition" }).click();
  await page.getByRole("option", { name: "has been … for" }).click();
  await page.getByRole("combobox", { name: "Value", exact: true }).click();
  await page.getByRole("option", { name: "Qualified", exact: true }).click();
  await page.getByLabel("More than").fill("14");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Stage has been in Qualified for more than 14 days" }).waitFor();
  await expect.poll(total).toBeLessThan(all);
  expect(new URL(page.url()).searchParams.get("filter")).toContain("TIME_IN_VALUE");
});

test("a card is dragged to another stage, and taken back", async () => {
  await page.goto(`${stage.server.address}/objects/leads?as=board`);
  const [from, to] = [page.getByRole("region", { name: "New" }), page.getByRole("region", { name: "Contacted" })];
  const card = from.locator("li[data-record]").first();
  const id = await card.getAttribute("data-record");
  const [start, end] = [await card.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("nothing to drag");
  await page.mouse.move(start.x + 40, start.y + 20);
  await page.mouse.down();
  await page.mouse.move(start.x + 60, start.y + 30, { steps: 4 });
  await page.mouse.move(end.x + 60, end.y + 90, { steps: 8 });
  await page.mouse.up();
  await to.locator(`li[data-record="${id}"]`).waitFor();
  // By the keyboard: the browser may still be at the end of the drag.
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await from.locator(`li[data-record="${id}"]`).waitFor();
});

test("the palette finds a record of any object, and the keys lead to the reports", async () => {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).fill("kestrel");
  await page
    .getByRole("option", { name: /Kestrel/ })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("heading", { name: /^Funnel of Leads/ }).waitFor();
});

test("a figure of a report opens exactly as many records as it says", async () => {
  for (const kind of ["funnel", "time-in-value", "flow", "cohort", "trend", "snapshot"]) {
    await page.goto(`${stage.server.address}/reports/${kind}?shows=table`);
    const figure = page.locator("tbody td button").last();
    const said = Number(/[\d,.]+$/.exec(await figure.innerText())?.[0].replace(/\D/g, ""));
    await figure.click();
    await page.getByRole("region", { name: "Leads", exact: true }).waitFor();
    await page.getByRole("row").nth(1).waitFor();
    expect(await total(), kind).toBe(said);
  }
});

test("a report is saved, and after a reload its figure still opens as many records", async () => {
  await page.goto(`${stage.server.address}/reports/snapshot?shows=table`);
  await page.getByRole("button", { name: "Save report…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Leads by stage");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Leads by stage" }).waitFor();
  const said = await page.locator("tbody td button").first().innerText();
  await page.goto(`${stage.server.address}/reports`);
  await page.reload();
  await page.getByRole("link", { name: "Leads by stage" }).click();
  await page.getByRole("heading", { name: /^Snapshot of Leads/ }).waitFor();
  expect(await page.getByRole("button", { name: "Discard changes" }).count()).toBe(0);
  const figure = page.locator("tbody td button").first();
  expect(await figure.innerText()).toBe(said);
  await figure.click();
  await page.getByRole("region", { name: "Leads", exact: true }).waitFor();
  await page.getByRole("row").nth(1).waitFor();
  expect(await total()).toBe(Number(said.replace(/\D/g, "")));
  expect(complaints).toEqual([]);
});
