import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { type Answer, me, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const invalid = (pointer: string, code: string, message: string): Answer => [
  422,
  {
    type: `urn:leadline:problem:${code}`,
    title: "Unprocessable Entity",
    status: 422,
    code,
    detail: `${pointer}: ${message}`,
    errors: [{ pointer, code, message }],
  },
];

const stranger: Record<string, Answer> = {
  "GET /api/v1/me": problem(401, "UNAUTHENTICATED", "sign in, or send a token"),
};
const emptyList: Answer = [200, { results: [], total: { value: 0, relation: "eq" } }];

test("a link for a new password sets it, and leads to the sign-in", async () => {
  const asked = serve({ ...stranger, "POST /api/v1/auth/password-reset/confirm": [202, null] });
  const history = open("/reset-password#token=secret-of-the-link");
  await userEvent.type(await screen.findByLabelText("New password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  expect(await screen.findByText("Your password is set. Sign in with it.")).toBeTruthy();
  expect(history.location.pathname).toBe("/sign-in");
  const confirm = asked.find(({ path }) => path.endsWith("/confirm"));
  expect(confirm?.body).toEqual({ token: "secret-of-the-link", password: "violet kettle drum" });
});

test("a weak new password says why beside it and keeps what was typed", async () => {
  serve({
    "POST /api/v1/auth/password-reset/confirm": invalid(
      "/password",
      "PASSWORD_TOO_COMMON",
      "is one of the first that are guessed",
    ),
  });
  open("/reset-password#token=secret");
  const password = await screen.findByLabelText("New password");
  await userEvent.type(password, "password1");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  expect(await screen.findByText("Is one of the first that are guessed.")).toBeTruthy();
  expect((password as HTMLInputElement).value).toBe("password1");
});

test("a link that is used or over says so and leads to a new one", async () => {
  serve({
    "POST /api/v1/auth/password-reset/confirm": invalid("/token", "INVALID_TOKEN", "is unknown, used or over"),
    "POST /api/v1/auth/password-reset": [202, null],
  });
  open("/reset-password#token=used");
  await userEvent.type(await screen.findByLabelText("New password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  expect(await screen.findByText("This link is no longer good.")).toBeTruthy();
  await userEvent.click(screen.getByRole("link", { name: "Ask for a new link" }));
  await userEvent.type(await screen.findByLabelText("Email"), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Ask for a link" }));
  expect(await screen.findByText("leadline user reset-password ann@example.com")).toBeTruthy();
});

test("a link without its token is no link", async () => {
  serve({});
  open("/reset-password");
  expect(await screen.findByText("This link is no longer good.")).toBeTruthy();
});

test("an invited person without an account chooses a name and a password, and is in", async () => {
  const asked = serve({
    ...signedIn,
    "POST /api/v1/invitations/accept": [201, { user: {}, workspace: {} }],
    "POST /api/v1/objects/leads/search": emptyList,
  });
  const history = open("/invitation?token=from-ann");
  await userEvent.type(await screen.findByLabelText("Your name"), "Cleo");
  await userEvent.type(screen.getByLabelText("Password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Join the workspace" }));
  expect(await screen.findByText("No leads yet.")).toBeTruthy();
  expect(history.location.pathname).toBe("/");
  const accept = asked.find(({ path }) => path.endsWith("/accept"));
  expect(accept?.body).toEqual({ token: "from-ann", name: "Cleo", password: "violet kettle drum" });
});

test("an invited person whose address has an account is asked for its password", async () => {
  serve({
    "POST /api/v1/invitations/accept": problem(401, "INVALID_CREDENTIALS", "the address has an account already"),
  });
  open("/invitation?token=from-ann");
  await userEvent.type(await screen.findByLabelText("Your name"), "Cleo");
  await userEvent.type(screen.getByLabelText("Password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Join the workspace" }));
  expect(await screen.findByLabelText("Your password")).toBeTruthy();
  expect(screen.queryByLabelText("Your name")).toBeNull();
});

test("an invitation that is used or over says so", async () => {
  serve({ "POST /api/v1/invitations/accept": problem(403, "INVALID_INVITATION", "the invitation is over") });
  open("/invitation?token=old");
  await userEvent.type(await screen.findByLabelText("Your name"), "Cleo");
  await userEvent.type(screen.getByLabelText("Password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Join the workspace" }));
  expect(await screen.findByText("This link is no longer good.")).toBeTruthy();
});

test("a first sign-up from elsewhere asks for the set-up token", async () => {
  const answers: Record<string, Answer> = {
    ...signedIn,
    "POST /api/v1/auth/signup": problem(403, "SETUP_TOKEN_REQUIRED", "the first sign-up needs setupToken"),
    "POST /api/v1/objects/leads/search": emptyList,
  };
  const asked = serve(answers);
  open("/sign-up");
  await userEvent.type(await screen.findByLabelText("Workspace"), "Northwind");
  await userEvent.type(screen.getByLabelText("Your name"), "Ann Vega");
  await userEvent.type(screen.getByLabelText("Email"), "ann@example.com");
  await userEvent.type(screen.getByLabelText("Password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Create the workspace" }));
  await userEvent.type(await screen.findByLabelText("Set-up token"), "from the log");
  answers["POST /api/v1/auth/signup"] = [201, { user: {}, workspace: {} }];
  await userEvent.click(screen.getByRole("button", { name: "Create the workspace" }));
  expect(await screen.findByText("No leads yet.")).toBeTruthy();
  expect(asked.findLast(({ path }) => path.endsWith("/signup"))?.body).toMatchObject({ setupToken: "from the log" });
});

test("a session that ends while a page is open leads to the sign-in, and back to the same page", async () => {
  const answers: Record<string, Answer> = {
    ...signedIn,
    "POST /api/v1/objects/leads/search": problem(401, "UNAUTHENTICATED", "the session is over"),
    "POST /api/v1/auth/login": [200, { user: {}, workspace: {} }],
  };
  serve(answers);
  const history = open("/objects/leads?q=kestrel&sort=-amount");
  expect(await screen.findByText(/Your session has ended/)).toBeTruthy();
  answers["POST /api/v1/objects/leads/search"] = emptyList;
  answers["GET /api/v1/me"] = me;
  await userEvent.type(screen.getByLabelText("Email"), "ann@example.com");
  await userEvent.type(screen.getByLabelText("Password"), "violet kettle drum");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByText("No leads match “kestrel”.")).toBeTruthy();
  await waitFor(() => expect(history.location.search).toBe("?q=kestrel&sort=-amount"));
});
