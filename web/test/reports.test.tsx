import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { searchOf } from "../src/api/lastingReports";
import type { SavedReport } from "../src/api/savedReports";
import type { ObjectType } from "../src/api/types";
import { isChanged, lastingOf, subjectOfSaved } from "../src/features/reports/question";
import { leads, me, open, problem, serve, signedIn } from "./server";

// There is no canvas to draw on.
vi.mock("../src/features/reports/Chart", () => ({ Chart: () => null }));

afterEach(() => vi.unstubAllGlobals());

const step = { value: "new", reached: 42, converted: null, rate: null, medianSeconds: null, filterGroups: [] };
const isNew = [{ filters: [{ property: "stage", operator: "IN", values: ["new"] }] }];

const saved = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  kind: "funnel",
  shows: "table",
  report: {
    object: "leads",
    property: "stage",
    filterGroups: isNew,
    period: "quarter",
    stages: ["new", "contacted"],
    basis: "period",
  },
  visibility: "private",
  owner: "u1",
  position: 0,
  archived: false,
  version: 3,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  ...more,
});
const mine = saved("r1", "By quarter");
const theirs = saved("r2", "Theirs", { owner: "u2", visibility: "shared", kind: "trend" });
const stale = saved("r3", "Old", { report: { object: "ghosts", property: "stage", filterGroups: [] } });
const FUNNEL = "POST /api/v1/reports/funnel";
const POST = "POST /api/v1/saved-reports";
const PATCH = "PATCH /api/v1/saved-reports/r1";
const routes = {
  ...signedIn,
  "GET /api/v1/saved-reports": [200, { results: [mine, theirs, stale] }] as [number, unknown],
  [FUNNEL]: [200, { steps: [step] }] as [number, unknown],
  "POST /api/v1/reports/trend": [200, { intervals: [] }] as [number, unknown],
};
const objects = [leads as unknown as ObjectType];
const mark = "has unsaved changes";

test("what a saved report asks comes back from the URL the same", () => {
  const report = mine as unknown as SavedReport;
  const subject = subjectOfSaved(report, objects);
  if (!subject) throw new Error("no subject");
  const search = searchOf(report.report);
  expect(lastingOf("funnel", search, subject)).toEqual(report.report);
  const changed = (part: object) =>
    isChanged(report, "funnel", lastingOf("funnel", { ...search, ...part }, subject), objects);
  expect(changed({})).toBe(false);
  expect(changed({ period: "30d" })).toBe(true);
  expect(changed({ stages: undefined })).toBe(true);
  expect(isChanged(report, "trend", lastingOf("trend", search, subject), objects)).toBe(true);
});

test("a tab opens its report, which asks what was saved", async () => {
  const asked = serve(routes);
  const history = open("/reports");
  const tabs = await screen.findByRole("navigation", { name: "Saved reports" });
  await waitFor(() =>
    expect(
      within(tabs)
        .getAllByRole("link")
        .map(({ textContent }) => textContent),
    ).toEqual(["New report", "By quarter", "Old", "Theirs"]),
  );
  await userEvent.click(within(tabs).getByRole("link", { name: "By quarter" }));
  await waitFor(() => expect(history.location.href).toBe("/reports/funnel?saved=r1"));
  await waitFor(() =>
    expect(asked.filter(({ path }) => path === FUNNEL).at(-1)?.body).toMatchObject({
      filterGroups: isNew,
      basis: "period",
      stages: ["new", "contacted"],
    }),
  );
  expect((await screen.findByRole("link", { name: "By quarter" })).getAttribute("aria-current")).toBe("page");
  expect(screen.queryByRole("img", { name: mark })).toBeNull();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});

test("what is changed is marked, stays in the URL, and is saved with the version that is known", async () => {
  const asked = serve({ ...routes, [PATCH]: [200, { ...mine, shows: "chart", version: 4 }] });
  const history = open("/reports/funnel?saved=r1");
  await userEvent.click(await screen.findByText("Chart"));
  await screen.findByRole("img", { name: mark });
  expect(history.location.search).toContain("period=quarter");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(history.location.search).toBe("?saved=r1"));
  expect(asked.find(({ path }) => path === PATCH)?.body).toEqual({
    kind: "funnel",
    shows: "chart",
    report: mine.report,
  });
  await waitFor(() => expect(screen.queryByRole("img", { name: mark })).toBeNull());
});

