/** The people who look at the scenes: each with a window that has their session. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { makeData, newContext, openBrowser, serve, signIn, type Login, type Server } from "./harness.ts";
import { findProps, type Props, type Scene } from "./scenes.ts";

export const NEWCOMER: Login = { email: "ann@example.com", password: "violet kettle drum" };

export interface Stage {
  server: Server;
  browser: Browser;
  props: Props;
  /** A window for one who looks, with this size and colour. */
  page: (as: Scene["as"], options: BrowserContextOptions) => Promise<Page>;
  close: () => Promise<void>;
}

/** A server with the demonstration, a second workspace with nothing in it, and a browser. */
export async function setStage(): Promise<Stage> {
  const data = await makeData();
  const server = await serve(data.path, ["--demo"], { LEADLINE_SIGNUP: "open" });
  const browser = await openBrowser();
  const context = await newContext(browser);
  const page = await context.newPage();
  await signIn(page, server);
  const props = await findProps(page, server);
  const signUp = await page.request.post(`${server.address}/api/v1/auth/signup`, {
    data: { ...NEWCOMER, name: "Ann Vega", workspaceName: "Kestrel Labs" },
  });
  expect(signUp.status(), await signUp.text()).toBe(201);
  await context.close();
  return {
    server,
    browser,
    props,
    page: async (as, options) => {
      const own = await newContext(browser, options);
      const window = await own.newPage();
      if (as !== "stranger") await signIn(window, server, as === "newcomer" ? NEWCOMER : undefined);
      return window;
    },
    close: async () => {
      await browser.close();
      await server.stop();
      await data.forget();
    },
  };
}
