import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { deviceOf } from "../src/features/people/device";
import { type Answer, me, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const owner: Answer = [
  200,
  { ...(me[1] as object), permissions: ["records.read", "records.write", "users.manage", "tokens.manage"] },
];
const member = (id: string, name: string, role: string, disabled = false) => ({
  id,
  name,
  email: `${id}@example.com`,
  role,
  disabled,
  createdAt: "2026-01-01T09:00:00Z",
});
const ann = member("u1", "Ann Vega", "owner");
const ben = member("u2", "Ben Okafor", "member");
const answers: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/me": owner,
  "GET /api/v1/users": [200, { results: [ann, ben] }],
  "GET /api/v1/invitations": [200, { results: [] }],
  "GET /api/v1/sessions": [200, { results: [] }],
  "GET /api/v1/tokens": [200, { results: [] }],
};

const refusal = (pointer: string, code: string, message: string): Answer => {
  const [status, body] = problem(422, code, message);
  return [status, { ...(body as object), errors: [{ pointer, code, message }] }];
};

test("a new name is saved without a password, a new address asks for it", async () => {
  const renamed = { ...(owner[1] as object), user: { id: "u1", email: "ann@example.com", name: "Ann Lee" } };
  const asked = serve({ ...answers, "PATCH /api/v1/me": [200, renamed] });
  open("/settings/profile");
  const name = await screen.findByLabelText("Name");
  expect(screen.queryByLabelText("Current password")).toBeNull();
  await userEvent.clear(name);
  await userEvent.type(name, "Ann Lee");
  await userEvent.click(screen.getByRole("button", { name: "Save the profile" }));
  await waitFor(() => expect(asked.find(({ path }) => path === "PATCH /api/v1/me")?.body).toEqual({ name: "Ann Lee" }));
  expect(await screen.findByText("Your profile is saved.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Account of Ann Lee" })).toBeTruthy();
});

test("a wrong password for a new address is said at its field, and what was typed stays", async () => {
  const wrong = refusal("/currentPassword", "INVALID_CREDENTIALS", "is not your password");
  const asked = serve({ ...answers, "PATCH /api/v1/me": wrong });
  open("/settings/profile");
  const email = await screen.findByLabelText<HTMLInputElement>("Email");
  await userEvent.clear(email);
  await userEvent.type(email, "ann@new.example");
  await userEvent.type(screen.getByLabelText("Current password"), "not the one");
  await userEvent.click(screen.getByRole("button", { name: "Save the profile" }));
  expect(await screen.findByText("Is not your password.")).toBeTruthy();
  expect(email.value).toBe("ann@new.example");
  expect(asked.find(({ path }) => path === "PATCH /api/v1/me")?.body).toEqual({
    name: "Ann Vega",
    email: "ann@new.example",
    currentPassword: "not the one",
  });
});

test("sessions say where they are, and the others can be ended", async () => {
  const session = (id: string, userAgent: string, current: boolean) => ({
    id,
    current,
    createdAt: "2026-01-01T09:00:00Z",
    lastSeenAt: "2026-01-02T09:00:00Z",
    expiresAt: "2027-01-01T09:00:00Z",
    userAgent,
    address: "192.0.2.7",
  });
  const here = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1";
  const asked = serve({
    ...answers,
    "GET /api/v1/sessions": [200, { results: [session("s1", here, true), session("s2", phone, false)] }],
    "DELETE /api/v1/sessions/s2": [204, null],
  });
  open("/settings/security");
  expect(await screen.findByText("this browser")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "End the session in Firefox, Linux" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "End the session in Safari, iPhone" }));
  await waitFor(() => expect(asked.map(({ path }) => path)).toContain("DELETE /api/v1/sessions/s2"));
});

test("a password is changed with the current one", async () => {
  const asked = serve({ ...answers, "POST /api/v1/auth/password": [204, null] });
  open("/settings/security");
  await userEvent.type(await screen.findByLabelText("Current password"), "violet kettle drum");
  await userEvent.type(screen.getByLabelText("New password"), "amber saddle moon");
  await userEvent.click(screen.getByRole("button", { name: "Change the password" }));
  expect(await screen.findByText(/Your password is changed/)).toBeTruthy();
  expect(asked.find(({ path }) => path === "POST /api/v1/auth/password")?.body).toEqual({
    currentPassword: "violet kettle drum",
    newPassword: "amber saddle moon",
  });
});

test("a member is kept out, and let in again by undo", async () => {
  const asked = serve({ ...answers, "PATCH /api/v1/users/u2": [200, { ...ben, disabled: true }] });
  open("/settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Keep out: Ben Okafor" }));
  await userEvent.click(await screen.findByText("Undo"));
  const changes = () => asked.filter(({ path }) => path === "PATCH /api/v1/users/u2").map(({ body }) => body);
  await waitFor(() => expect(changes()).toEqual([{ disabled: true }, { disabled: false }]));
});

