/** Bad weather: slow answers, a lost server, a session that ends, values that are too long, more rows than a screen holds. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./cast.ts";
import { DEMO, expectAccessible, NARROW, WIDE } from "./harness.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(() => stage.close());

async function open(path: string, as: "demo" | "newcomer" = "demo"): Promise<Page> {
  const page = await stage.page(as, { viewport: WIDE });
  await page.goto(`${stage.server.address}${path}`);
  return page;
}

test("a slow answer shows the shape of what will come, and what is there stays usable", async () => {
  const page = await stage.page("demo", { viewport: WIDE });
  let answer: () => void = () => undefined;
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/leads/search", async (route) => {
    await isAnswered;
    await route.continue();
  });
  await page.goto(`${stage.server.address}/objects/leads`);
  await page.getByLabel("Loading the list").waitFor();
  await page.getByRole("link", { name: /Deals/ }).click();
  await page.getByRole("row").nth(5).waitFor();
  answer();
  await page.getByRole("link", { name: /Leads/ }).click();
  await page.getByRole("row").nth(5).waitFor();
  await page.context().close();
});

test("a session that ends in the middle is taken up again at the same place", async () => {
  const path = `/objects/leads/${stage.props.lead}?half=history&lanes=all`;
  const page = await open(path);
  await page.getByRole("heading", { name: "History" }).waitFor();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Edit City" }).click();
  await page.getByRole("textbox", { name: "City" }).fill("Utrecht");
  await page.keyboard.press("Enter");
  await page.getByText("Your session has ended.").waitFor();
  await page.getByLabel("Email").fill(DEMO.email);
  await page.getByLabel("Password", { exact: true }).fill(DEMO.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "History" }).waitFor();
  const { pathname, search } = new URL(page.url());
  expect(pathname + search).toBe(path);
  await page.context().close();
});

test("without a connection what was read stays, and it comes back by itself", async () => {
  const page = await open("/objects/leads");
  await page.getByRole("row").nth(5).waitFor();
  await page.context().setOffline(true);
  await page.getByRole("searchbox").fill("kestrel");
  await page.getByText("The server does not answer.").waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("row").nth(5).waitFor();
  await page.context().setOffline(false);
  await page.getByText("The server does not answer.").waitFor({ state: "detached", timeout: 15_000 });
  await page.context().close();
});

test("values that are far too long stay inside their places", async () => {
  const page = await stage.page("newcomer", { viewport: WIDE });
  const word = "Wolkenkratzerfensterputzerverband".repeat(6).slice(0, 190);
  const properties = {
    name: word,
    company: `${word} ${word}`.slice(0, 380),
    email: `${"a".repeat(60)}@${"b".repeat(60)}.example`,
    city: word,
    amount: { amount: "123456789012.34", currency: "EUR" },
  };
  const answer = await page.request.post(`${stage.server.address}/api/v1/objects/leads`, { data: { properties } });
  expect(answer.status(), await answer.text()).toBe(201);
  const { id } = (await answer.json()) as { id: string };
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    for (const path of ["/objects/leads", `/objects/leads/${id}`, `/objects/leads/${id}?half=history&lanes=all`]) {
      await page.goto(`${stage.server.address}${path}`);
      await page.getByText(word.slice(0, 20)).first().waitFor();
      await expectAccessible(page, `${path} at ${viewport.width}`);
    }
  }
  await page.context().close();
});

test("a list of thousands is scrolled to its end with few rows in the document", async () => {
  const page = await open("/objects/leads");
  await page.getByRole("row").nth(5).waitFor();
  const total = Number((await page.getByRole("table").getAttribute("aria-rowcount")) ?? 0);
  expect(total).toBeGreaterThan(1_500);
  const list = page.getByRole("region", { name: "Leads", exact: true });
  await expect
    .poll(
      async () => {
        await list.evaluate((element) => {
          element.scrollTop = element.scrollHeight;
        });
        return page.locator(`tr[aria-rowindex="${total}"]`).count();
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe(1);
  expect(await page.getByRole("row").count()).toBeLessThan(80);

  const link = page.locator(`tr[aria-rowindex="${total}"] a`).first();
  await link.click();
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await page.goBack();
  await page.locator(`tr[aria-rowindex="${total}"]`).waitFor();
  await page.context().close();
});

test("a list, a dialog and the lanes are used without a pointer", async () => {
  const page = await open("/objects/leads");
  await page.getByRole("row").nth(5).waitFor();
  await page.getByRole("row").nth(1).getByRole("link").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  const focused = () => page.evaluate(() => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex"));
  await expect.poll(focused).toBe("4");
  await page.keyboard.press("h");
  await page.getByText("Open history").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Open history").waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await page.getByRole("radio", { name: "Timeline" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "History" }).waitFor();

  const correct = page.getByRole("button", { name: "Correct…" }).first();
  await correct.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(() => correct.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.goto(`${stage.server.address}/objects/leads/${stage.props.lead}?half=history`);
  const slider = page.getByRole("slider", { name: "Moment" });
  await slider.focus();
  await page.keyboard.press("Home");
  const first = await slider.getAttribute("aria-valuetext");
  await page.keyboard.press("End");
  await expect.poll(() => slider.getAttribute("aria-valuetext")).not.toBe(first);
  await page.context().close();
});
