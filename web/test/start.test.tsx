import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sampleHistory, SAMPLE_STAGES } from "../src/features/start/sample";
import { setTour } from "../src/ui/tour";
import { type Answer, open, problem, serve, signedIn } from "./server";

beforeEach(() => setTour(false));
afterEach(() => vi.unstubAllGlobals());

const none: Answer = [200, { results: [], total: { value: 0, relation: "eq" } }];
const record = {
  id: "01900000-0000-7000-8000-000000000001",
  object: "leads",
  version: 1,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  archived: false,
  properties: { name: "Ada Ltd", stage: "new" },
  propertiesWithHistory: { stage: [] },
};
const some: Answer = [200, { results: [record], total: { value: 1, relation: "eq" } }];
const preferences = (tourDone: boolean | null): Answer => [
  200,
  { theme: null, locale: null, density: null, homeDashboard: null, tourDone },
];
const routes: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/me/preferences": preferences(null),
  "PATCH /api/v1/me/preferences": preferences(true),
  "POST /api/v1/objects/leads/search": none,
  "POST /api/v1/objects/tasks/search": none,
  "GET /api/v1/tasks": [200, { results: [] }],
};

test("an empty workspace offers the first record, a file, and the tour", async () => {
  serve(routes);
  open("/");
  await screen.findByText("No leads yet.");
  expect(screen.getByRole("link", { name: "New lead" }).getAttribute("href")).toContain("/objects/leads?create=true");
  expect(screen.getByRole("link", { name: "Import a file" }).getAttribute("href")).toBe("/import");
  expect(screen.queryByRole("region", { name: "New leads" })).toBeNull();
});

test("the tour is declined for good", async () => {
  const asked = serve(routes);
  open("/");
  await userEvent.click(await screen.findByRole("button", { name: "No, thanks" }));
  await waitFor(() => expect(screen.queryByText("Take the tour")).toBeNull());
  expect(asked.find(({ path }) => path === "PATCH /api/v1/me/preferences")?.body).toEqual({ tourDone: true });
});

test("the tour never begins by itself, and is not offered to who has seen it", async () => {
  serve({ ...routes, "GET /api/v1/me/preferences": preferences(true) });
  open("/");
  await screen.findByText("No leads yet.");
  expect(screen.queryByText("Take the tour")).toBeNull();
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the tour leads through the pages by keys, back and on, and is over after the last step", async () => {
  const asked = serve({ ...routes, "POST /api/v1/objects/leads/search": some });
  const history = open("/reports");
  await screen.findByText("Time machine:");
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Search and commands" }), "take the tour{Enter}");
  // By its text: looking for roles in a whole list takes a slow machine long.
  const step = async (title: string) =>
    within((await screen.findByText(title)).closest<HTMLElement>("[role=dialog]") as HTMLElement);
  expect((await step("Go back in time")).getByText("1 of 5")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Next"));
  await userEvent.keyboard("{Enter}");
  await step("Keep how you look at things");
  expect(history.location.pathname).toBe("/objects/leads");
  await userEvent.click((await step("Keep how you look at things")).getByText("Back"));
  await userEvent.click((await step("Go back in time")).getByText("End the tour"));
  await waitFor(() => expect(screen.queryByText("Go back in time")).toBeNull());
  expect(asked.find(({ path }) => path === "PATCH /api/v1/me/preferences")?.body).toEqual({ tourDone: true });
});

test("Escape ends the tour", async () => {
  serve(routes);
  open("/");
  await userEvent.click(await screen.findByRole("button", { name: "Take the tour" }));
  await screen.findByRole("dialog", { name: "Go back in time" });
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Next"));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a sample that is refused says why", async () => {
  const [status, body] = signedIn["GET /api/v1/objects"] as [number, { results: object[] }];
  const options = SAMPLE_STAGES.map((value) => ({
    value,
    label: value,
    color: "blue",
    archived: false,
    category: "open",
  }));
  const [leads] = body.results as [{ properties: { name: string }[] }];
  const properties = leads.properties.map((one) => (one.name === "stage" ? { ...one, options } : one));
  serve({
    ...routes,
    "GET /api/v1/objects": [status, { results: [{ ...leads, properties }] }],
    "POST /api/v1/imports": problem(422, "INVALID_OPTIONS", "the mapping does not fit"),
  });
  open("/");
  await userEvent.click(await screen.findByRole("button", { name: "Load the sample" }));
  expect(await screen.findByText("The mapping does not fit.")).toBeTruthy();
});

test("the sample is the same each time, in the past, and in order", () => {
  const now = Date.parse("2026-03-01T09:00:00Z");
  const text = sampleHistory(now);
  expect(sampleHistory(now)).toBe(text);
  const rows = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  expect(new Set(rows.map(([lead]) => lead)).size).toBe(90);
  expect(rows.every((row) => row.length === 4 && Date.parse(row[3] ?? "") < now)).toBe(true);
  const stages = rows.filter(([, property]) => property === "stage");
  expect(stages.every(([, , value]) => SAMPLE_STAGES.includes(value ?? ""))).toBe(true);
  for (const [index, [lead, , , time]] of stages.entries()) {
    const before = stages[index - 1];
    if (before?.[0] === lead) expect(Date.parse(time ?? "")).toBeGreaterThan(Date.parse(before?.[3] ?? ""));
  }
});
