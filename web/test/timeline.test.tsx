import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { blocksOf, withList, withMark } from "../src/features/activities/marks";
import { type Answer, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const ID = "01900000-0000-7000-8000-000000000001";
const by = { type: "user", id: "u1" };
const times = { version: 1, createdAt: "2026-01-01T09:00:00Z", updatedAt: "2026-01-01T09:00:00Z", archived: false };

const lead = { id: ID, object: "leads", ...times, properties: { name: "Ada Ltd" }, propertiesWithHistory: {} };

const note = { id: "n1", ...times, body: "**Bold** <b>not</b>\n- one", records: [], createdBy: by };

const happenings = [
  { kind: "note", at: "2026-01-03T09:00:00Z", note },
  {
    kind: "activity",
    at: "2026-01-02T09:00:00Z",
    activity: {
      id: "a1",
      ...times,
      kind: "call",
      subject: "First talk",
      body: null,
      occurredAt: "2026-01-02T09:00:00Z",
      durationMinutes: 20,
      direction: "outbound",
      outcome: "connected",
      owner: "u1",
      records: [],
      createdBy: by,
    },
  },
  {
    kind: "change",
    at: "2026-01-01T09:00:00Z",
    changeSet: {
      id: "c1",
      object: "leads",
      recordId: ID,
      version: 1,
      recordedAt: "2026-01-01T09:00:00Z",
      validFrom: "2026-01-01T09:00:00Z",
      actor: by,
      source: "user",
      changes: [{ property: "name", from: null, to: "Ada Ltd" }],
    },
  },
];

const answers: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/users": [200, { results: [{ id: "u1", name: "Ann Vega", email: "ann@example.com" }] }],
  "POST /api/v1/objects/leads/search": [200, { results: [lead], total: { value: 1, relation: "eq" } }],
  "POST /api/v1/objects/tasks/search": [200, { results: [], total: { value: 0, relation: "eq" } }],
  "GET /api/v1/tasks": [200, { results: [] }],
  [`GET /api/v1/objects/leads/${ID}`]: [200, lead],
  [`GET /api/v1/objects/leads/${ID}/timeline`]: [200, { results: happenings }],
};

test("the timeline tells activities, notes and changes in one order", async () => {
  serve(answers);
  open(`/objects/leads/${ID}`);
  await screen.findByText("First talk");
  const kinds = [...document.querySelectorAll("li[data-kind]")].map((entry) => entry.getAttribute("data-kind"));
  expect(kinds).toEqual(["note", "call", "change"]);
  expect(await screen.findByText(/Connected · 20 minutes · Ann Vega/)).toBeTruthy();
  const bold = screen.getByText("Bold", { selector: "b" });
  expect(bold.closest("p")?.textContent).toBe("Bold <b>not</b>");
});

test("a call is logged with what it is about", async () => {
  const asked = serve({ ...answers, "POST /api/v1/activities": [201, {}] });
  open(`/objects/leads/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Call" }));
  await userEvent.type(await screen.findByLabelText("Subject"), "Price talk");
  await userEvent.type(screen.getByLabelText("Minutes"), "15");
  await userEvent.selectOptions(screen.getByLabelText("Outcome"), "Connected");
  await userEvent.click(screen.getByRole("button", { name: "Log the call" }));
  await waitFor(() => expect(screen.queryByLabelText("Subject")).toBeNull());
  expect(asked.find(({ path }) => path === "POST /api/v1/activities")?.body).toEqual({
    kind: "call",
    subject: "Price talk",
    body: null,
    durationMinutes: 15,
    outcome: "connected",
    direction: null,
    records: [{ object: "leads", id: ID }],
  });
});

test("further records are found by their words, linked, and taken off again", async () => {
  const contact = { ...lead, id: "01900000-0000-7000-8000-000000000002", properties: { name: "Grace Ltd" } };
  const asked = serve({
    ...answers,
    "GET /api/v1/search": [
      200,
      { results: [{ object: "leads", total: { value: 2, relation: "eq" }, records: [lead, contact] }] },
    ],
    "POST /api/v1/objects/leads/batch/read": [200, { results: [lead, contact] }],
    "POST /api/v1/notes": [201, note],
  });
  open(`/objects/leads/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Note" }));
  await userEvent.type(await screen.findByLabelText("Note", { selector: "textarea" }), "Both decide");
  const about = screen.getByRole("combobox", { name: "About" });
  await userEvent.type(about, "ltd");
  // The record of the page is linked already.
  await userEvent.click(await screen.findByText("Grace Ltd"));
  expect(screen.queryByLabelText("Take off Ada Ltd")).toBeNull();
  await userEvent.click(await screen.findByLabelText("Take off Grace Ltd"));
  await userEvent.type(about, "ltd");
  await userEvent.click(await screen.findByText("Grace Ltd"));
  await userEvent.click(screen.getByRole("button", { name: "Save the note" }));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === "POST /api/v1/notes")?.body).toEqual({
      body: "Both decide",
      records: [
        { object: "leads", id: ID },
        { object: "leads", id: contact.id },
      ],
    }),
  );
});

