/** The app on top of a server that is made up: answers by method and path. */
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { App } from "../src/App";

export type Answer = [status: number, body: unknown];

export const me: Answer = [
  200,
  {
    user: { id: "u1", email: "ann@example.com", name: "Ann Vega" },
    workspace: { id: "w1", name: "Northwind", timeZone: "UTC", currency: "EUR" },
    role: "owner",
    permissions: ["records.read", "records.write", "history.rewrite", "views.write", "workspace.manage"],
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

export const leads = {
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

export const problem = (status: number, code: string, detail: string): Answer => [
  status,
  { type: `urn:leadline:problem:${code}`, title: "", status, code, detail, requestId: "r1", errors: [] },
];

/**
 * Answers by method and path, as JSON or, of a text, as a file; anything else fails the test by a 500. A route with a
 * parameter (`GET /path?due=today`) goes before the one without.
 */
export function serve(routes: Record<string, Answer>) {
  const asked: { path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const path = `${request.method} ${pathname}`;
    asked.push({ path, body: request.method === "GET" ? null : await request.json().catch(() => null) });
    const exact = [...searchParams].map(([name, value]) => routes[`${path}?${name}=${value}`]);
    const [status, body] = exact.find((one) => one) ?? routes[path] ?? problem(500, "UNEXPECTED", path);
    const isFile = typeof body === "string";
    return new Response(status === 204 ? null : isFile ? body : JSON.stringify(body), {
      status,
      headers: { "content-type": isFile ? "text/csv" : "application/json" },
    });
  });
  return asked;
}

/** Opens the app at a path; the history tells where it is. */
export function open(path: string) {
  const history = createMemoryHistory({ initialEntries: [path] });
  render(<App history={history} />);
  return history;
}

export const signedIn: Record<string, Answer> = {
  "GET /api/v1/me": me,
  "GET /api/v1/objects": [200, { results: [leads] }],
  "GET /api/v1/users": [200, { results: [] }],
  "GET /api/v1/views": [200, { results: [] }],
  "GET /api/v1/dashboards": [200, { results: [] }],
  "GET /api/v1/saved-reports": [200, { results: [] }],
  "GET /api/v1/me/preferences": [200, { theme: null, locale: null, density: null, homeDashboard: null }],
};
