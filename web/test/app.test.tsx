import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { open, problem, serve, signedIn } from "./server";

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