test("a refused note keeps what was typed", async () => {
  const refusal = problem(422, "INVALID_INPUT", "the input is not valid");
  (refusal[1] as { errors: unknown[] }).errors = [{ pointer: "/body", code: "TOO_LONG", message: "is too long" }];
  serve({ ...answers, "POST /api/v1/notes": refusal });
  open(`/objects/leads/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Note" }));
  const input = await screen.findByLabelText<HTMLTextAreaElement>("Note", { selector: "textarea" });
  await userEvent.type(input, "Decides in April");
  await userEvent.click(screen.getByRole("button", { name: "Save the note" }));
  expect(await screen.findByText("Is too long.")).toBeTruthy();
  expect(input.value).toBe("Decides in April");
});

test("a note is edited in place, and archived with a way back", async () => {
  const asked = serve({
    ...answers,
    "PATCH /api/v1/notes/n1": [200, note],
    "DELETE /api/v1/objects/notes/n1": [204, null],
    "POST /api/v1/objects/notes/n1/unarchive": [200, {}],
  });
  open(`/objects/leads/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Edit Note" }));
  const input = await screen.findByLabelText("Note", { selector: "textarea" });
  await userEvent.clear(input);
  await userEvent.type(input, "Shorter");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await userEvent.click(await screen.findByRole("button", { name: "Archive Note" }));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() => expect(asked.map(({ path }) => path)).toContain("POST /api/v1/objects/notes/n1/unarchive"));
  expect(asked.find(({ path }) => path.startsWith("PATCH"))?.body).toEqual({ body: "Shorter" });
});

test("in the past, nothing can be written down", async () => {
  serve(answers);
  open(`/objects/leads/${ID}?asOf=2026-01-04T00:00:00Z`);
  await screen.findByText("First talk");
  expect(screen.queryByRole("button", { name: "Call" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Edit Note" })).toBeNull();
});

test("one kind is shown, and the address says which", async () => {
  serve(answers);
  const history = open(`/objects/leads/${ID}`);
  const kinds = within(await screen.findByRole("group", { name: "What to show" }));
  await userEvent.click(kinds.getByText("Notes"));
  await waitFor(() => expect(history.location.search).toContain("kind=note"));
});

test("text becomes marks that are known, and nothing that runs", () => {
  expect(blocksOf("a **b** *c*\n\n- [x](https://example.com)\n- y")).toEqual([
    {
      is: "lines",
      lines: [
        [
          { is: "text", text: "a " },
          { is: "bold", text: "b" },
          { is: "text", text: " " },
          { is: "italic", text: "c" },
        ],
      ],
    },
    {
      is: "list",
      items: [[{ is: "link", text: "x", href: "https://example.com" }], [{ is: "text", text: "y" }]],
    },
  ]);
  for (const bad of ["[x](javascript:alert)", "[x](data:text/html,x)", "[x](/relative)"]) {
    expect(blocksOf(bad)).toEqual([{ is: "lines", lines: [[{ is: "text", text: bad }]] }]);
  }
});

test("marks are put around what is chosen, and taken away again", () => {
  expect(withMark("one two", 4, 7, "**")).toEqual(["one **two**", 6, 9]);
  expect(withMark("one **two**", 6, 9, "**")).toEqual(["one two", 4, 7]);
  expect(withList("a\nb", 0, 3)[0]).toBe("- a\n- b");
});
