import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { type Answer, leads, me, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const PROPERTIES = "/api/v1/objects/leads/properties";

const manager: Answer = [200, { ...(me[1] as object), permissions: ["records.read", "records.write", "schema.write"] }];
const counted: Answer = [200, { results: [], total: { value: 40, relation: "eq" } }];

const answers: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/me": manager,
  "GET /api/v1/objects": [
    200,
    { results: [{ ...leads, properties: leads.properties.map((one, position) => ({ ...one, position })) }] },
  ],
  "POST /api/v1/objects/leads/search": counted,
  "POST /api/v1/reports/flow": [
    200,
    {
      flows: [
        { from: null, to: "new", count: 60, records: 60, medianSeconds: null },
        { from: "new", to: "contacted", count: 45, records: 41, medianSeconds: 3600 },
      ],
    },
  ],
};

const narrowed = (...transitions: object[]): Answer => {
  const properties = leads.properties.map((one) => (one.name === "stage" ? { ...one, transitions } : one));
  return [200, { results: [{ ...leads, properties }] }];
};

test("a property is made with a name and options of its own", async () => {
  const asked = serve({ ...answers, [`POST ${PROPERTIES}`]: [201, leads.properties[1]] });
  open("/settings/properties?object=leads");
  await userEvent.click(await screen.findByRole("button", { name: "New property" }));
  const form = within(await screen.findByRole("dialog"));
  await userEvent.type(form.getByLabelText("Label"), "Größe");
  expect(form.getByLabelText<HTMLInputElement>("Name in the API").value).toBe("grosse");
  await userEvent.click(form.getByLabelText("Type", { selector: "input" }));
  await userEvent.click(await screen.findByText("Choice"));
  await userEvent.type(await form.findByLabelText("Label of the option"), "Very large");
  await userEvent.click(form.getByRole("button", { name: "Create the property" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked.find(({ path }) => path === `POST ${PROPERTIES}`)?.body).toMatchObject({
    name: "grosse",
    label: "Größe",
    type: "select",
    options: [{ value: "very_large", label: "Very large", color: "blue", archived: false }],
  });
});

test("what is wrong with a definition is said where it stands", async () => {
  const refusal = problem(422, "INVALID_INPUT", "the input is not valid");
  (refusal[1] as { errors: unknown[] }).errors = [{ pointer: "/label", code: "TOO_LONG", message: "is too long" }];
  serve({ ...answers, [`PATCH ${PROPERTIES}/company`]: refusal });
  open("/settings/properties?object=leads&property=company");
  const form = within(await screen.findByRole("dialog", { name: "Company" }));
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  expect(await form.findByText("Is too long.")).toBeTruthy();
});

test("properties are put in order with the keys, and keep the places that they share", async () => {
  const asked = serve({
    ...answers,
    [`PATCH ${PROPERTIES}/company`]: [200, leads.properties[1]],
    [`PATCH ${PROPERTIES}/name`]: [200, leads.properties[0]],
  });
  open("/settings/properties?object=leads");
  const handle = await screen.findByRole("button", { name: "Move Company with the arrow keys" });
  handle.focus();
  await userEvent.keyboard("{ArrowUp}");
  const moves = () =>
    asked.filter(({ path }) => path.startsWith("PATCH")).map(({ path, body }) => [path.split("/").at(-1), body]);
  await waitFor(() =>
    expect(moves()).toEqual([
      ["company", { position: 0 }],
      ["name", { position: 1 }],
    ]),
  );
  expect(screen.getByText("Company is now 1 of 3")).toBeTruthy();
});

test("an archived property can be taken back at once", async () => {
  const asked = serve({
    ...answers,
    [`DELETE ${PROPERTIES}/company`]: [204, null],
    [`PATCH ${PROPERTIES}/company`]: [200, leads.properties[1]],
  });
  open("/settings/properties?object=leads");
  await userEvent.click(await screen.findByRole("button", { name: "Archive Company" }));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `PATCH ${PROPERTIES}/company`)?.body).toEqual({ archived: false }),
  );
});

