import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { me, open, problem, serve, signedIn } from "./server";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const settings = {
  id: "w1",
  name: "Northwind",
  timeZone: "UTC",
  currency: "EUR",
  workingHours: {
    shifts: [
      { day: "monday", from: "09:00", to: "17:00" },
      { day: "friday", from: "09:00", to: "24:00" },
    ],
    holidays: ["2026-12-25"],
  },
  version: 2,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
};
const PATCH = "PATCH /api/v1/workspace";
const routes = { ...signedIn, "GET /api/v1/workspace": [200, settings] as [number, unknown] };

test("name and working hours are changed and sent whole", async () => {
  const asked = serve({ ...routes, [PATCH]: [200, { ...settings, version: 3 }] });
  open("/settings/workspace");
  const name = await screen.findByLabelText("Name");
  await userEvent.clear(name);
  await userEvent.type(name, "Southwind");
  await userEvent.click(screen.getByRole("checkbox", { name: "Monday" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Tuesday" }));
  await userEvent.click(screen.getByRole("button", { name: "Add a shift after a break to Tuesday" }));
  await userEvent.click(screen.getByRole("button", { name: /^Remove .*2026$/ }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(/settings are saved/);
  expect(asked.find(({ path }) => path === PATCH)?.body).toEqual({
    name: "Southwind",
    timeZone: "UTC",
    currency: "EUR",
    workingHours: {
      shifts: [
        { day: "tuesday", from: "09:00", to: "17:00" },
        { day: "tuesday", from: "18:00", to: "21:00" },
        { day: "friday", from: "09:00", to: "24:00" },
      ],
      holidays: [],
    },
  });
});

test("a refusal stands where it belongs and what was typed stays", async () => {
  serve({ ...routes, [PATCH]: problem(412, "STALE_VERSION", "it has changed since that version") });
  open("/settings/workspace");
  const name = await screen.findByLabelText<HTMLInputElement>("Name");
  await userEvent.type(name, " Ltd");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByText(/changed these settings meanwhile/)).getAttribute("role")).toBe("alert");
  expect(name.value).toBe("Northwind Ltd");
});

test("who may not change the settings, and who looks at the past, reads them", async () => {
  const [status, body] = me;
  const viewer = { ...(body as object), role: "viewer", permissions: ["records.read"] };
  serve({ ...routes, "GET /api/v1/me": [status, viewer] });
  open("/settings/workspace");
  expect((await screen.findByLabelText<HTMLInputElement>("Name")).disabled).toBe(true);
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});

test("looks follow the person, and what is chosen is kept for other browsers", async () => {
  const asked = serve({
    ...signedIn,
    "GET /api/v1/me/preferences": [200, { theme: "dark", locale: null, density: "compact", homeDashboard: null }],
    "PATCH /api/v1/me/preferences": [200, { theme: "light", locale: null, density: "compact", homeDashboard: null }],
    "POST /api/v1/objects/leads/search": [200, { results: [], total: { value: 0, relation: "eq" } }],
  });
  open("/objects/leads");
  await waitFor(() => expect(document.documentElement.dataset.mantineColorScheme).toBe("dark"));
  expect(document.documentElement.dataset.density).toBe("compact");
  await userEvent.click(await screen.findByRole("button", { name: "Account of Ann Vega" }));
  await userEvent.click(await screen.findByText("Light"));
  await waitFor(() => expect(document.documentElement.dataset.mantineColorScheme).toBe("light"));
  expect(asked.find(({ path }) => path === "PATCH /api/v1/me/preferences")?.body).toEqual({ theme: "light" });
  await userEvent.click(screen.getByText("Roomy"));
  await waitFor(() => expect(document.documentElement.dataset.density).toBe("comfortable"));
});
