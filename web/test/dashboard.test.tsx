import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { added, bottomOf, nudged, placed, without } from "../src/features/dashboard/layout";
import { type Answer, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const box = (id: string, x: number, y: number, w: number, h: number) => ({ id, x, y, w, h });
const at = (widgets: { id: string; x: number; y: number }[], id: string) => {
  const one = widgets.find((widget) => widget.id === id);
  return one && [one.x, one.y];
};

test("widgets give way, close up, and never leave the grid", () => {
  const grid = [box("a", 0, 0, 6, 2), box("b", 6, 0, 6, 2), box("c", 0, 2, 12, 3)];
  const right = placed(grid, "a", { x: 3 });
  expect([at(right, "a"), at(right, "b"), at(right, "c")]).toEqual([
    [3, 0],
    [6, 2],
    [0, 4],
  ]);
  expect(at(placed(grid, "a", { x: 99 }), "a")).toEqual([6, 0]);
  expect(placed(grid, "b", { w: 40, h: 0 }).find(({ id }) => id === "b")).toMatchObject({ x: 6, w: 6, h: 1 });
  expect(at(without(grid, "a"), "c")).toEqual([0, 2]);
  expect(at(without(without(grid, "a"), "b"), "c")).toEqual([0, 0]);
  expect(bottomOf(grid)).toBe(5);
});

test("a step goes past the next widget", () => {
  const grid = [box("a", 0, 0, 6, 2), box("b", 6, 0, 6, 2), box("c", 0, 2, 12, 3)];
  const down = nudged(grid, "a", "down");
  expect(at(down, "c")).toEqual([0, 2]);
  expect(at(down, "a")).toEqual([0, 5]);
  const up = nudged(grid, "c", "up");
  expect([at(up, "c"), at(up, "a"), at(up, "b")]).toEqual([
    [0, 0],
    [0, 3],
    [6, 3],
  ]);
  expect(nudged(grid, "a", "up")).toEqual(grid);
});

test("a new widget takes the first place that is free", () => {
  const grid = [box("a", 0, 0, 6, 2), box("c", 0, 2, 12, 3)];
  expect(at(added(grid, box("n", 0, 0, 6, 2)), "n")).toEqual([6, 0]);
  expect(at(added(grid, box("n", 0, 0, 6, 3)), "n")).toEqual([0, 5]);
});

const widget = (id: string, kind: string, report: object, place: [number, number, number, number]) => {
  const [x, y, w, h] = place;
  return { id, kind, report: { object: "leads", filterGroups: [], ...report }, x, y, w, h };
};

const mondays = {
  id: "d1",
  name: "Mondays",
  visibility: "private",
  owner: "u1",
  widgets: [
    widget("w1", "count", {}, [0, 0, 3, 1]),
    widget("w2", "funnel", { property: "stage", period: "90d" }, [0, 1, 6, 2]),
  ],
  position: 0,
  archived: false,
  version: 2,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
};
const step = { value: "new", reached: 42, converted: null, rate: null, medianSeconds: null, filterGroups: [] };
const routes: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/dashboards": [200, { results: [mondays] }],
  "POST /api/v1/objects/leads/search": [200, { results: [], total: { value: 7, relation: "eq" } }],
  "POST /api/v1/objects/tasks/search": [200, { results: [], total: { value: 3, relation: "eq" } }],
  "POST /api/v1/reports/funnel": [200, { steps: [step] }],
  "POST /api/v1/reports/time-in-value": [200, { values: [] }],
  "POST /api/v1/reports/trend": [200, { intervals: [] }],
  "POST /api/v1/reports/flow": [200, { flows: [] }],
  "POST /api/v1/reports/cohort": [200, { cohorts: [] }],
};
const PATCH = "PATCH /api/v1/dashboards/d1";

test("the home page is there before anybody has made one", async () => {
  serve(routes);
  open("/");
  expect(await screen.findByRole("region", { name: "New leads" })).toBeTruthy();
  expect(screen.getByRole("region", { name: "Leads by stage" })).toBeTruthy();
  const funnel = within(screen.getByRole("region", { name: "Funnel" }));
  expect((await funnel.findByRole("link", { name: "42" })).getAttribute("href")).toContain("/objects/leads");
});

test("overdue tasks are counted by the moment that is shown, and lead to the tasks of the team", async () => {
  const asked = serve(routes);
  open("/?asOf=2026-01-02T00:00:00Z");
  const overdue = within(await screen.findByRole("region", { name: "Overdue tasks" }));
  expect(await overdue.findByText("3")).toBeTruthy();
  expect(overdue.getByRole("link", { name: "Overdue tasks" }).getAttribute("href")).toContain("/tasks?whose=team");
  const counted = asked.filter(({ path }) => path === "POST /api/v1/objects/tasks/search").map(({ body }) => body);
  const filters = [
    { property: "done_at", operator: "NOT_HAS_PROPERTY" },
    { property: "due_at", operator: "LT", value: "2026-01-02T00:00:00.000Z" },
  ];
  expect(counted).toContainEqual(expect.objectContaining({ filterGroups: [{ filters }] }));
});

