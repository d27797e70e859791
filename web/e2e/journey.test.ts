/** The first minutes of a new user, and the two links that people are sent, in a real browser against the real binary. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  complaintsOf,
  expectAccessible,
  makeData,
  NARROW,
  newContext,
  openBrowser,
  run,
  serve,
  signIn,
  type Server,
} from "./harness.ts";

const ANN = { email: "ann@example.com", password: "violet kettle drum" };

let data: Awaited<ReturnType<typeof makeData>>;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  data = await makeData();
  server = await serve(data.path);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await data.forget();
});

async function openPage(): Promise<Page> {
  return (await newContext(browser)).newPage();
}

// The tests tell one story, in this order: the workspace of the first is that of the others.

test("sign up, create a lead, move its stage, and see both spans", async () => {
  const page = await openPage();
  const complaints = complaintsOf(page);
  await page.goto(`${server.address}/sign-up`);
  await page.getByLabel("Workspace").fill("Northwind Sales");
  await page.getByLabel("Your name").fill("Ann Vega");
  await page.getByLabel("Email").fill(ANN.email);
  await page.getByLabel("Password", { exact: true }).fill(ANN.password);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create the workspace" }).click();

  await page.getByRole("link", { name: /Leads/ }).first().click();
  await page.getByRole("button", { name: "New lead" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByRole("button", { name: "Create lead" }).click();

  const bar = page.getByRole("list", { name: "Stage" }).first();
  await bar.locator("[data-state=current]", { hasText: "New" }).waitFor();
  await bar.getByRole("button", { name: /Contacted/ }).click();
  await bar.locator("[data-state=current]", { hasText: "Contacted" }).waitFor();
  await bar.locator("[data-state=visited]", { hasText: "New" }).waitFor();

  const id = new URL(page.url()).pathname.split("/").pop();
  const answer = await page.request.get(`${server.address}/api/v1/objects/leads/${id}?propertiesWithHistory=stage`);
  const { propertiesWithHistory } = (await answer.json()) as { propertiesWithHistory: { stage: { value: string }[] } };
  expect(propertiesWithHistory.stage.map((span) => span.value)).toEqual(["contacted", "new"]);
  await page.getByText("History", { exact: true }).click();
  const lane = page.locator("ol[aria-labelledby='lane-stage'] li");
  await expect.poll(() => lane.count()).toBeGreaterThanOrEqual(2);
  await expectAccessible(page);
  await page.setViewportSize(NARROW);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});

test("an invited colleague joins the workspace", async () => {
  const page = await openPage();
  await signIn(page, server, ANN);
  const answer = await page.request.post(`${server.address}/api/v1/invitations`, {
    data: { email: "cleo@example.com", role: "member" },
  });
  const { link } = (await answer.json()) as { link: string };

  const guest = await openPage();
  const complaints = complaintsOf(guest);
  await guest.goto(new URL(link, server.address).href);
  await guest.getByLabel("Your name").fill("Cleo Marsh");
  await guest.getByLabel("Password", { exact: true }).fill("amber window seat");
  await guest.getByRole("button", { name: "Join the workspace" }).click();
  await guest.getByRole("button", { name: "Account of Cleo Marsh" }).waitFor();
  await guest.getByRole("link", { name: /Leads/ }).first().click();
  await guest.getByRole("link", { name: "Ada Lovelace" }).waitFor();
  expect(complaints).toEqual([]);

  const latecomer = await openPage();
  await latecomer.goto(new URL(link, server.address).href);
  await latecomer.getByText("I have an account").click();
  await latecomer.getByLabel("Your password", { exact: true }).fill("amber window seat");
  await latecomer.getByRole("button", { name: "Join the workspace" }).click();
  await latecomer.getByText("This link is no longer good.").waitFor();
});

test("someone who forgot their password asks for a link, and sets a new one with it", async () => {
  const page = await openPage();
  await page.goto(`${server.address}/sign-in`);
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  await page.getByLabel("Email").fill(ANN.email);
  await page.getByRole("button", { name: "Ask for a link" }).click();
  await page.getByText(`leadline user reset-password ${ANN.email}`).waitFor();

  await server.stop();
  const link = new URL(await run("user", "reset-password", ANN.email, "--data", data.path));
  server = await serve(data.path);

  await page.goto(`${server.address}${link.pathname}${link.hash}`);
  await page.getByLabel("New password", { exact: true }).fill("password1");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("Is one of the first that are guessed.").waitFor();
  await page.getByLabel("New password", { exact: true }).fill("copper lantern moss");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("Your password is set. Sign in with it.").waitFor();
  await page.getByLabel("Email").fill(ANN.email);
  await page.getByLabel("Password", { exact: true }).fill("copper lantern moss");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: /Leads/ }).first().click();
  await page.getByRole("link", { name: "Ada Lovelace" }).waitFor();

  await page.goto(`${server.address}${link.pathname}${link.hash}`);
  await page.getByLabel("New password", { exact: true }).fill("silver harbour bell");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("This link is no longer good.").waitFor();
});
