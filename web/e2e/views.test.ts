/** A view of one's own: filtered, saved, shared, found again, changed; a colleague sees what is shared and nothing else. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { complaintsOf, newContext, signIn, WIDE } from "./harness.ts";

const COLLEAGUE = { email: "cleo@example.com", password: "copper lantern reef" };
const CHIP = "Stage has been in Qualified for more than 14 days";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await setStage();
  page = await stage.page("demo", { viewport: WIDE });
  complaints = complaintsOf(page);
});

afterAll(() => stage.close());

const tab = (of: Page, name: string) => of.getByRole("navigation", { name: "Views" }).getByRole("link", { name });
const total = async (of: Page) => Number((await of.getByRole("table").getAttribute("aria-rowcount")) ?? 1) - 1;

async function saveAs(name: string) {
  await page.getByRole("button", { name: "Save as a view…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await tab(page, name).waitFor();
}

test("a filter becomes a view, which is shared and found again", async () => {
  await page.goto(`${stage.server.address}/objects/leads?q=kestrel`);
  await saveAs("Only mine");

  await page.goto(`${stage.server.address}/objects/leads`);
  await page.getByRole("row").nth(5).waitFor();
  const all = await total(page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("option", { name: "Stage", exact: true }).click();
  await page.getByRole("combobox", { name: "Condition" }).click();
  await page.getByRole("option", { name: "has been … for" }).click();
  await page.getByRole("combobox", { name: "Value", exact: true }).click();
  await page.getByRole("option", { name: "Qualified", exact: true }).click();
  await page.getByLabel("More than").fill("14");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: CHIP }).waitFor();
  await expect.poll(() => total(page), { timeout: 60_000 }).toBeLessThan(all);
  const few = await total(page);

  await saveAs("Stuck");
  await page.getByRole("button", { name: "What to do with the view Stuck" }).click();
  await page.getByRole("menuitem", { name: "Share with all members" }).click();
  await tab(page, "Stuck").getByRole("img", { name: "shared" }).waitFor();

  await page.goto(`${stage.server.address}/objects/leads`);
  await tab(page, "Stuck").click();
  await page.getByRole("button", { name: CHIP }).waitFor();
  await expect.poll(() => total(page), { timeout: 60_000 }).toBe(few);
});

test("a changed view says so, keeps its changes when they are saved, and has them after a reload", async () => {
  const words = page.getByRole("searchbox");
  await words.fill("a");
  const mark = page.getByRole("img", { name: "has unsaved changes" });
  await mark.waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await mark.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: CHIP }).waitFor();
  await expect.poll(() => words.inputValue(), { timeout: 60_000 }).toBe("a");
  expect(await mark.count()).toBe(0);
});

test("a colleague sees the view that is shared, and not the private one", async () => {
  const { address } = stage.server;
  const invited = await page.request.post(`${address}/api/v1/invitations`, {
    data: { email: COLLEAGUE.email, role: "member" },
  });
  const { token } = (await invited.json()) as { token: string };
  const context = await newContext(stage.browser, { viewport: WIDE });
  const theirs = await context.newPage();
  const joined = await theirs.request.post(`${address}/api/v1/invitations/accept`, {
    data: { token, name: "Cleo Marsh", password: COLLEAGUE.password },
  });
  expect(joined.ok(), await joined.text()).toBe(true);
  await signIn(theirs, stage.server, COLLEAGUE);
  await theirs.goto(`${address}/objects/leads`);
  await tab(theirs, "Stuck").click();
  await theirs.getByRole("button", { name: CHIP }).waitFor();
  expect(await tab(theirs, "Only mine").count()).toBe(0);
  await context.close();
  expect(complaints).toEqual([]);
});