test("changes are let go, and the report is as it was", async () => {
  serve(routes);
  const history = open("/reports/trend?saved=r1&object=leads&property=stage&period=30d");
  await userEvent.click(await screen.findByRole("button", { name: "Discard changes" }));
  await waitFor(() => expect(history.location.href).toBe("/reports/funnel?saved=r1"));
});

test("what is asked becomes a saved report, shared if one likes", async () => {
  const made = saved("r9", "Last month", { visibility: "shared" });
  const asked = serve({ ...routes, [POST]: [201, made] });
  const history = open("/reports/funnel?period=lastMonth&shows=table");
  await userEvent.click(await screen.findByRole("button", { name: "Save report…" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Name" }), "Last month");
  await userEvent.click(screen.getByText("Share with all members"));
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(history.location.href).toBe("/reports/funnel?saved=r9"));
  expect(asked.find(({ path }) => path === POST)?.body).toEqual({
    name: "Last month",
    visibility: "shared",
    kind: "funnel",
    shows: "table",
    report: { object: "leads", property: "stage", filterGroups: [], period: "lastMonth", basis: "cohort" },
  });
});

test("a report is renamed, and a refused name stays with the reason", async () => {
  serve({ ...routes, [PATCH]: problem(412, "STALE_VERSION", "it has another version") });
  open("/reports/funnel?saved=r1");
  await userEvent.click(await screen.findByRole("button", { name: "What to do with the report By quarter" }));
  await userEvent.click(await screen.findByText("Rename…"));
  const name = await screen.findByRole<HTMLInputElement>("textbox", { name: "Name" });
  await userEvent.clear(name);
  await userEvent.type(name, "Each quarter{Enter}");
  expect(await within(screen.getByRole("dialog")).findByRole("alert")).toBeTruthy();
  expect(name.value).toBe("Each quarter");
});

test("a deleted report can be had back", async () => {
  const asked = serve({
    ...routes,
    "DELETE /api/v1/saved-reports/r1": [204, null],
    [PATCH]: [200, { ...mine, version: 5 }],
  });
  const history = open("/reports/funnel?saved=r1");
  await userEvent.click(await screen.findByRole("button", { name: "What to do with the report By quarter" }));
  await userEvent.click(await screen.findByText("Delete"));
  await waitFor(() => expect(history.location.href).toBe("/reports"));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() => expect(history.location.href).toBe("/reports/funnel?saved=r1"));
  expect(asked.find(({ path }) => path === PATCH)?.body).toEqual({ archived: false });
});

test("what others share is changed by its owner and managers only", async () => {
  const [status, body] = me;
  serve({ ...routes, "GET /api/v1/me": [status, { ...(body as object), role: "member" }] });
  open("/reports/trend?saved=r2&object=leads&property=stage&period=30d");
  await screen.findByRole("button", { name: "Save as…" });
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "What to do with the report Theirs" }));
  expect((await screen.findAllByRole("menuitem")).map(({ textContent }) => textContent)).toEqual(["Save as…"]);
});

test("a report that is gone, and one that asks about what is gone, say so", async () => {
  serve(routes);
  const history = open("/reports/funnel?saved=r8");
  expect(await screen.findByText(/does not exist, or is not shared with you/)).toBeTruthy();
  await userEvent.click(await screen.findByRole("link", { name: "Old" }));
  expect(await screen.findByText("What this report asks about is no longer there.")).toBeTruthy();
  expect(history.location.search).toBe("?saved=r3");
});

test("in the past reports are looked at and not saved", async () => {
  const asked = serve(routes);
  open("/reports/funnel?saved=r1&asOf=2025-05-20T00:00:00Z");
  await screen.findByRole("button", { name: "42" });
  expect(screen.queryByRole("button", { name: /^Save/ })).toBeNull();
  expect(screen.queryByRole("button", { name: /^What to do with the report/ })).toBeNull();
  // The period goes with the moment that is shown.
  expect(asked.find(({ path }) => path === FUNNEL)?.body).toMatchObject({ from: "2025-04-01" });
});

test("the palette finds saved reports", async () => {
  serve(routes);
  const history = open("/reports");
  await screen.findByRole("link", { name: "By quarter" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Search and commands" }), "quarter");
  await userEvent.click(await screen.findByRole("option", { name: "Reports: By quarter" }));
  await waitFor(() => expect(history.location.href).toBe("/reports/funnel?saved=r1"));
});
