/**
 * Measures what a person waits for in a real browser, and prints a Markdown table; `make bench-web` runs it.
 *
 * The data are the demonstration, or those of the folder SPEED_DATA, for whose leads SPEED_TOKEN is an API token.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeData, newContext, openBrowser, QUIET, serve, signIn, type Server } from "./harness.ts";

/** How often a load is measured; the middle one counts. */
const TIMES = 7;
const SCROLL_SECONDS = 8;
/** Of the slider. */
const STEPS = 150;
/** Not a dependency: it is large, and only this asks for it. */
const LIGHTHOUSE = "lighthouse@13.5.0";
const LIST = "/objects/leads";
const MONTHS_AGO = new Date(Date.now() - 100 * 86_400_000).toISOString();

const { SPEED_DATA, SPEED_TOKEN } = process.env;

let server: Server;
let browser: Browser;
let forget = () => Promise.resolve();
const rows: [what: string, found: string, aim: string][] = [];

beforeAll(async () => {
  const data = SPEED_DATA === undefined ? await makeData() : { path: SPEED_DATA, forget };
  forget = data.forget;
  server = await serve(data.path, SPEED_DATA === undefined ? ["--demo"] : []);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await forget();
  console.log(
    ["| | found | aim |", "| --- | ---: | ---: |", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n"),
  );
});

test("a list is there soon", async () => {
  // The server's own first answer, which loads columns, is measured elsewhere.
  await coldLoad();
  const loads = [];
  for (let time = 0; time < TIMES; time += 1) loads.push(await coldLoad());
  const [load] = loads.sort((left, right) => left.rowsMs - right.rowsMs).slice(TIMES >> 1);
  if (!load) throw new Error("nothing was loaded");
  rows.push(["JavaScript of the list, as sent", `${Math.round(load.scriptBytes / 1000)} kB`, "250 kB"]);
  rows.push(["list of leads after a cold load: rows to be seen", `${load.rowsMs} ms`, "1,500 ms"]);
  rows.push(["the same: the longest that the page was busy", `${load.busyMs} ms`, ""]);
});

test("a list is there at once when one comes from elsewhere", async () => {
  const page = await open("/");
  const waits = [];
  for (let time = 0; time < TIMES; time += 1) {
    await page.getByRole("link", { name: "Home" }).first().click();
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await quiet(page);
    waits.push(
      await page.evaluate(async (path) => {
        const begun = performance.now();
        document.querySelector<HTMLAnchorElement>(`a[href^="${path}"]`)?.click();
        while (!document.querySelector("[data-record]")) await new Promise(requestAnimationFrame);
        return performance.now() - begun;
      }, LIST),
    );
  }
  waits.sort((left, right) => left - right);
  rows.push(["from home to the list: rows to be seen", `${Math.round(waits[TIMES >> 1] ?? 0)} ms`, "300 ms"]);
  await page.context().close();
});

test("a list scrolls", async () => {
  const page = await open(LIST);
  await page.locator("[data-record]").first().waitFor();
  await quiet(page);
  await watchTasks(page);
  await page.mouse.move(700, 500);
  const end = Date.now() + SCROLL_SECONDS * 1000;
  let steps = 0;
  while (Date.now() < end) {
    await page.mouse.wheel(0, 600);
    steps += 1;
    await page.waitForTimeout(16);
  }
  const { longest, frames } = await tasks(page);
  const perSecond = Math.round(frames / SCROLL_SECONDS);
  rows.push([`scrolling ${steps * 600} px in ${SCROLL_SECONDS} s: the longest task`, `${longest} ms`, "100 ms"]);
  rows.push(["the same: frames a second", String(perSecond), "60"]);
  await page.context().close();
});

test("the board travels in time", async () => {
  const page = await open(`${LIST}?as=board&asOf=${MONTHS_AGO}`);
  const slider = page.getByRole("slider").first();
  await slider.waitFor();
  await page.locator("[data-record]").first().waitFor();
  await quiet(page);
  const box = await slider.boundingBox();
  if (!box) throw new Error("the slider is not to be seen");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.9, y);
  await page.mouse.down();
  await watchTasks(page);
  const begun = Date.now();
  for (let step = 0; step <= STEPS; step += 1) {
    await page.mouse.move(box.x + box.width * (0.9 - (0.8 * step) / STEPS), y);
    await page.waitForTimeout(30);
  }
  const seconds = (Date.now() - begun) / 1000;
  const { longest, frames, slowest, changes } = await tasks(page);
  await page.mouse.up();
  // A board that stands still is drawn quickly.
  expect(changes).toBeGreaterThan(STEPS / 2);
  rows.push(["the slider drawn over a board: the longest task", `${longest} ms`, "50 ms"]);
  rows.push(["the same: frames a second", String(Math.round(frames / seconds)), "60"]);
  rows.push(["the same: the longest between two frames", `${slowest} ms`, "50 ms"]);
  rows.push(["the same: how often the board changed", `${changes} in ${seconds.toFixed(1)} s`, ""]);
  await page.context().close();
});

