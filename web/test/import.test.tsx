import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { nameFor } from "../src/api/names";
import type { Property } from "../src/api/types";
import { readRefused } from "../src/features/import/sheet";
import { guessDateFormat, guessType, kindOf, suggest } from "../src/features/import/suggestions";
import { type Answer, leads, me, open, problem, serve, signedIn } from "./server";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const properties = leads.properties as unknown as Property[];

const manager: Answer = [
  200,
  { ...(me[1] as object), permissions: ["records.read", "records.write", "history.rewrite", "schema.write"] },
];

const imported = (more: object = {}) => ({
  id: "i1",
  status: "succeeded",
  object: "leads",
  kind: "records",
  dryRun: false,
  fileName: "people.csv",
  fileBytes: 120,
  rowsTotal: 3,
  rowsRead: 3,
  created: 2,
  updated: 0,
  unchanged: 0,
  refused: 1,
  valuesRefused: 0,
  progress: 1,
  undo: null,
  error: null,
  createdAt: "2026-03-01T09:20:00Z",
  ...more,
});

const ERRORS =
  "Full name,Status,line,code,message,column\nGrace,Nowhere,3,INVALID_OPTION,is no option of Stage,Status\n";

test("columns are told by their names, and else by their values", () => {
  const column = (name: string, ...samples: string[]) => ({ name, samples });
  const columns = [column("Firma"), column("Where it is", "New", "contacted", "New "), column("NAME"), column("Shoes")];
  expect(suggest(columns, "records", properties, [])).toEqual(["company", "stage", "name", null]);
  expect(kindOf(["Deal ID", "Timestamp", "Property", "New value", "Changed by"])).toBe("history");
  expect(
    suggest([column("Deal ID"), column("Timestamp"), column("Property"), column("New value")], "history", [], []),
  ).toEqual(["@key", "@time", "@property", "@value"]);
});

test("types and dates are told by values, and names fit the API", () => {
  expect(
    [["ann@example.com"], ["1.500", "2"], ["€ 12", "8 EUR"], ["01234"], ["31.12.2026"], ["yes", "no"]].map(guessType),
  ).toEqual(["email", "number", "money", "text", "date", "boolean"]);
  expect(guessDateFormat(["31.12.2026", "1.2.2026 09:00"])).toBe("DD.MM.YYYY");
  expect(guessDateFormat(["01/02/2026", "02/13/2026"])).toBe("MM/DD/YYYY");
  expect(guessDateFormat(["01/02/2026", "13/02/2026"], "en-US")).toBe("DD/MM/YYYY");
  expect(guessDateFormat(["2026-03-01"])).toBe("");
  expect([nameFor("Größe (cm)", []), nameFor("7 days", []), nameFor("Name", ["name", "name_2"])]).toEqual([
    "grosse_cm",
    "p_7_days",
    "name_3",
  ]);
});

test("the file of refused rows tells line, column, value and reason", () => {
  expect(readRefused(ERRORS)).toEqual([
    { line: 3, column: "Status", message: "is no option of Stage", value: "Nowhere" },
  ]);
});

/** What was sent as the options of imports, in order. */
function sentOptions() {
  const sent: unknown[] = [];
  vi.spyOn(FormData.prototype, "append").mockImplementation((name: string, value: unknown) => {
    if (name === "options") sent.push(JSON.parse(String(value)));
  });
  return sent;
}

test("a file is mapped, tried out, and then imported", async () => {
  const sent = sentOptions();
  serve({
    ...signedIn,
    "GET /api/v1/me": manager,
    "GET /api/v1/imports": [200, { results: [] }],
    "POST /api/v1/imports": [202, imported({ dryRun: true })],
    "GET /api/v1/imports/i1": [200, imported({ dryRun: true })],
    "GET /api/v1/imports/i1/errors.csv": [200, ERRORS],
  });
  const history = open("/import");
  const file = new File(["Full name;Status;Shoe size\nAda;New;38\nGrace;Nowhere;40\n"], "people.csv");
  await userEvent.upload(await screen.findByLabelText("Choose a file to import"), file);
  const becomes = (column: string) =>
    screen.getByRole<HTMLInputElement>("combobox", { name: `What ${column} becomes` });
  await waitFor(() => expect(becomes("Full name").value).toBe("Name"));
  expect(becomes("Status").value).toBe("Stage");
  expect(becomes("Shoe size").value).toBe("Leave out");

  await userEvent.click(becomes("Shoe size"));
  await userEvent.click(await screen.findByText("New property…"));
  expect(becomes("Shoe size").value).toBe("New: Shoe size");
  await userEvent.click(screen.getByRole("button", { name: "See what it does" }));
  expect(await screen.findByText("is no option of Stage")).toBeTruthy();
  expect(sent[0]).toMatchObject({
    object: "leads",
    kind: "records",
    delimiter: ";",
    dryRun: true,
    mapping: [
      { column: "Full name", property: "name" },
      { column: "Status", property: "stage" },
      { column: "Shoe size", property: "shoe_size", createProperty: { label: "Shoe size", type: "number" } },
    ],
  });

  await userEvent.click(screen.getByRole("button", { name: "Import 2 rows" }));
  await waitFor(() => expect(history.location.pathname).toBe("/import/i1"));
  expect(sent[1]).toMatchObject({ dryRun: false });
});

