import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { type Answer, leads, open, problem, serve, signedIn } from "./server";

afterEach(() => vi.unstubAllGlobals());

const DEAL = "01900000-0000-7000-8000-000000000001";
const CONTACT = "01900000-0000-7000-8000-000000000002";
const PRODUCT = "01900000-0000-7000-8000-000000000003";
const ITEM = "01900000-0000-7000-8000-000000000004";

const text = leads.properties[0];
const objectOf = (name: string, label: string, properties: object[]) => ({
  ...leads,
  id: name,
  name,
  label,
  pluralLabel: `${label}s`,
  properties: [{ ...text, required: false }, ...properties.map((one) => ({ ...text, required: false, ...one }))],
});
const objects = [
  objectOf("deals", "Deal", [
    { id: "contact", name: "contact", label: "Contact", type: "record", targetObject: "contacts" },
  ]),
  objectOf("contacts", "Contact", []),
  objectOf("products", "Product", [{ id: "price", name: "price", label: "Price", type: "money", currency: "EUR" }]),
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
const contact = record("contacts", CONTACT, { name: "Ada Byron" });
const product = record("products", PRODUCT, { name: "Engine" });
const link = (label: string | null) => ({
  id: CONTACT,
  object: "contacts",
  label,
  validFrom: "2026-01-01T09:00:00Z",
  validTo: null,
  actor: { type: "user", id: "u1" },
});
const item = {
  id: ITEM,
  version: 1,
  product: PRODUCT,
  name: null,
  quantity: 3,
  unitPrice: { amount: "550.00", currency: "EUR" },
  discount: 10,
  total: { amount: "1485.00", currency: "EUR" },
};
const items = (results: object[], totals: object[]): Answer => [200, { results, totals }];
const PATH = `/api/v1/objects/deals/${DEAL}`;

const answers: Record<string, Answer> = {
  ...signedIn,
  "GET /api/v1/objects": [200, { results: objects }],
  [`GET ${PATH}`]: [200, record("deals", DEAL, { name: "Engine No. 2" })],
  [`GET ${PATH}/history`]: [200, { results: [] }],
  [`GET ${PATH}/line-items`]: items([], []),
  [`GET ${PATH}/associations/contacts`]: [200, { results: [link("decision maker")] }],
  [`GET ${PATH}/associations/deals`]: [200, { results: [] }],
  [`GET ${PATH}/associations/products`]: [200, { results: [] }],
  "POST /api/v1/objects/contacts/batch/read": [207, { results: [contact], errors: [] }],
  "POST /api/v1/objects/products/batch/read": [207, { results: [product], errors: [] }],
  ...Object.fromEntries(
    objects.map(({ name }): [string, Answer] => [
      `POST /api/v1/objects/${name}/search`,
      [
        200,
        {
          results: name === "contacts" ? [contact] : name === "products" ? [product] : [],
          total: { value: 0, relation: "eq" },
        },
      ],
    ]),
  ),
};

test("what is linked is shown with its label, and a link that was removed can be made again", async () => {
  const asked = serve({
    ...answers,
    [`DELETE ${PATH}/associations/contacts`]: [204, null],
    [`POST ${PATH}/associations/contacts`]: [201, link("decision maker")],
  });
  open(`/objects/deals/${DEAL}`);
  const related = within(await screen.findByRole("region", { name: "Related" }));
  expect(await related.findByRole("link", { name: "Ada Byron" })).toBeTruthy();
  expect(related.getByText("decision maker")).toBeTruthy();
  await userEvent.click(related.getByRole("button", { name: "Remove the link to Ada Byron" }));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `POST ${PATH}/associations/contacts`)?.body).toEqual({
      id: CONTACT,
      label: "decision maker",
    }),
  );
});

test("a record is found and linked, with what the link means", async () => {
  const asked = serve({ ...answers, [`POST ${PATH}/associations/contacts`]: [201, link("buyer")] });
  open(`/objects/deals/${DEAL}`);
  await userEvent.click(await screen.findByRole("button", { name: "Link a record" }));
  // Its panel stands nowhere, since nothing is laid out here: it is found by its texts.
  await userEvent.click(await screen.findByLabelText("Which", { selector: "input" }));
  await userEvent.click(await screen.findByRole("option", { name: "Ada Byron", hidden: true }));
  await userEvent.type(screen.getByLabelText("What the link means"), "buyer");
  await userEvent.click(screen.getByText("Link"));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `POST ${PATH}/associations/contacts`)?.body).toEqual({
      id: CONTACT,
      label: "buyer",
    }),
  );
});