test.runIf(process.env.LIGHTHOUSE === "1")("Lighthouse is content", async () => {
  const page = await open(LIST);
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await page.context().close();
  for (const [name, path, headers] of [
    ["the list", LIST, SPEED_TOKEN === undefined ? { cookie: cookies } : { authorization: `Bearer ${SPEED_TOKEN}` }],
    ["home", "/", SPEED_TOKEN === undefined ? { cookie: cookies } : { authorization: `Bearer ${SPEED_TOKEN}` }],
    ["signing in", "/sign-in", {}],
  ] as const) {
    const scores = await lighthouse(server.address + path, headers);
    rows.push([`Lighthouse of ${name}: ${Object.keys(scores).join(", ")}`, Object.values(scores).join(", "), "95"]);
  }
});

/** What Lighthouse gives a page, of 100, as a desktop computer sees it. */
async function lighthouse(url: string, headers: object): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(
    "npm",
    [
      ...["exec", "--yes", "--", LIGHTHOUSE, url, "--quiet", "--preset=desktop", "--output=json"],
      "--only-categories=performance,accessibility,best-practices",
      `--extra-headers=${JSON.stringify(headers)}`,
      `--chrome-flags=--headless ${QUIET.join(" ")}`,
    ],
    { env: { ...process.env, CHROME_PATH: process.env.CHROMIUM }, maxBuffer: 64_000_000 },
  );
  const { categories } = JSON.parse(stdout) as { categories: Record<string, { score: number }> };
  return Object.fromEntries(Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
}

/** Loads the list in a window that has seen nothing before. */
async function coldLoad() {
  const page = await open(LIST);
  await page.locator("[data-record]").first().waitFor();
  await quiet(page);
  const load = await page.evaluate(() => {
    const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const scripts = resources.filter(({ name }) => /\.js$/.test(new URL(name).pathname));
    const { speed } = globalThis as unknown as { speed: { rows: number; busy: number } };
    return {
      scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      rowsMs: Math.round(speed.rows),
      busyMs: Math.round(speed.busy),
    };
  });
  await page.context().close();
  return load;
}

/** A window of its own at a page, which notes when its first rows were there and how long it was busy. */
async function open(path: string): Promise<Page> {
  const context = await newContext(browser, {
    reducedMotion: "no-preference",
    ...(SPEED_TOKEN === undefined ? {} : { extraHTTPHeaders: { authorization: `Bearer ${SPEED_TOKEN}` } }),
  });
  const page = await context.newPage();
  if (SPEED_TOKEN === undefined) await signIn(page, server);
  await page.addInitScript(() => {
    const speed = { rows: 0, busy: 0 };
    Object.assign(globalThis, { speed });
    const look = () => {
      if (document.querySelector("[data-record]")) speed.rows = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) speed.busy = Math.max(speed.busy, duration);
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(server.address + path);
  return page;
}

/** Waits until nothing is asked of the server any more. */
async function quiet(page: Page) {
  await page.waitForLoadState("networkidle");
}

/** From now on, counts frames, changes of what is shown, and the longest task. */
async function watchTasks(page: Page) {
  await page.evaluate(() => {
    const watched = { longest: 0, frames: 0, slowest: 0, changes: 0 };
    Object.assign(globalThis, { watched });
    let last = performance.now();
    const frame = (now: number) => {
      watched.frames += 1;
      watched.slowest = Math.max(watched.slowest, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const columns = document.querySelector("[data-record]")?.closest("section")?.parentElement;
    const observer = new MutationObserver(() => (watched.changes += 1));
    if (columns) observer.observe(columns, { childList: true, characterData: true, subtree: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longest = Math.max(watched.longest, duration);
    }).observe({ type: "longtask" });
  });
}

/** Milliseconds of the longest task, 0 if none took 50, and of the longest frame; frames and changes since `watchTasks`. */
function tasks(page: Page) {
  return page.evaluate(() => {
    const { watched } = globalThis as unknown as {
      watched: { longest: number; frames: number; slowest: number; changes: number };
    };
    const { longest, frames, slowest, changes } = watched;
    return { longest: Math.round(longest), frames, slowest: Math.round(slowest), changes };
  });
}
