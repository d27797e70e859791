/** A new colleague: invited, joins by the link, converts a lead, and puts products on the deal. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { complaintsOf, WIDE } from "./harness.ts";

let stage: Stage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await setStage();
  page = await stage.page("newcomer", { viewport: WIDE });
  complaints = complaintsOf(page);
});

afterAll(() => stage.close());

test("somebody is invited, joins by the link, and is a member with a role", async () => {
  const { address } = stage.server;
  await page.goto(`${address}/settings/members`);
  await page.getByRole("button", { name: "Invite someone" }).click();
  await page.getByRole("dialog").getByLabel("Email").fill("ben@example.com");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByText("ben@example.com").waitFor();

  const guest = await stage.page("stranger", { viewport: WIDE });
  await guest.goto(link);
  await guest.getByLabel("Your name").fill("Ben Okafor");
  await guest.getByLabel("Password", { exact: true }).fill("amber saddle moon");
  await guest.getByRole("button", { name: "Join the workspace" }).click();
  await guest.getByRole("button", { name: "Account of Ben Okafor" }).waitFor();
  await guest.context().close();

  await page.reload();
  await page.getByText("Nobody is invited.").waitFor();
  await page.getByRole("combobox", { name: "Role of Ben Okafor" }).click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await page.getByText("Ben Okafor is now: Viewer.").waitFor();
});

test("a lead is converted: a matching account is offered, and the deal is where it says", async () => {
  const { address } = stage.server;
  const create = async (object: string, properties: object) => {
    const made = await page.request.post(`${address}/api/v1/objects/${object}`, { data: { properties } });
    expect(made.status(), await made.text()).toBe(201);
    return ((await made.json()) as { id: string }).id;
  };
  await create("accounts", { name: "Analytical Engines", domain: "analytical.example" });
  await create("products", { name: "Engine", sku: "E-1", price: { amount: "550.00", currency: "EUR" } });
  const lead = await create("leads", {
    name: "Ada Byron",
    email: "ada@analytical.example",
    company: "Analytical",
    amount: { amount: "1250.00", currency: "EUR" },
  });
  await page.goto(`${address}/objects/leads/${lead}`);
  await page.getByRole("button", { name: "Convert…" }).waitFor();
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Analytical Engines" }).waitFor();
  expect(await dialog.getByRole("radio", { name: "Analytical Engines" }).isChecked()).toBe(true);
  await dialog.getByRole("region", { name: "Deal" }).getByLabel("Name").fill("Engine No. 2");
  await dialog.getByRole("button", { name: "Convert the lead" }).click();
  await page.getByRole("dialog", { name: "Ada Byron is converted" }).waitFor();
  await page.getByRole("button", { name: "Done" }).click();

  const related = page.getByRole("region", { name: "Related" });
  await related.getByRole("link", { name: "Analytical Engines" }).waitFor();
  await related.getByRole("link", { name: "Engine No. 2" }).click();
  await page.getByRole("heading", { name: "Engine No. 2" }).waitFor();
});

test("products are put on a deal, changed in place, and taken off and back", async () => {
  const products = page.getByRole("region", { name: "Products" });
  await products.getByRole("combobox", { name: "Add a product" }).click();
  await page.getByRole("option", { name: "Engine" }).click();
  await products.getByRole("button", { name: "Edit Quantity of Engine: 1" }).click();
  await products.getByLabel("Quantity").fill("3");
  await products.getByLabel("Quantity").press("Enter");
  await products.getByRole("cell", { name: "€1,650.00" }).first().waitFor();
  await products.getByRole("button", { name: "Remove Engine" }).click();
  await products.getByText("No products yet.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await products.getByRole("link", { name: "Engine" }).waitFor();
  expect(complaints).toEqual([]);
});
