import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { type Answer, leads, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const LEAD = "01900000-0000-7000-8000-000000000001";
const ACCOUNT = "01900000-0000-7000-8000-000000000002";
const DEAL = "01900000-0000-7000-8000-000000000003";

const stage = leads.properties[2];
const withConverted = {
  ...leads,
  properties: leads.properties.map((property) =>
    property === stage
      ? {
          ...property,
          options: [
            ...property.options,
            { value: "converted", label: "Converted", color: "green", archived: false, category: "won" },
          ],
        }
      : property,
  ),
};
const text = leads.properties[0];
const objectOf = (name: string, label: string, primaryProperty: string, names: string[]) => ({
  ...leads,
  id: name,
  name,
  label,
  pluralLabel: `${label}s`,
  primaryProperty,
  properties: names.map((one) => ({ ...text, id: one, name: one, label: one, required: false })),
});
const objects = [
  withConverted,
  objectOf("accounts", "Account", "name", ["name", "domain"]),
  objectOf("contacts", "Contact", "last_name", ["first_name", "last_name", "email"]),
  objectOf("deals", "Deal", "name", ["name"]),
];

const record = (object: string, id: string, properties: object) => ({
  id,
  object,
  version: 1,
  createdAt: "2026-01-01T09:00:00Z",
  updatedAt: "2026-01-01T09:00:00Z",
  archived: false,
  properties,
  propertiesWithHistory: {},
});
const lead = record("leads", LEAD, { name: "Ada Byron", company: "Analytical Ltd", stage: "new" });
const account = record("accounts", ACCOUNT, { name: "Analytical Engines" });
const none: Answer = [200, { results: [] }];
const emptySearch: Answer = [200, { results: [], total: { value: 0, relation: "eq" } }];

const preview = {
  dryRun: true,
  lead,
  account: {
    action: "link",
    record: account,
    properties: { name: "Analytical Ltd", domain: "analytical.example" },
    matches: [{ by: "domain", record: account }],
  },
  contact: {
    action: "create",
    record: null,
    properties: { first_name: "Ada", last_name: "Byron", email: "ada@analytical.example" },
    matches: [],
  },
  deal: { action: "create", record: null, properties: { name: "Analytical Ltd" }, matches: [] },
};

const answers: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/objects": [200, { results: objects }],
  [`GET /api/v1/objects/leads/${LEAD}`]: [200, lead],
  [`GET /api/v1/objects/leads/${LEAD}/history`]: none,
  ...Object.fromEntries(
    objects.flatMap(({ name }) => [
      [`GET /api/v1/objects/leads/${LEAD}/associations/${name}`, none],
      [`POST /api/v1/objects/${name}/search`, emptySearch],
    ]),
  ),
  [`POST /api/v1/objects/leads/${LEAD}/convert`]: [200, preview],
};

const CONVERT = `POST /api/v1/objects/leads/${LEAD}/convert`;

test("what becomes of a lead is shown side by side, with the match chosen and the values to change", async () => {
  const asked = serve(answers);
  open(`/objects/leads/${LEAD}`);
  await userEvent.click(await screen.findByRole("button", { name: "Convert…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Convert Ada Byron" }));
  expect((await dialog.findByLabelText<HTMLInputElement>("Analytical Engines")).checked).toBe(true);
  expect(dialog.getByText("the same domain")).toBeTruthy();
  const contact = within(dialog.getByRole("region", { name: "Contact" }));
  const name = contact.getByLabelText<HTMLInputElement>("last_name");
  expect(name.value).toBe("Byron");
  await userEvent.clear(name);
  await userEvent.type(name, "Lovelace");
  await userEvent.click(within(dialog.getByRole("region", { name: "Deal" })).getByLabelText("No deal"));
  await userEvent.click(dialog.getByRole("button", { name: "Convert the lead" }));
  await waitFor(() =>
    expect(asked.filter(({ path }) => path === CONVERT).at(-1)?.body).toEqual({
      account: { id: ACCOUNT },
      contact: { properties: { first_name: "Ada", last_name: "Lovelace", email: "ada@analytical.example" } },
      deal: null,
    }),
  );
});

test("after a conversion, the ways to what was made are shown", async () => {
  const done = {
    ...preview,
    dryRun: false,
    lead: { ...lead, properties: { ...lead.properties, stage: "converted" } },
    deal: { ...preview.deal, record: record("deals", DEAL, { name: "Engine No. 2" }) },
  };
  serve({ ...answers, [CONVERT]: [200, done] });
  open(`/objects/leads/${LEAD}?convert=true`);
  await userEvent.click(await screen.findByRole("button", { name: "Convert the lead" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Ada Byron is converted" }));
  expect(dialog.getByRole("link", { name: "Engine No. 2" }).getAttribute("href")).toContain(`/objects/deals/${DEAL}`);
  expect(dialog.getByText("Account, linked")).toBeTruthy();
});

test("everything that is wrong is said at its field, and what was typed stays", async () => {
  const errors = [
    { pointer: "/contact/properties/email", code: "INVALID_EMAIL", message: "must be an address of mail" },
    {
      pointer: "/lead/properties/company",
      code: "STAGE_REQUIREMENT_MISSING",
      message: "is required to enter converted",
    },
  ];
  const [status, body] = problem(422, "INVALID_INPUT", "the input is not valid");
  let isFirst = true;
  serve(answers);
  const answered = globalThis.fetch;
  vi.stubGlobal("fetch", async (request: Request) => {
    if (!request.url.endsWith("/convert") || isFirst) {
      if (request.url.endsWith("/convert")) isFirst = false;
      return answered(request);
    }
    return new Response(JSON.stringify({ ...(body as object), errors }), { status });
  });
  open(`/objects/leads/${LEAD}?convert=true`);
  const email = await screen.findByLabelText<HTMLInputElement>("email");
  await userEvent.type(email, "x");
  await userEvent.click(screen.getByRole("button", { name: "Convert the lead" }));
  expect((await screen.findAllByText("Must be an address of mail.")).length).toBeGreaterThan(0);
  expect(screen.getByRole("group", { name: "The lead needs" })).toBeTruthy();
  expect(email.value).toBe("ada@analytical.examplex");
});

test("c opens the conversion, and a converted lead or the past offers none", async () => {
  serve(answers);
  const history = open(`/objects/leads/${LEAD}`);
  await screen.findByRole("button", { name: "Convert…" });
  await userEvent.keyboard("c");
  expect(await screen.findByRole("dialog", { name: "Convert Ada Byron" })).toBeTruthy();
  history.push(`/objects/leads/${LEAD}?asOf=2026-01-02T00:00:00Z`);
  await waitFor(() => expect(screen.queryByRole("button", { name: "Convert…" })).toBeNull());
});
