import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { ObjectType } from "../src/api/types";
import { isChanged, lookOf, lookOfView, searchFor, viewBody } from "../src/routes/look";
import { type Answer, leads, me, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const record = {
  id: "01900000-0000-7000-8000-000000000001",
  object: "leads",
  version: 1,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  archived: false,
  properties: { name: "Ada Ltd", company: "Kestrel Labs", stage: "new" },
  propertiesWithHistory: { stage: [] },
};
const SEARCH = "POST /api/v1/objects/leads/search";
const found: Answer = [200, { results: [record], total: { value: 1, relation: "eq" } }];

const isNew = [{ filters: [{ property: "stage", operator: "IN", values: ["new"] }] }];

const view = (id: string, name: string, more: object = {}) => ({
  id,
  object: "leads",
  name,
  kind: "list",
  visibility: "private",
  owner: "u1",
  filterGroups: isNew,
  query: null,
  sorts: [{ property: "company", direction: "descending" }],
  columns: [
    { property: "name", shows: "value", width: 240 },
    { property: "stage", shows: "age" },
  ],
  board: null,
  position: 0,
  archived: false,
  version: 3,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  ...more,
});
const fresh = view("v1", "Fresh");
const theirs = view("v2", "Theirs", { owner: "u2", visibility: "shared", filterGroups: [], sorts: [], columns: null });
const views: Answer = [200, { results: [fresh, theirs] }];
const routes = { ...signedIn, [SEARCH]: found, "GET /api/v1/views": views };

const object = leads as unknown as ObjectType;

test("a view is a state of the URL, and what the URL says beside it is a deviation", () => {
  const base = lookOfView(fresh as never, object);
  expect(base).toEqual({ sort: "-company", filter: isNew, columns: "name:240,time-in-stage" });
  expect(lookOf(base, {})).toEqual(base);
  // Less than the view has is said too.
  const all = { ...base, filter: undefined, sort: "name" };
  expect(searchFor(base, all)).toEqual({
    q: undefined,
    sort: "name",
    filter: [],
    columns: undefined,
    as: undefined,
    by: undefined,
  });
  expect(lookOf(base, { sort: "name", filter: [] })).toEqual({ sort: "name", columns: "name:240,time-in-stage" });
  expect(isChanged(base, lookOf(base, { filter: isNew }))).toBe(false);
  expect(isChanged(base, lookOf(base, { q: "ada" }))).toBe(true);
  // The server may give the same filter with its names in another order.
  const turned = [{ filters: [{ values: ["new"], operator: "IN", property: "stage" }] }];
  expect(isChanged(base, { ...base, filter: turned })).toBe(false);
});

test("a look is kept as the API takes it, and comes back the same", () => {
  const look = { q: "ada", sort: "-company,name", filter: isNew, columns: "name,time-in-stage:130" };
  const body = viewBody(look, object);
  expect(body).toEqual({
    kind: "list",
    filterGroups: isNew,
    query: "ada",
    sorts: [
      { property: "company", direction: "descending" },
      { property: "name", direction: "ascending" },
    ],
    columns: [{ property: "name" }, { property: "stage", shows: "age", width: 130 }],
    board: null,
  });
  expect(lookOfView({ ...fresh, ...body } as never, object)).toEqual(look);
  const board = viewBody({ as: "board" }, object);
  expect(board).toMatchObject({ kind: "board", board: { property: "stage" } });
  expect(lookOfView({ ...fresh, ...board } as never, object)).toEqual({ as: "board" });
});

test("a tab opens its view, and the list asks for what it keeps", async () => {
  const asked = serve(routes);
  const history = open("/objects/leads");
  const tabs = await screen.findByRole("navigation", { name: "Views" });
  await waitFor(() =>
    expect(
      within(tabs)
        .getAllByRole("link")
        .map(({ textContent }) => textContent),
    ).toEqual(["All", "Fresh", "Theirs"]),
  );
  await userEvent.click(within(tabs).getByRole("link", { name: "Fresh" }));
  await waitFor(() => expect(history.location.search).toBe("?view=v1"));
  await waitFor(() =>
    expect(asked.filter(({ path }) => path === SEARCH).map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        filterGroups: isNew,
        sorts: [{ property: "company", direction: "descending" }],
      }),
    ),
  );
  expect(within(tabs).getByRole("link", { name: "Fresh" }).getAttribute("aria-current")).toBe("page");
  expect(within(tabs).getByRole("link", { name: "All" }).getAttribute("aria-current")).toBeNull();
});