test("in the past, definitions are shown as they were and cannot be changed", async () => {
  serve(answers);
  open("/settings/properties?object=leads&asOf=2026-01-02T00:00:00Z");
  await screen.findByRole("button", { name: "Company" });
  expect(screen.queryByRole("button", { name: "New property" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Archive Company" })).toBeNull();
  expect(screen.queryByRole("button", { name: /^Move / })).toBeNull();
});

test("a lifecycle says whom a new requirement touches before it is saved", async () => {
  const asked = serve({ ...answers, [`PATCH ${PROPERTIES}/stage`]: [200, leads.properties[2]] });
  open("/settings/lifecycles?object=leads");
  await userEvent.click(await screen.findByLabelText("Asks for of Contacted", { selector: "input" }));
  await userEvent.click(await screen.findByText("Company"));
  const effects = await screen.findByLabelText("What this changes for records");
  await waitFor(() => expect(effects.textContent).toContain("40 leads in Contacted without Company"));
  expect(asked.map(({ body }) => (body as { filterGroups?: unknown } | null)?.filterGroups)).toContainEqual([
    {
      filters: [
        { property: "stage", operator: "EQ", value: "contacted" },
        { property: "company", operator: "NOT_HAS_PROPERTY" },
      ],
    },
  ]);
  await userEvent.click(screen.getByText("Save the lifecycle"));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `PATCH ${PROPERTIES}/stage`)?.body).toMatchObject({
      options: [{ value: "new" }, { value: "contacted", requiredProperties: ["company"] }],
      transitions: "any",
    }),
  );
});

test("moves are narrowed one by one, and a stage that nothing leaves is told of", async () => {
  const asked = serve({ ...answers, [`PATCH ${PROPERTIES}/stage`]: [200, leads.properties[2]] });
  open("/settings/lifecycles?object=leads&moves=table");
  await userEvent.click(await screen.findByLabelText("Any move is allowed"));
  await userEvent.click(screen.getByLabelText("Contacted to New"));
  expect(await screen.findByText(/40 leads in Contacted: no move leads out of it/)).toBeTruthy();
  await userEvent.click(screen.getByText("Save the lifecycle"));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `PATCH ${PROPERTIES}/stage`)?.body).toMatchObject({
      transitions: [
        { from: null, to: "new" },
        { from: null, to: "contacted" },
        { from: "new", to: "contacted" },
      ],
    }),
  );
});

test("where any move is allowed, the graph shows those that were made, and they can be started from", async () => {
  const asked = serve({ ...answers, [`PATCH ${PROPERTIES}/stage`]: [200, leads.properties[2]] });
  open("/settings/lifecycles?object=leads");
  expect(await screen.findByLabelText("New to Contacted, made by 41 leads")).toBeTruthy();
  expect(asked.find(({ path }) => path === "POST /api/v1/reports/flow")?.body).toMatchObject({
    object: "leads",
    property: "stage",
  });
  await userEvent.click(screen.getByText("Start from the 2 moves of the last 90 days"));
  await userEvent.click(await screen.findByText("Save the lifecycle"));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `PATCH ${PROPERTIES}/stage`)?.body).toMatchObject({
      transitions: [
        { from: null, to: "new" },
        { from: "new", to: "contacted" },
      ],
    }),
  );
});

test("in the graph, a move is allowed in the menu of a stage, and forbidden with a key or a press", async () => {
  serve({
    ...answers,
    "GET /api/v1/objects": narrowed({ from: null, to: "new" }, { from: "contacted", to: "new" }),
  });
  open("/settings/lifecycles?object=leads");
  expect(await screen.findByLabelText("New to Contacted, made by 41 leads, no longer allowed")).toBeTruthy();
  screen.getByLabelText("Contacted to New, made by 0 leads").focus();
  await userEvent.keyboard("{Delete}");
  expect(screen.queryByLabelText(/^Contacted to New/)).toBeNull();
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Contacted Open, leads nowhere");

  await userEvent.click(screen.getByLabelText("New Open, leads nowhere"));
  await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Contacted" }));
  expect(await screen.findByLabelText("New to Contacted, made by 41 leads")).toBeTruthy();
  expect(screen.getByText("New to Contacted is allowed")).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());

  screen.getByLabelText("New record to New, made by 60 leads").focus();
  await userEvent.keyboard("{Enter}");
  await userEvent.click(await screen.findByRole("button", { name: "Forbid New record to New" }));
  expect(await screen.findByText(/No first stage is chosen/)).toBeTruthy();
});

test("the graph and the table change the same draft, and the URL keeps which is shown", async () => {
  serve({ ...answers, "GET /api/v1/objects": narrowed({ from: null, to: "new" }) });
  const history = open("/settings/lifecycles?object=leads");
  await userEvent.click(await screen.findByLabelText("New Open, leads nowhere"));
  await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Contacted" }));
  await userEvent.click(screen.getByText("Table"));
  expect((await screen.findByLabelText<HTMLInputElement>("New to Contacted")).checked).toBe(true);
  expect(history.location.search).toContain("moves=table");
});

test("in the past, the graph is only looked at", async () => {
  serve({ ...answers, "GET /api/v1/objects": narrowed({ from: null, to: "new" }) });
  open("/settings/lifecycles?object=leads&asOf=2026-01-02T00:00:00Z");
  const arrow = await screen.findByLabelText("New record to New, made by 60 leads");
  expect(arrow.getAttribute("tabindex")).toBeNull();
  expect(screen.queryByRole("button", { name: /leads nowhere/ })).toBeNull();
});
