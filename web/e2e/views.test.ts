/** A manager's week: save a view and share it, put a report on a dashboard, set the working hours that it counts by. */
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

test("a list is saved as a view, changed, and comes back as it was saved", async () => {
  await page.goto(`${stage.server.address}/objects/leads?q=kestrel&sort=name`);
  await page.getByRole("row").nth(1).waitFor();
  const some = await total();
  await page.getByRole("button", { name: "Save as a view…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Kestrel");
  await page.getByText("Share with all members").click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  const tab = page.getByRole("link", { name: /Kestrel/ });
  await tab.waitFor();
  expect(new URL(page.url()).searchParams.has("q")).toBe(false);

  await page.getByRole("searchbox").fill("");
  await page.getByRole("img", { name: "has unsaved changes" }).waitFor();
  await expect.poll(total).toBeGreaterThan(some);
  // The address holds the change too.
  await page.reload();
  await page.getByRole("img", { name: "has unsaved changes" }).waitFor();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect.poll(total).toBe(some);

  await page.getByRole("button", { name: "What to do with the view Kestrel" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await tab.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await tab.waitFor();
  await expect.poll(total).toBe(some);
});

test("the home page becomes one's own, and a report goes on it", async () => {
  const { address } = stage.server;
  await page.goto(address);
  await page.getByRole("button", { name: "Make it mine…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  const handle = page.getByRole("button", { name: /^Move Flow/ });
  await handle.focus();
  await page.keyboard.press("ArrowUp");
  await page.getByRole("button", { name: "Remove Entered Converted" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Change", exact: true }).waitFor();

  await page.goto(`${address}/reports/time-in-value?clock=working`);
  await page.getByRole("button", { name: "Add to a dashboard…" }).click();
  await page.getByRole("combobox", { name: "Dashboard" }).click();
  await page.getByRole("option", { name: "My home" }).click();
  await page.getByRole("dialog").getByLabel("Title").fill("Worked in a stage");
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await page.getByRole("region", { name: "Worked in a stage" }).waitFor();

  // It is the first page from now on.
  await page.goto(address);
  await page.getByRole("region", { name: "Worked in a stage" }).getByRole("link").nth(1).waitFor();
});

test("reports go by the working hours that are set", async () => {
  const { address } = stage.server;
  const median = async () => {
    await page.goto(`${address}/reports/time-in-value?clock=working&shows=table`);
    return page.getByRole("row", { name: /Qualified/ }).innerText();
  };
  const before = await median();
  await page.goto(`${address}/settings/workspace`);
  for (const day of ["Tuesday", "Wednesday", "Thursday", "Friday"])
    await page.getByRole("checkbox", { name: day }).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The settings are saved.", { exact: false }).waitFor();
  expect(await median()).not.toBe(before);
  expect(complaints).toEqual([]);
});