test("what the server refuses of the mapping is said beside the button", async () => {
  serve({
    ...signedIn,
    "GET /api/v1/me": manager,
    "GET /api/v1/imports": [200, { results: [] }],
    "POST /api/v1/imports": problem(422, "INVALID_DATE_FORMAT", "the date format says the year twice"),
  });
  open("/import");
  await userEvent.upload(await screen.findByLabelText("Choose a file to import"), new File(["Name\nAda\n"], "a.csv"));
  await userEvent.click(await screen.findByRole("button", { name: "See what it does" }));
  expect(await screen.findByText("The date format says the year twice.")).toBeTruthy();
});

test("a file without columns is no CSV, and the list of imports stays", async () => {
  serve({ ...signedIn, "GET /api/v1/me": manager, "GET /api/v1/imports": [200, { results: [imported()] }] });
  open("/import");
  await userEvent.upload(await screen.findByLabelText("Choose a file to import"), new File([""], "empty.csv"));
  expect((await screen.findByRole("alert")).textContent).toContain("empty.csv cannot be read as CSV");
  expect((await screen.findByRole("link", { name: "people.csv" })).getAttribute("href")).toBe("/import/i1");
});

test("who may not import sees what was imported, and why they cannot", async () => {
  const member: Answer = [200, { ...(me[1] as object), permissions: ["records.read"] }];
  serve({ ...signedIn, "GET /api/v1/me": member, "GET /api/v1/imports": [200, { results: [imported()] }] });
  open("/import");
  expect(await screen.findByText(/Managers, admins and owners import files/)).toBeTruthy();
  expect(screen.queryByLabelText("Choose a file to import")).toBeNull();
});

test("an import that runs shows how far it is", async () => {
  serve({
    ...signedIn,
    "GET /api/v1/me": manager,
    "GET /api/v1/imports/i1": [200, imported({ status: "running", rowsTotal: 400, rowsRead: 100, progress: 0.25 })],
  });
  open("/import/i1");
  const bar = await screen.findByRole("progressbar");
  expect(bar.getAttribute("value")).toBe("0.25");
  expect(screen.getByText("100 of 400 rows")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo the import" })).toBeNull();
});

test("an import that is taken back shows how far that is", async () => {
  const undo = { progress: 0.4, archived: 1, putBack: 0, kept: 0 };
  serve({
    ...signedIn,
    "GET /api/v1/me": manager,
    "GET /api/v1/imports/i1": [200, imported({ status: "running", undo })],
    "GET /api/v1/imports/i1/errors.csv": [200, ERRORS],
  });
  open("/import/i1");
  const bar = await screen.findByRole("progressbar");
  expect(bar.getAttribute("value")).toBe("0.4");
  expect(screen.getByText("40%")).toBeTruthy();
});

test("an import is undone after a question that says what that does", async () => {
  const asked = serve({
    ...signedIn,
    "GET /api/v1/me": manager,
    "GET /api/v1/imports/i1": [200, imported()],
    "GET /api/v1/imports/i1/errors.csv": [200, ERRORS],
    "POST /api/v1/imports/i1/undo": [202, imported({ status: "queued" })],
  });
  open("/import/i1");
  expect((await screen.findByText("Nowhere")).textContent).toBe("Nowhere");
  expect(screen.getByRole("link", { name: "Download the error file" }).getAttribute("href")).toBe(
    "/api/v1/imports/i1/errors.csv",
  );
  await userEvent.click(screen.getByRole("button", { name: "Undo the import" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("2 created records are archived.");
  await userEvent.click(within(dialog).getByRole("button", { name: "Undo the import" }));
  await waitFor(() => expect(asked.map(({ path }) => path)).toContain("POST /api/v1/imports/i1/undo"));
});
