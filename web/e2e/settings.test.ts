/** An administrator's morning: import a file with errors and undo it; define what a stage asks for, and be asked for it; draw moves. */
import { readFile } from "node:fs/promises";
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

const FILE = [
  "Full name;E-mail;Status;First contact",
  "Ada Lovelace;ada@analytical.example;New;01.03.2026",
  "Alan Turing;not-an-address;New;15.03.2026",
  "Grace Hopper;grace@navy.example;Contacted;14.03.2026",
].join("\n");

test("a file with an error is tried out, imported, its errors fetched, and the import undone", async () => {
  await page.goto(`${stage.server.address}/import`);
  await page.getByLabel("Choose a file to import").setInputFiles({
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(FILE),
  });
  await page.getByRole("combobox", { name: "What First contact becomes" }).click();
  await page.getByRole("option", { name: "New property…" }).click();
  await expect.poll(() => page.getByRole("combobox", { name: "Dates are written" }).inputValue()).toBe("DD.MM.YYYY");
  await page.getByRole("button", { name: "See what it does" }).click();
  await page.getByRole("cell", { name: "not-an-address" }).waitFor();
  await page.getByRole("button", { name: "Import 2 rows" }).click();
  await page.getByText("Done, some refused").waitFor();

  // What it did is at its address, also for who comes back.
  await page.reload();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the error file" }).click(),
  ]);
  expect(await readFile(await download.path(), "utf8")).toMatch(/Alan Turing;?,not-an-address,.*,3,INVALID_EMAIL,/);
  await page.getByRole("link", { name: "Show the leads" }).click();
  await page.getByRole("link", { name: "Grace Hopper" }).waitFor();

  await page.goBack();
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.getByText("2 created records are archived.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
  await page.getByText("This import was taken back.").waitFor();
  await page.getByRole("link", { name: /^Leads/ }).click();
  await page.getByText("No leads yet.").waitFor();
});

test("a property is defined, a stage asks for it, and whoever moves a card there is asked", async () => {
  const { address } = stage.server;
  const made = await page.request.post(`${address}/api/v1/objects/leads`, {
    data: { properties: { name: "Kestrel" } },
  });
  expect(made.status(), await made.text()).toBe(201);

  await page.goto(`${address}/settings/properties?object=leads`);
  await page.getByRole("button", { name: "New property" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Label", { exact: true }).fill("Budget code");
  await form.getByRole("button", { name: "Create the property" }).click();
  await form.waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Lifecycles" }).click();
  await page.getByRole("combobox", { name: "Asks for of Contacted" }).click();
  await page.getByRole("option", { name: "Budget code" }).click();
  await page.keyboard.press("Escape");
  await page.getByText("0 leads in Contacted without Budget code").waitFor();
  await page.getByRole("button", { name: "Save the lifecycle" }).click();
  await page.getByRole("button", { name: "Save the lifecycle" }).waitFor({ state: "detached" });

  await page.goto(`${address}/objects/leads?as=board`);
  await page.getByRole("button", { name: "Move Kestrel" }).click();
  await page.getByRole("menuitem", { name: "Contacted" }).click();
  const question = page.getByRole("dialog");
  await question.getByLabel("Budget code").fill("K-17");
  await question.getByRole("button", { name: "Move to Contacted" }).click();
  await page.getByRole("region", { name: "Contacted" }).getByRole("link", { name: "Kestrel" }).waitFor();
  // The refused move is in the browser's log, and is what this is about.
  expect(complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});

test("a move is drawn with the mouse and saved, and what is not drawn is refused", async () => {
  const { address } = stage.server;
  await page.goto(`${address}/settings/lifecycles?object=leads`);
  await page.getByLabel("Any move is allowed").click({ force: true });
  // Everything may be moved to Contacted, and nowhere else; then one more is drawn.
  const arrows = page.getByRole("button", { name: /, made by \d/ });
  await arrows.first().waitFor();
  await page.getByText("Table", { exact: true }).click();
  for (const box of await page.getByRole("checkbox", { name: / to (?!Contacted)/ }).all())
    if (await box.isChecked()) await box.uncheck();
  await page.getByRole("checkbox", { name: "New record to New" }).check();
  await page.getByText("Graph", { exact: true }).click();

  await draw("New", "Qualified");
  await page.getByRole("button", { name: /^New to Qualified, made by 0 leads/ }).waitFor();
  await page.getByRole("button", { name: "Save the lifecycle" }).click();
  await page.getByRole("button", { name: "Save the lifecycle" }).waitFor({ state: "detached" });

  const { id } = (await (
    await page.request.post(`${address}/api/v1/objects/leads`, { data: { properties: { name: "Merlin" } } })
  ).json()) as { id: string };
  const move = async (to: string) => {
    const data = { properties: { stage: to } };
    return (await page.request.patch(`${address}/api/v1/objects/leads/${id}`, { data })).status();
  };
  expect(await move("disqualified")).toBe(409);
  expect(await move("qualified")).toBe(200);

  await page.reload();
  const drawn = page.getByRole("button", { name: "New to Qualified, made by 1 lead" });
  await drawn.focus();
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: "New to Qualified, made by 1 lead, no longer allowed" }).waitFor();
  expect(complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});

/** An arrow from the dot of a stage to another stage. */
async function draw(from: string, to: string) {
  await page.getByRole("group", { name: "Moves between stages as a graph" }).scrollIntoViewIfNeeded();
  const stageOf = (label: string) =>
    page
      .locator(".react-flow__node")
      .filter({ has: page.getByRole("button", { name: new RegExp(`^${label} (Open|Won|Lost), leads `) }) });
  const dot = await stageOf(from).locator(".react-flow__handle.source").boundingBox();
  const target = await stageOf(to).boundingBox();
  if (!dot || !target) throw new Error("the stages are not to be seen");
  await page.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2);
  await page.mouse.down();
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 12 });
  await page.mouse.up();
}
