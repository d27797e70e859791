/** The first minutes of a new user, in a real browser against the real binary. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

const binary = process.env.LEADLINE_BIN ?? resolve(import.meta.dirname, "../../target/debug/leadline");
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let data: string;
let server: ChildProcess;
let address: string;
let browser: Browser;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "leadline-journey-"));
  server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data", data], { stdio: ["ignore", "pipe", "pipe"] });
  address = await addressOf(server);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
});

afterAll(async () => {
  await browser.close();
  server.kill("SIGTERM");
  await rm(data, { recursive: true, force: true });
});

/** The server prints where it listens. */
function addressOf(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /listens on (http:\/\/\S+)/.exec(text);
      if (found?.[1]) resolve(found[1]);
    };
    process.stdout?.on("data", read);
    process.stderr?.on("data", read);
    process.on("error", reject);
    process.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
}

async function hasNoViolations(page: Page) {
  const axe = await readFile(resolve(import.meta.dirname, "../node_modules/axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" ")}`);
  });
  expect(found).toEqual([]);
}

test("sign up, create a lead, move its stage, and see both spans", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A stranger's first question who is signed in is answered with 401, which the browser notes.
    if (message.type() === "error" && !/status of 401/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));

  await page.goto(`${address}/sign-up`);
  await page.getByLabel("Workspace").fill("Northwind Sales");
  await page.getByLabel("Your name").fill("Ann Vega");
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Password", { exact: true }).fill("violet kettle drum");
  await hasNoViolations(page);
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
  const answer = await page.request.get(`${address}/api/v1/objects/leads/${id}?propertiesWithHistory=stage`);
  const { propertiesWithHistory } = (await answer.json()) as { propertiesWithHistory: { stage: { value: string }[] } };
  expect(propertiesWithHistory.stage.map((span) => span.value)).toEqual(["contacted", "new"]);
  const lane = page.locator("ol[aria-labelledby='lane-stage'] li");
  await expect.poll(() => lane.count()).toBeGreaterThanOrEqual(2);
  await hasNoViolations(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await hasNoViolations(page);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});