test("what is changed is marked, stays in the URL, and is saved with the version that is known", async () => {
  const asked = serve({ ...routes, "PATCH /api/v1/views/v1": [200, { ...fresh, filterGroups: [], version: 4 }] });
  const history = open("/objects/leads?view=v1");
  await userEvent.click(await screen.findByRole("button", { name: "Remove the filter on Stage" }));
  await screen.findByRole("img", { name: "has unsaved changes" });
  expect(history.location.search).toContain("filter=");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(history.location.search).toBe("?view=v1"));
  expect(asked.find(({ path }) => path === "PATCH /api/v1/views/v1")?.body).toMatchObject({ filterGroups: [] });
  await waitFor(() => expect(screen.queryByRole("img", { name: "has unsaved changes" })).toBeNull());
});

test("changes are let go, and the view is as it was", async () => {
  serve(routes);
  const history = open("/objects/leads?view=v1&q=ada");
  await userEvent.click(await screen.findByRole("button", { name: "Discard changes" }));
  await waitFor(() => expect(history.location.search).toBe("?view=v1"));
});

test("what is shown becomes a view of its own, shared if one likes", async () => {
  const made = view("v3", "Only Ada", { visibility: "shared" });
  const asked = serve({ ...routes, "POST /api/v1/views": [201, made] });
  const history = open("/objects/leads?q=ada");
  await userEvent.click(await screen.findByRole("button", { name: "Save as a view…" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Name" }), "Only Ada");
  await userEvent.click(screen.getByText("Share with all members"));
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(history.location.search).toBe("?view=v3"));
  expect(asked.find(({ path }) => path === "POST /api/v1/views")?.body).toMatchObject({
    object: "leads",
    name: "Only Ada",
    visibility: "shared",
    query: "ada",
  });
});

test("a refused name stays with the reason", async () => {
  serve({ ...routes, "POST /api/v1/views": problem(409, "TOO_MANY", "a member can have at most 1000 of them") });
  open("/objects/leads?q=ada");
  await userEvent.click(await screen.findByRole("button", { name: "Save as a view…" }));
  const name = await screen.findByRole<HTMLInputElement>("textbox", { name: "Name" });
  await userEvent.type(name, "Only Ada{Enter}");
  expect(await screen.findByText("A member can have at most 1000 of them.")).toBeTruthy();
  expect(name.value).toBe("Only Ada");
});

test("a deleted view can be had back", async () => {
  const asked = serve({
    ...routes,
    "DELETE /api/v1/views/v1": [204, null],
    "PATCH /api/v1/views/v1": [200, { ...fresh, version: 5 }],
  });
  const history = open("/objects/leads?view=v1");
  await userEvent.click(await screen.findByRole("button", { name: "What to do with the view Fresh" }));
  await userEvent.click(await screen.findByText("Delete"));
  await waitFor(() => expect(history.location.search).toBe(""));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() => expect(history.location.search).toBe("?view=v1"));
  expect(asked.find(({ path }) => path === "PATCH /api/v1/views/v1")?.body).toEqual({ archived: false });
});

test("what others share is changed by its owner and managers only", async () => {
  const [status, body] = me;
  serve({ ...routes, "GET /api/v1/me": [status, { ...(body as object), role: "member" }] });
  open("/objects/leads?view=v2&q=ada");
  await screen.findByRole("button", { name: "Save as…" });
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "What to do with the view Theirs" }));
  expect((await screen.findAllByRole("menuitem")).map(({ textContent }) => textContent)).toEqual(["Save as…"]);
});

test("a view that is gone says so and shows everything", async () => {
  serve(routes);
  open("/objects/leads?view=v9");
  expect(await screen.findByText(/does not exist, or is not shared with you/)).toBeTruthy();
  await screen.findAllByText("Ada Ltd");
});

test("in the past views are looked through and not saved", async () => {
  serve(routes);
  open("/objects/leads?view=v1&q=ada&asOf=2026-01-02T00:00:00Z");
  await screen.findAllByText("Ada Ltd");
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Save as…" })).toBeNull();
});

test("the palette and the keys lead to views", async () => {
  serve(routes);
  const history = open("/objects/leads");
  await screen.findByRole("link", { name: /Theirs/ });
  await userEvent.keyboard("g2");
  await waitFor(() => expect(history.location.search).toBe("?view=v2"));
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Search and commands" }), "fresh");
  await userEvent.click(await screen.findByRole("option", { name: /Leads: Fresh/ }));
  await waitFor(() => expect(history.location.search).toBe("?view=v1"));
});