test("the products of a deal are changed in place, and a removed one comes back by undo", async () => {
  const asked = serve({
    ...answers,
    [`GET ${PATH}/line-items`]: items([item], [item.total]),
    [`PATCH ${PATH}/line-items/${ITEM}`]: [200, { ...item, quantity: 4 }],
    [`DELETE ${PATH}/line-items/${ITEM}`]: [204, null],
    [`POST /api/v1/objects/line_items/${ITEM}/unarchive`]: [200, record("line_items", ITEM, {})],
  });
  open(`/objects/deals/${DEAL}`);
  const products = within(await screen.findByRole("region", { name: "Products" }));
  await products.findByRole("link", { name: "Engine" });
  expect(products.getAllByText("€1,485.00").length).toBe(2);
  await userEvent.click(products.getByRole("button", { name: "Edit Quantity of Engine: 3" }));
  const quantity = products.getByLabelText("Quantity");
  await userEvent.clear(quantity);
  await userEvent.type(quantity, "4{Enter}");
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `PATCH ${PATH}/line-items/${ITEM}`)?.body).toEqual({ quantity: 4 }),
  );
  await userEvent.click(await products.findByRole("button", { name: "Remove Engine" }));
  await userEvent.click(await screen.findByText("Undo"));
  await waitFor(() =>
    expect(asked.map(({ path }) => path)).toContain(`POST /api/v1/objects/line_items/${ITEM}/unarchive`),
  );
});

test("a product is added when it is chosen", async () => {
  const asked = serve({ ...answers, [`POST ${PATH}/line-items`]: [201, item] });
  open(`/objects/deals/${DEAL}`);
  await userEvent.click(await screen.findByLabelText("Add a product", { selector: "input" }));
  await userEvent.click(await screen.findByRole("option", { name: "Engine", hidden: true }));
  await waitFor(() =>
    expect(asked.find(({ path }) => path === `POST ${PATH}/line-items`)?.body).toEqual({ product: PRODUCT }),
  );
});

test("a figure that is refused says why and stays open", async () => {
  const [status, body] = problem(422, "INVALID_DISCOUNT", "the input is not valid");
  const errors = [{ pointer: "/discount", code: "INVALID_DISCOUNT", message: "must be a percentage from 0 to 100" }];
  serve({
    ...answers,
    [`GET ${PATH}/line-items`]: items([item], [item.total]),
    [`PATCH ${PATH}/line-items/${ITEM}`]: [status, { ...(body as object), errors }],
  });
  open(`/objects/deals/${DEAL}`);
  await userEvent.click(await screen.findByRole("button", { name: /^Edit Discount of Engine/ }));
  const discount = screen.getByLabelText<HTMLInputElement>("Discount");
  await userEvent.clear(discount);
  await userEvent.type(discount, "120{Enter}");
  expect(await screen.findByText("Must be a percentage from 0 to 100.")).toBeTruthy();
  expect(discount.value).toBe("120");
});

test("in the past, links and products are shown as they were and cannot be changed", async () => {
  const asked = serve({ ...answers, [`GET ${PATH}/line-items`]: items([item], [item.total]) });
  open(`/objects/deals/${DEAL}?asOf=2026-01-02T00:00:00Z`);
  const products = within(await screen.findByRole("region", { name: "Products" }));
  await products.findByRole("link", { name: "Engine" });
  expect(products.queryByRole("button")).toBeNull();
  expect(screen.queryByRole("button", { name: "Link a record" })).toBeNull();
  expect(await screen.findByRole("link", { name: "Ada Byron" })).toBeTruthy();
  expect(asked.find(({ path }) => path.endsWith("products/batch/read"))?.body).toMatchObject({
    asOf: "2026-01-02T00:00:00Z",
  });
});