test("the last owner's refusal is told", async () => {
  const cleo = member("u3", "Cleo Park", "owner");
  serve({
    ...answers,
    "GET /api/v1/users": [200, { results: [ann, cleo] }],
    "PATCH /api/v1/users/u3": problem(409, "LAST_OWNER", "the workspace needs an owner: make somebody else one first"),
  });
  open("/settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Keep out: Cleo Park" }));
  expect(await screen.findByText(/The workspace needs an owner/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Keep out: Ann Vega" })).toBeNull();
});

test("an invitation shows its link once, and can be revoked", async () => {
  const invitation = {
    id: "i1",
    email: "dan@example.com",
    role: "member",
    createdAt: "2026-01-01T09:00:00Z",
    expiresAt: "2099-01-08T09:00:00Z",
    acceptedAt: null,
  };
  const asked = serve({
    ...answers,
    "GET /api/v1/invitations": [200, { results: [invitation] }],
    "POST /api/v1/invitations": [201, { ...invitation, token: "t", link: "/invitation?token=t" }],
    "DELETE /api/v1/invitations/i1": [204, null],
  });
  open("/settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Invite someone" }));
  const form = within(await screen.findByRole("dialog"));
  await userEvent.type(form.getByLabelText("Email"), "dan@example.com");
  await userEvent.click(form.getByRole("button", { name: "Make the link" }));
  const link = await screen.findByLabelText<HTMLInputElement>("Link");
  expect(link.value).toMatch(/^http.*\/invitation\?token=t$/);
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await userEvent.click(await screen.findByRole("button", { name: "Revoke the invitation of dan@example.com" }));
  await userEvent.click(await screen.findByRole("button", { name: "Revoke the invitation" }));
  await waitFor(() => expect(asked.map(({ path }) => path)).toContain("DELETE /api/v1/invitations/i1"));
});

test("who may not manage members sees them only", async () => {
  serve({ ...answers, "GET /api/v1/me": me });
  open("/settings/members");
  expect(await screen.findByText("Ben Okafor")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Invite someone" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Keep out: Ben Okafor" })).toBeNull();
  expect(screen.queryByText("Invitations")).toBeNull();
});

test("a token is made with scopes and an end, and its secret is shown once", async () => {
  const token = { id: "t1", name: "sync", scopes: ["read", "write"], createdAt: "2026-01-01T09:00:00Z" };
  const asked = serve({ ...answers, "POST /api/v1/tokens": [201, { ...token, secret: "leadline_secret" }] });
  open("/settings/tokens");
  await userEvent.click(await screen.findByRole("button", { name: "New token" }));
  const form = within(await screen.findByRole("dialog"));
  await userEvent.type(form.getByLabelText("Name"), "sync");
  await userEvent.click(form.getByLabelText("write records"));
  await userEvent.click(form.getByLabelText("It ends", { selector: "input" }));
  await userEvent.click(await screen.findByText("never"));
  await userEvent.click(form.getByRole("button", { name: "Make the token" }));
  expect((await screen.findByLabelText<HTMLInputElement>("Secret")).value).toBe("leadline_secret");
  expect(asked.find(({ path }) => path === "POST /api/v1/tokens")?.body).toEqual({
    name: "sync",
    scopes: ["read", "write"],
    expiresAt: null,
  });
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByLabelText("Secret")).toBeNull());
});

test("a token is deleted after a question", async () => {
  const token = { id: "t1", name: "sync", scopes: ["read"], createdAt: "2026-01-01T09:00:00Z" };
  const asked = serve({
    ...answers,
    "GET /api/v1/tokens": [200, { results: [token] }],
    "DELETE /api/v1/tokens/t1": [204, null],
  });
  open("/settings/tokens");
  await userEvent.click(await screen.findByRole("button", { name: "Delete sync" }));
  await userEvent.click(await screen.findByRole("button", { name: "Delete the token" }));
  await waitFor(() => expect(asked.map(({ path }) => path)).toContain("DELETE /api/v1/tokens/t1"));
});

test("in the past, people are shown and not changed", async () => {
  serve(answers);
  open("/settings/members?asOf=2026-01-02T00:00:00Z");
  expect(await screen.findByText("Ben Okafor")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Invite someone" })).toBeNull();
});

test("browsers and programs are told by name", () => {
  expect(deviceOf("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0")).toBe(
    "Edge, Windows",
  );
  expect(deviceOf("curl/8.5.0")).toBe("curl");
  expect(deviceOf(null)).toBeNull();
});
