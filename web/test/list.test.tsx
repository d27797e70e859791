import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { type Answer, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const record = (id: string, name: string, stage: string) => ({
  id,
  object: "leads",
  version: 1,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  archived: false,
  properties: { name, company: "Kestrel Labs", stage },
  propertiesWithHistory: { stage: [] },
});

const ada = record("01900000-0000-7000-8000-000000000001", "Ada Ltd", "new");
const found: Answer = [200, { results: [ada], total: { value: 1, relation: "eq" } }];
const SEARCH = "POST /api/v1/objects/leads/search";

const inUrl = (value: unknown) => encodeURIComponent(JSON.stringify(value));

test("filters in the URL are asked for and read as sentences, those over the past apart", async () => {
  const filter = [
    {
      filters: [
        { property: "stage", operator: "IN", values: ["new", "contacted"] },
        { property: "stage", operator: "TIME_IN_VALUE", value: "new", gte: "P14D" },
      ],
    },
  ];
  const asked = serve({ ...signedIn, [SEARCH]: found });
  open(`/objects/leads?filter=${inUrl(filter)}&sort=-company,name`);
  const bar = await screen.findByRole("group", { name: "Filters" });
  await waitFor(() => expect(bar.textContent).toContain("Stage is New or Contacted"));
  expect(bar.querySelector("[data-history]")?.textContent).toContain("Stage has been in New for more than 14 days");
  await screen.findAllByText("Ada Ltd");
  const bodies = asked.filter(({ path }) => path === SEARCH).map(({ body }) => body);
  expect(bodies).toContainEqual(
    expect.objectContaining({
      filterGroups: filter,
      sorts: [
        { property: "company", direction: "descending" },
        { property: "name", direction: "ascending" },
      ],
    }),
  );
});

test("a filter is removed at its chip, and the URL follows", async () => {
  serve({ ...signedIn, [SEARCH]: found });
  const history = open(
    `/objects/leads?filter=${inUrl([{ filters: [{ property: "stage", operator: "EVER", value: "new" }] }])}`,
  );
  await screen.findByText(/was ever/);
  await userEvent.click(screen.getByRole("button", { name: "Remove the filter on Stage" }));
  await waitFor(() => expect(history.location.search).not.toContain("EVER"));
});

test("a value is changed in its cell, shown at once, and can be taken back", async () => {
  const patched = `PATCH /api/v1/objects/leads/${ada.id}`;
  const asked = serve({ ...signedIn, [SEARCH]: found, [patched]: [200, ada] });
  open("/objects/leads");
  await screen.findAllByText("Ada Ltd");
  await userEvent.click(screen.getByRole("button", { name: "Edit Company" }));
  const input = await screen.findByRole("textbox", { name: "Company" });
  await userEvent.clear(input);
  await userEvent.type(input, "Brightwater{Enter}");
  // By its text: it goes by itself after a while, and looking for roles takes a slow machine long.
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() =>
    expect(asked.filter(({ path }) => path === patched).map(({ body }) => body)).toEqual([
      { properties: { company: "Brightwater" } },
      { properties: { company: "Kestrel Labs" } },
    ]),
  );
});

test("a refused value stays in its control with the reason", async () => {
  serve({
    ...signedIn,
    [SEARCH]: found,
    [`PATCH /api/v1/objects/leads/${ada.id}`]: problem(422, "TOO_LONG", "the name is too long"),
  });
  open("/objects/leads");
  await screen.findAllByText("Ada Ltd");
  await userEvent.click(screen.getByRole("button", { name: "Edit Company" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Company" }), " and more{Enter}");
  expect(await screen.findByText("The name is too long.")).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Company" }).value).toBe("Kestrel Labs and more");
});

test("in the past nothing can be changed", async () => {
  serve({ ...signedIn, [SEARCH]: found });
  open("/objects/leads?asOf=2026-01-02T00:00:00Z");
  await screen.findAllByText("Ada Ltd");
  expect(screen.queryByRole("button", { name: "Edit Company" })).toBeNull();
  expect(screen.queryByRole("checkbox")).toBeNull();
});

test("the palette finds records and pages, and Enter goes to what is chosen", async () => {
  serve({
    ...signedIn,
    [SEARCH]: found,
    "GET /api/v1/search": [
      200,
      { results: [{ object: "leads", total: { value: 1, relation: "eq" }, records: [ada] }] },
    ],
  });
  const history = open("/objects/leads");
  await screen.findAllByText("Ada Ltd");
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Search and commands" }), "ada");
  await screen.findByRole("option", { name: /Ada Ltd/ });
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(history.location.pathname).toBe(`/objects/leads/${ada.id}`));
});

test("g and a letter go to a page, and ? shows the keys", async () => {
  serve({ ...signedIn, [SEARCH]: found });
  const history = open("/objects/leads");
  await screen.findAllByText("Ada Ltd");
  await userEvent.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.keyboard("gr");
  await waitFor(() => expect(history.location.pathname).toBe("/reports"));
});

test("a figure of a report leads to exactly the records that the answer names", async () => {
  const filterGroups = [{ filters: [{ property: "stage", operator: "REACHED", values: ["new"], value: "new" }] }];
  serve({
    ...signedIn,
    [SEARCH]: found,
    "POST /api/v1/reports/funnel": [
      200,
      { steps: [{ value: "new", reached: 42, converted: null, rate: null, medianSeconds: null, filterGroups }] },
    ],
  });
  const history = open("/reports/funnel?shows=table");
  await userEvent.click(await screen.findByRole("button", { name: "42" }));
  await waitFor(() => expect(history.location.pathname).toBe("/objects/leads"));
  const search = new URLSearchParams(history.location.search);
  expect(JSON.parse(search.get("filter") ?? "")).toEqual(filterGroups);
});
