/** The real binary and a real browser, started and ended for the journeys and the screenshots. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { expect } from "vitest";

const web = resolve(import.meta.dirname, "..");
const binary = process.env.LEADLINE_BIN ?? resolve(web, "../target/debug/leadline");

/** What a browser does by itself and no test asks for. */
export const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Server {
  /** Where the app is, without a slash at the end. */
  address: string;
  stop: () => Promise<void>;
}

/** A data folder of its own, which `forget` removes. */
export async function makeData() {
  const path = await mkdtemp(join(tmpdir(), "leadline-e2e-"));
  return { path, forget: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Serves a data folder. The app is the one that the binary embeds; with LEADLINE_WEB=dist it is web/dist, so that
 * one can look at changes without linking the binary anew.
 */
export async function serve(data: string, options: string[] = [], settings: NodeJS.ProcessEnv = {}): Promise<Server> {
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data", data, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...bareEnvironment(), ...settings },
  });
  const api = await addressOf(child);
  const end = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  };
  if (process.env.LEADLINE_WEB !== "dist") return { address: api, stop: end };
  const site = await preview({
    root: web,
    logLevel: "silent",
    preview: { host: "127.0.0.1", port: 0, proxy: { "/api": api }, headers: await policyOf(api) },
  });
  const stop = async () => {
    await site.close();
    await end();
  };
  return { address: (site.resolvedUrls?.local[0] ?? "").replace(/\/$/, ""), stop };
}

/** The server's content security policy, with the place of the nonce for the nonce: so it stands in web/dist. */
async function policyOf(api: string): Promise<Record<string, string>> {
  const policy = (await fetch(api)).headers.get("content-security-policy") ?? "";
  return { "content-security-policy": policy.replace(/'nonce-[^']*'/g, "'nonce-__CSP_NONCE__'") };
}

/** The server prints where it listens; with a demonstration to write it does so after that. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /listens on (http:\/\/\S+)/.exec(text);
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
}

/** Runs a command of the binary and returns what it prints. The data folder must not be served meanwhile. */
export async function run(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, command, { env: bareEnvironment() });
  return stdout.trim();
}

/** Without the variables of the tests and of whoever runs them: the server refuses settings that it does not know. */
function bareEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith("LEADLINE_") ? [] : [[name, value]],
    ),
  );
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET });
}

export const WIDE = { width: 1440, height: 900 };
/** A phone. */
export const NARROW = { width: 390, height: 844 };

/** A window of its own in which nothing moves and times are those of one zone. */
export async function newContext(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: WIDE,
    locale: "en-GB",
    timezoneId: "Europe/Amsterdam",
    reducedMotion: "reduce",
    ...options,
  });
  // A busy machine is no reason to fail.
  context.setDefaultTimeout(120_000);
  return context;
}

export interface Login {
  email: string;
  password: string;
}

/** Of the demonstration workspace. */
export const DEMO: Login = { email: "demo@leadline.example", password: "northwind-demo" };

/** Puts a session into the page's window without walking through the form. */
export async function signIn(page: Page, { address }: Server, data: Login = DEMO) {
  const answer = await page.request.post(`${address}/api/v1/auth/login`, { data });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Collects what the browser complains of: errors in the console, exceptions, breaches of the content security policy. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A stranger's first question who is signed in is answered with 401, which the browser notes.
    if (message.type() === "error" && !/status of 401/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

/** Waits until nothing fades or moves any more: what is half there has half the contrast. */
async function settle(page: Page) {
  const frame = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  for (let quiet = 0; quiet < 3; quiet += 1) {
    await frame();
    await page.waitForFunction(() =>
      document.getAnimations().every(({ playState, effect }) => {
        // What never ends is no transition: skeletons breathe.
        return playState !== "running" || effect?.getComputedTiming().iterations === Infinity;
      }),
    );
  }
}

/** Asks axe for breaches of WCAG 2.2 AA, and whether the page is wider than its window. */
export async function expectAccessible(page: Page, where = page.url()) {
  const axe = await readFile(resolve(web, "node_modules/axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  await settle(page);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" ")}`);
  });
  expect.soft(found, where).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(overflow, `${where} is wider than the window`).toBeLessThanOrEqual(0);
}
