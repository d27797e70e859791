import { createMemoryHistory } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { App } from "../src/App";

type Answer = [status: number, body: unknown];

const me: Answer = [
  200,
  {
    user: { id: "u1", email: "ann@example.com", name: "Ann Vega" },
    workspace: { id: "w1", name: "Northwind", timeZone: "UTC", currency: "EUR" },
    role: "owner",
    permissions: ["records.read", "records.write", "history.rewrite"],
  },
];

const property = (name: string, label: string, type: string, more: object = {}) => ({
  id: name,
  name,
  label,
  type,
  required: false,
  unique: false,
  builtin: true,
  system: false,
  archived: false,
  position: 0,
  options: [],
  ...more,
});

const leads = {
  id: "o1",
  name: "leads",
  label: "Lead",
  pluralLabel: "Leads",
  primaryProperty: "name",
  builtin: true,
  archived: false,
  position: 0,
  properties: [
    property("name", "Name", "text"),
    property("company", "Company", "text"),
    property("stage", "Stage", "stage", {
      options: [
        { value: "new", label: "New", color: "slate", archived: false, category: "open" },
        { value: "contacted", label: "Contacted", color: "blue", archived: false, category: "open" },
      ],
    }),
  ],
};

const problem = (status: number, code: string, detail: string): Answer => [
  status,
  { type: `urn:leadline:problem:${code}`, title: "", status, code, detail, requestId: "r1", errors: [] },
];

/** Answers by method and path; anything else fails the test by a 500. */
function serve(routes: Record<string, Answer>) {
  const asked: { path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = `${request.method} ${new URL(request.url, "http://localhost").pathname}`;
    asked.push({ path, body: request.method === "GET" ? null : await request.json().catch(() => null) });
    const [status, body] = routes[path] ?? problem(500, "UNEXPECTED", path);
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json" },
    });
  });
  return asked;
}

function open(path: string) {
  render(<App history={createMemoryHistory({ initialEntries: [path] })} />);
}

const signedIn: Record<string, Answer> = {
  "GET /api/v1/me": me,
  "GET /api/v1/objects": [200, { results: [leads] }],
  "GET /api/v1/users": [200, { results: [] }],
};

afterEach(() => vi.unstubAllGlobals());

test("a stranger is led to the sign-in, and a wrong password says so and keeps the address", async () => {
  serve({
    "GET /api/v1/me": problem(401, "UNAUTHENTICATED", "sign in, or send a token"),
    "POST /api/v1/auth/login": problem(401, "INVALID_CREDENTIALS", "the address or the password is wrong"),
  });
  open("/objects/leads");
  const email = await screen.findByLabelText("Email");
  await userEvent.type(email, "ann@example.com");
  await userEvent.type(screen.getByLabelText("Password"), "not the one");
  await userEvent.click(screen.getByRole("button", { name: /sign in/i }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/password/i);
  expect((email as HTMLInputElement).value).toBe("ann@example.com");
});

test("a list shows its records with their stage", async () => {
  const record = {
    id: "01900000-0000-7000-8000-000000000001",
    object: "leads",
    version: 1,
    createdAt: "2026-01-01T09:00:00Z",
    updatedAt: "2026-01-01T09:00:00Z",
    archived: false,
    properties: { name: "Ada Ltd", company: "Kestrel Labs", stage: "contacted" },
    propertiesWithHistory: { stage: [] },
  };
  const asked = serve({
    ...signedIn,
    "POST /api/v1/objects/leads/search": [200, { results: [record], total: { value: 1, relation: "eq" } }],
  });
  open("/objects/leads");
  expect((await screen.findAllByText("Ada Ltd")).length).toBeGreaterThan(0);
  expect((await screen.findAllByText("Contacted")).length).toBeGreaterThan(0);
  const search = asked.find(({ path }) => path.endsWith("/search"));
  expect(search?.body).toMatchObject({ count: "exact" });
});

test("an empty list says what to do", async () => {
  serve({
    ...signedIn,
    "POST /api/v1/objects/leads/search": [200, { results: [], total: { value: 0, relation: "eq" } }],
  });
  open("/objects/leads");
  expect((await screen.findAllByRole("button", { name: /new lead/i })).length).toBeGreaterThan(0);
});

test("a list that cannot be had says what happened and offers to try again", async () => {
  serve({
    ...signedIn,
    "POST /api/v1/objects/leads/search": problem(422, "INVALID_FILTER", "the filter does not fit"),
  });
  open("/objects/leads");
  expect(await screen.findByText(/the filter does not fit/i)).toBeTruthy();
});

test("an unknown object is a page that says so", async () => {
  serve(signedIn);
  open("/objects/nothing");
  expect(await screen.findByText("There is nothing at this address.")).toBeTruthy();
});