test("a widget of overdue tasks is added to a dashboard of one's own", async () => {
  const asked = serve({ ...routes, [PATCH]: [200, { ...mondays, version: 3 }] });
  open("/?dashboard=d1&edit=true");
  await userEvent.click(await screen.findByRole("button", { name: "Add a widget" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(dialog.getByRole("combobox", { name: "Shows" }));
  await userEvent.click(await screen.findByText("Overdue tasks"));
  await userEvent.click(dialog.getByRole("button", { name: "Add" }));
  await screen.findByRole("region", { name: "Overdue tasks" });
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.map(({ path }) => path)).toContain(PATCH));
  const { widgets } = asked.find(({ path }) => path === PATCH)?.body as { widgets: Record<string, unknown>[] };
  expect(widgets.at(-1)).toMatchObject({
    kind: "count",
    report: { object: "tasks", filterGroups: [{ filters: [{ property: "done_at", operator: "NOT_HAS_PROPERTY" }] }] },
  });
});

test("the person's own dashboard comes first, and each widget leads on", async () => {
  serve({
    ...routes,
    "GET /api/v1/me/preferences": [200, { theme: null, locale: null, density: null, homeDashboard: "d1" }],
  });
  open("/");
  const count = within(await screen.findByRole("region", { name: "Leads" }));
  expect(await count.findByText("7")).toBeTruthy();
  expect(count.getByRole("link", { name: "Leads" }).getAttribute("href")).toContain("/objects/leads");
  const funnel = within(screen.getByRole("region", { name: "Funnel" }));
  expect(funnel.getByRole("link", { name: "Funnel" }).getAttribute("href")).toContain("/reports/funnel");
  expect(screen.queryByRole("region", { name: "New leads" })).toBeNull();
});

test("widgets are moved and resized by key, removed, and saved together", async () => {
  const asked = serve({ ...routes, [PATCH]: [200, { ...mondays, version: 3 }] });
  const history = open("/?dashboard=d1");
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  const handle = await screen.findByRole("button", { name: /^Move Funnel/ });
  handle.focus();
  await userEvent.keyboard("{ArrowRight}{Shift>}{ArrowDown}{/Shift}");
  expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Move Funnel/);
  expect(screen.getByText("Funnel: column 2, row 2, 6 wide, 3 high")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Remove Leads" }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(history.location.search).not.toContain("edit"));
  expect(asked.find(({ path }) => path === PATCH)?.body).toMatchObject({
    widgets: [{ id: "w2", x: 1, y: 0, w: 6, h: 3 }],
  });
});

test("a widget is added, and what was changed stays when the server refuses", async () => {
  const asked = serve({ ...routes, [PATCH]: problem(412, "STALE_VERSION", "it has changed since that version") });
  open("/?dashboard=d1&edit=true");
  await userEvent.click(await screen.findByRole("button", { name: "Add a widget" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByRole("textbox", { name: "Title" }), "Fresh ones");
  await userEvent.click(dialog.getByRole("button", { name: "Add" }));
  await screen.findByRole("region", { name: "Fresh ones" });
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/changed this dashboard meanwhile/);
  expect(screen.getByRole("region", { name: "Fresh ones" })).toBeTruthy();
  expect(asked.find(({ path }) => path === PATCH)?.body).toMatchObject({
    widgets: [
      { id: "w1" },
      { id: "w2" },
      { kind: "count", title: "Fresh ones", report: { period: "30d" }, x: 3, y: 0 },
    ],
  });
});

test("the home page becomes one's own, and the first from then on", async () => {
  const own = { ...mondays, id: "d2", name: "My home" };
  const asked = serve({
    ...routes,
    "POST /api/v1/dashboards": [201, own],
    "PATCH /api/v1/me/preferences": [200, { theme: null, locale: null, density: null, homeDashboard: "d2" }],
  });
  const history = open("/");
  await userEvent.click(await screen.findByRole("button", { name: "Make it mine…" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(history.location.search).toContain("dashboard=d2"));
  const made = asked.find(({ path }) => path === "POST /api/v1/dashboards")?.body as { widgets: { kind: string }[] };
  expect(made.widgets.map(({ kind }) => kind)).toEqual([
    "count",
    "count",
    "count",
    "count",
    "trend",
    "funnel",
    "time-in-value",
    "flow",
    "cohort",
  ]);
  expect(asked.find(({ path }) => path === "PATCH /api/v1/me/preferences")?.body).toEqual({ homeDashboard: "d2" });
});

test("a report goes on a dashboard with the period that goes with the present", async () => {
  const asked = serve({ ...routes, [PATCH]: [200, mondays] });
  const history = open("/reports/funnel?period=30d&shows=table");
  await userEvent.click(await screen.findByRole("button", { name: "Add to a dashboard…" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Add" }));
  await waitFor(() => expect(history.location.search).toContain("dashboard=d1"));
  const { widgets } = asked.find(({ path }) => path === PATCH)?.body as { widgets: Record<string, unknown>[] };
  expect(widgets.at(-1)).toMatchObject({
    kind: "funnel",
    shows: "table",
    report: { object: "leads", property: "stage", period: "30d", basis: "cohort" },
  });
  expect(widgets.at(-1)?.report).not.toHaveProperty("from");
});

test("a dashboard that is deleted can be had back", async () => {
  const asked = serve({ ...routes, "DELETE /api/v1/dashboards/d1": [204, null], [PATCH]: [200, mondays] });
  open("/?dashboard=d1");
  await userEvent.click(await screen.findByRole("button", { name: "More about this dashboard" }));
  await userEvent.click(await screen.findByText("Delete"));
  await screen.findByRole("region", { name: "New leads" });
  await userEvent.click(await screen.findByText("Undo"));
  await screen.findByRole("region", { name: "Leads" });
  expect(asked.find(({ path }) => path === PATCH)?.body).toEqual({ archived: false });
});

test("in the past a dashboard shows what was, and nothing is changed", async () => {
  const asked = serve(routes);
  open("/?dashboard=d1&asOf=2026-01-02T00:00:00Z");
  await screen.findByRole("region", { name: "Leads" });
  expect(screen.queryByRole("button", { name: "Change" })).toBeNull();
  await waitFor(() =>
    expect(asked.find(({ path }) => path === "POST /api/v1/reports/funnel")?.body).toMatchObject({
      asOf: expect.stringMatching(/^2026-01-02T00:00:00/) as unknown,
    }),
  );
});
