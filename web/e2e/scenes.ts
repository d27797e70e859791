/** Every screen in every state that a person can come to: what the screenshots show and the accessibility test visits. */
import type { Page } from "playwright-core";
import type { Server } from "./harness.ts";

export interface Scene {
  name: string;
  /** Who looks; nobody is signed in for a stranger. */
  as: "stranger" | "demo" | "newcomer";
  path: string;
  /** What is done before looking; without it, one looks once the page is quiet. */
  act?: (page: Page) => Promise<void>;
  /** Only at this width: what is not there at the other. */
  only?: "wide" | "narrow";
}

/** Of the demonstration: a record with a long life, and a moment well inside the two years. */
export interface Props {
  lead: string;
  /** One that is worked on. */
  openLead: string;
  deal: string;
  /** The path of the record that most of the last activities are about. */
  busy: string;
  moment: string;
  /** A view of the leads, a dashboard and a saved report, which the demonstration does not bring. */
  view: string;
  dashboard: string;
  report: string;
}

export async function findProps(page: Page, { address }: Server): Promise<Props> {
  return {
    ...(await furnish(page, address)),
    lead: await liveliest(page, address, "leads", ["stage", "owner", "amount"]),
    openLead: await oneIn(page, address, "leads", "qualified"),
    deal: await liveliest(page, address, "deals", ["stage", "amount", "close_date"]),
    busy: await busiest(page, address),
    moment: new Date(Date.now() - 200 * 86_400_000).toISOString(),
  };
}

/** Saves views, reports and a dashboard. */
async function furnish(page: Page, address: string): Promise<Pick<Props, "view" | "dashboard" | "report">> {
  const make = async (path: string, data: object): Promise<string> => {
    const answer = await page.request.post(`${address}/api/v1/${path}`, { data });
    const { id } = (await answer.json()) as { id?: string };
    if (id === undefined) throw new Error(await answer.text());
    return id;
  };
  const filters = [{ property: "stage", operator: "IN", values: ["contacted", "qualified"] }];
  const stale = [...filters, { property: "stage", operator: "UNCHANGED_FOR", duration: "P14D" }];
  const leads = { object: "leads", filterGroups: [{ filters }] };
  const columns = [
    { property: "name" },
    { property: "company" },
    { property: "stage", shows: "age" },
    { property: "amount" },
  ];
  const view = await make("views", { ...leads, name: "In conversation", columns, sorts: ["-amount"] });
  await make("views", { ...leads, name: "Waiting for two weeks", filterGroups: [{ filters: stale }] });
  const board = { kind: "board", board: { property: "stage" } };
  await make("views", { object: "leads", name: "Everything by stage", visibility: "shared", ...board });
  const widget = (kind: string, report: object, [x, y, w, h]: number[]) => ({
    kind,
    report: { object: "leads", ...report },
    ...{ x, y, w, h },
  });
  const widgets = [
    widget("count", { period: "30d" }, [0, 0, 4, 1]),
    widget("count", { property: "stage", value: "converted", period: "quarter" }, [4, 0, 4, 1]),
    widget("sum", { property: "amount", filterGroups: [{ filters }] }, [8, 0, 4, 1]),
    widget("funnel", { property: "stage", period: "90d" }, [0, 1, 5, 2]),
    widget("trend", { property: "stage", period: "12m", interval: "month" }, [5, 1, 7, 4]),
    widget("snapshot", { property: "stage" }, [0, 3, 5, 2]),
  ];
  const asked = { object: "leads", property: "stage", period: "quarter", basis: "cohort" };
  const report = await make("saved-reports", { name: "This quarter's leads", kind: "funnel", report: asked });
  const byMonth = { ...asked, basis: undefined, period: "12m", interval: "month" };
  await make("saved-reports", { name: "Pipeline by month", kind: "trend", visibility: "shared", report: byMonth });
  const dashboard = await make("dashboards", { name: "Mondays", visibility: "shared", widgets });
  return { view, dashboard, report };
}

/** Of the newest thousand, the record of which these properties changed most, each of them if there is one. */
async function liveliest(page: Page, address: string, object: string, properties: string[]): Promise<string> {
  const data = { limit: 1000, propertiesWithHistory: properties };
  const answer = await page.request.post(`${address}/api/v1/objects/${object}/search`, { data });
  const { results } = (await answer.json()) as {
    results: { id: string; propertiesWithHistory: Record<string, unknown[] | undefined> }[];
  };
  const liveliness = ({ propertiesWithHistory: spans }: (typeof results)[number]) => {
    const counts = properties.map((name) => spans[name]?.length ?? 0);
    return 100 * counts.filter((count) => count > 1).length + counts.reduce((sum, count) => sum + count, 0);
  };
  const [first] = results.sort((left, right) => liveliness(right) - liveliness(left));
  if (!first) throw new Error(`the demonstration has no ${object}`);
  return first.id;
}

/** The newest record in a stage. */
async function oneIn(page: Page, address: string, object: string, stage: string): Promise<string> {
  const filterGroups = [{ filters: [{ property: "stage", operator: "EQ", value: stage }] }];
  const answer = await page.request.post(`${address}/api/v1/objects/${object}/search`, {
    data: { limit: 1, filterGroups },
  });
  const { results } = (await answer.json()) as { results: { id: string }[] };
  const [first] = results;
  if (!first) throw new Error(`the demonstration has no ${object} in ${stage}`);
  return first.id;
}

/** The path of the record with the most calls, messages and meetings. */
async function busiest(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(`${address}/api/v1/activities?limit=500`);
  const { results } = (await answer.json()) as { results: { records: { object: string; id: string }[] }[] };
  const counts = new Map<string, number>();
  for (const { object, id } of results.flatMap(({ records }) => records)) {
    const path = `/objects/${object}/${id}`;
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, left], [, right]) => right - left);
  if (!first) throw new Error("the demonstration has no activities");
  return first[0];
}

/** Two products on a deal, unless there are some. */
async function putProductsOn(page: Page, deal: string) {
  const api = `${new URL(page.url()).origin}/api/v1/objects`;
  const known = (await (await page.request.get(`${api}/deals/${deal}/line-items`)).json()) as { results: unknown[] };
  if (known.results.length > 0) return;
  const found = await page.request.post(`${api}/products/search`, { data: { limit: 2 } });
  const { results } = (await found.json()) as { results: { id: string }[] };
  for (const [index, { id }] of results.entries()) {
    const data = { product: id, quantity: 3 + index, discount: 5 * index };
    await page.request.post(`${api}/deals/${deal}/line-items`, { data });
  }
  await page.reload();
}

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

/** The graph of a lifecycle stands below its stages. */
async function bringMoves(page: Page) {
  const graph = page.getByRole("group", { name: "Moves between stages as a graph" });
  await graph.waitFor();
  await page.waitForLoadState("networkidle");
  await graph.scrollIntoViewIfNeeded();
}

/** Of the present and of the past, with an "or". */
const FILTER = encodeURIComponent(
  JSON.stringify([
    {
      filters: [
        { property: "stage", operator: "IN", values: ["contacted", "qualified"] },
        { property: "stage", operator: "UNCHANGED_FOR", duration: "P14D" },
      ],
    },
    { filters: [{ property: "stage", operator: "ENTERED", value: "converted", from: "2026-01-01T00:00:00Z" }] },
  ]),
);

export function scenesOf({ lead, openLead, deal, busy, moment, view, dashboard, report }: Props): Scene[] {
  const record = `/objects/leads/${lead}`;
  const history = `${record}?half=history`;
  const past = encodeURIComponent(moment);
  const today = new Date().toISOString().slice(0, 10);
  return [
    { name: "sign-in", as: "stranger", path: "/sign-in" },
    {
      name: "sign-in-refused",
      as: "stranger",
      path: "/sign-in?note=ended",
      act: async (page) => {
        await page.getByLabel("Email").fill("ann@example.com");
        await page.getByLabel("Password", { exact: true }).fill("not the one");
        await button(page, "Sign in").click();
        await page.getByText(/password is wrong|too many/i).waitFor();
      },
    },
    { name: "sign-up", as: "stranger", path: "/sign-up" },
    { name: "forgot-password", as: "stranger", path: "/forgot-password" },
    {
      name: "forgot-password-noted",
      as: "stranger",
      path: "/forgot-password",
      act: async (page) => {
        await page.getByLabel("Email").fill("ann@example.com");
        await button(page, "Ask for a link").click();
        await page.getByText(/leadline user reset-password|too many/i).waitFor();
      },
    },
    { name: "reset-password", as: "stranger", path: "/reset-password#token=from-the-link" },
    { name: "reset-password-spent", as: "stranger", path: "/reset-password" },
    { name: "invitation", as: "stranger", path: "/invitation?token=from-the-link" },
    { name: "empty-list", as: "newcomer", path: "/objects/leads" },
    {
      name: "create-record",
      as: "newcomer",
      path: "/objects/leads",
      act: async (page) => {
        await button(page, "New lead").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    { name: "list", as: "demo", path: "/objects/leads" },
    { name: "view", as: "demo", path: `/objects/leads?view=${view}` },
    { name: "view-changed", as: "demo", path: `/objects/leads?view=${view}&sort=name` },
    { name: "view-past", as: "demo", path: `/objects/leads?view=${view}&asOf=${past}` },
    { name: "view-gone", as: "demo", path: "/objects/leads?view=01900000-0000-7000-8000-000000000000" },
    {
      name: "view-menu",
      as: "demo",
      path: `/objects/leads?view=${view}`,
      act: async (page) => {
        await button(page, "What to do with the view In conversation").click();
        await page.getByRole("menuitem", { name: "Delete" }).waitFor();
      },
    },
    {
      name: "view-save",
      as: "demo",
      path: "/objects/leads?q=kestrel",
      act: async (page) => {
        await button(page, "Save as a view…").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    { name: "list-deals", as: "demo", path: "/objects/deals?sort=-amount" },
    { name: "list-contacts", as: "demo", path: "/objects/contacts" },
    { name: "list-no-match", as: "demo", path: "/objects/leads?q=nobody%20of%20this%20name" },
    { name: "list-filtered", as: "demo", path: `/objects/leads?sort=-amount,name&filter=${FILTER}` },
    {
      name: "list-add-filter",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await button(page, "Filter").click();
        await page.getByRole("option", { name: "Stage", exact: true }).click();
        await page.getByRole("combobox", { name: "Condition" }).waitFor();
      },
    },
    {
      name: "list-selected",
      as: "demo",
      path: "/objects/leads",
      only: "wide",
      act: async (page) => {
        await page.getByRole("checkbox", { name: "Select this record" }).nth(1).click();
        await page.getByRole("toolbar").waitFor();
      },
    },
    { name: "list-peek", as: "demo", path: `/objects/leads?peek=${lead}`, only: "wide" },
    { name: "board", as: "demo", path: "/objects/leads?as=board" },
    { name: "board-past", as: "demo", path: `/objects/deals?as=board&asOf=${past}` },
    {
      name: "palette",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Search and commands" }).fill("kestrel");
        await page.getByRole("option").nth(4).waitFor();
      },
    },
    {
      name: "keys",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
      },
    },
    { name: "home", as: "demo", path: "/" },
    { name: "home-past", as: "demo", path: `/?asOf=${past}` },
    { name: "dashboard", as: "demo", path: `/?dashboard=${dashboard}` },
    { name: "dashboard-past", as: "demo", path: `/?dashboard=${dashboard}&asOf=${past}` },
    { name: "dashboard-changing", as: "demo", path: `/?dashboard=${dashboard}&edit=true` },
    {
      name: "dashboard-widget",
      as: "demo",
      path: `/?dashboard=${dashboard}&edit=true`,
      act: async (page) => {
        await button(page, "Add a widget").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "report-to-dashboard",
      as: "demo",
      path: "/reports/funnel",
      act: async (page) => {
        await button(page, "Add to a dashboard…").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    { name: "empty-home", as: "newcomer", path: "/" },
    { name: "empty-board", as: "newcomer", path: "/objects/leads?as=board" },
    { name: "empty-report", as: "newcomer", path: "/reports/funnel" },
    ...["funnel", "time-in-value", "flow", "cohort", "trend", "snapshot", "diff"].map((kind): Scene => ({
      name: `report-${kind}`,
      as: "demo",
      path: `/reports/${kind}`,
    })),
    { name: "report-saved", as: "demo", path: `/reports/funnel?saved=${report}` },
    { name: "report-saved-past", as: "demo", path: `/reports/funnel?saved=${report}&asOf=${past}` },
    {
      name: "report-saved-changed",
      as: "demo",
      path: `/reports/funnel?saved=${report}`,
      act: async (page) => {
        await page.getByText("Table", { exact: true }).click();
        await button(page, "Discard changes").waitFor();
      },
    },
    {
      name: "report-saved-menu",
      as: "demo",
      path: `/reports/funnel?saved=${report}`,
      act: async (page) => {
        await button(page, "What to do with the report This quarter's leads").click();
        await page.getByRole("menuitem", { name: "Delete" }).waitFor();
      },
    },
    {
      name: "report-save",
      as: "demo",
      path: "/reports/flow?period=90d",
      act: async (page) => {
        await button(page, "Save report…").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    { name: "report-missing", as: "demo", path: "/reports/funnel?saved=01900000-0000-7000-8000-000000000000" },
    { name: "report-grouped", as: "demo", path: "/reports/funnel?groupBy=owner&shows=table" },
    { name: "import", as: "demo", path: "/import" },
    {
      name: "import-columns",
      as: "demo",
      path: "/import",
      act: async (page) => {
        const buffer = Buffer.from("Full name,Status,Shoe size\nAda,New,38\nGrace,Nowhere,40\n");
        await page.getByLabel("Choose a file to import").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer });
        await page.getByRole("combobox", { name: "What Shoe size becomes" }).click();
        await page.getByRole("option", { name: "New property…" }).click();
      },
    },
    {
      name: "import-rehearsal",
      as: "demo",
      path: "/import",
      act: async (page) => {
        const buffer = Buffer.from("Full name,Status\nAda,New\nGrace,Nowhere\n");
        await page.getByLabel("Choose a file to import").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer });
        await button(page, "See what it does").click();
        await page.getByRole("cell", { name: "Nowhere", exact: true }).waitFor();
      },
    },
    { name: "settings-properties", as: "demo", path: "/settings/properties" },
    { name: "settings-properties-past", as: "demo", path: `/settings/properties?asOf=${past}` },
    {
      name: "settings-property",
      as: "demo",
      path: "/settings/properties?property=%2B",
      act: async (page) => {
        await page.getByRole("combobox", { name: "Type" }).click();
        await page.getByRole("option", { name: "Choice", exact: true }).click();
        await page.getByLabel("Label of the option").waitFor();
      },
    },
    {
      name: "settings-lifecycle",
      as: "demo",
      path: "/settings/lifecycles",
      act: async (page) => {
        await page.getByRole("combobox", { name: "Asks for of Qualified" }).click();
        await page.getByRole("option", { name: "Amount", exact: true }).click();
        await page.keyboard.press("Escape");
        await page.getByText(/in Qualified without Amount/).waitFor();
      },
    },
    {
      name: "settings-moves",
      as: "demo",
      path: "/settings/lifecycles?object=leads&moves=graph",
      act: (page) => bringMoves(page),
    },
    {
      name: "settings-moves-drawn",
      as: "demo",
      // On a phone the table, which is what it shows by itself, has the large targets.
      only: "wide",
      path: "/settings/lifecycles?object=leads&moves=graph",
      act: async (page) => {
        await bringMoves(page);
        await button(page, /^Start from the \d+ moves/).click();
        await button(page, /^New to Contacted, made by/).focus();
        await page.keyboard.press("Enter");
        await button(page, "Forbid New to Contacted").waitFor();
      },
    },
    {
      name: "settings-moves-past",
      as: "demo",
      path: `/settings/lifecycles?object=leads&moves=graph&asOf=${past}`,
      act: (page) => bringMoves(page),
    },
    { name: "settings-workspace", as: "demo", path: "/settings/workspace" },
    { name: "settings-workspace-past", as: "demo", path: `/settings/workspace?asOf=${past}` },
    { name: "settings-profile", as: "demo", path: "/settings/profile" },
    {
      name: "settings-profile-address",
      as: "demo",
      path: "/settings/profile",
      act: async (page) => {
        await page.getByLabel("Email").fill("someone@new.example");
        await page.getByLabel("Current password").waitFor();
      },
    },
    { name: "settings-security", as: "demo", path: "/settings/security" },
    { name: "settings-members", as: "demo", path: "/settings/members" },
    {
      name: "settings-invite",
      as: "demo",
      path: "/settings/members",
      act: async (page) => {
        await button(page, "Invite someone").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    { name: "settings-tokens", as: "demo", path: "/settings/tokens" },
    {
      name: "settings-token",
      as: "demo",
      path: "/settings/tokens",
      act: async (page) => {
        await button(page, "New token").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "convert",
      as: "demo",
      path: `/objects/leads/${openLead}?convert=true`,
      act: async (page) => {
        await page.getByRole("region", { name: "Contact" }).waitFor();
      },
    },
    { name: "list-past", as: "demo", path: `/objects/leads?asOf=${past}` },
    {
      name: "list-hover",
      as: "demo",
      path: "/objects/leads",
      only: "wide",
      act: async (page) => {
        await page.locator("tbody td[data-stage]").nth(8).hover();
        await page.getByText("Open history").waitFor();
      },
    },
    {
      name: "time-machine",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await button(page, /Time machine/).click();
        await page.getByLabel("Day and time").waitFor();
      },
    },
    {
      name: "account-menu",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await button(page, /Account of/).click();
        await page.getByText("Sign out").waitFor();
      },
    },
    { name: "record", as: "demo", path: record },
    { name: "record-history", as: "demo", path: history },
    { name: "record-timeline", as: "demo", path: `${busy}?half=timeline` },
    {
      name: "record-note",
      as: "demo",
      path: `${busy}?half=timeline&kind=note`,
      act: async (page) => {
        await button(page, "Edit Note").click();
        await button(page, "Bold").waitFor();
      },
    },
    {
      name: "record-call",
      as: "demo",
      path: `/objects/deals/${deal}?half=timeline`,
      act: async (page) => {
        await page.getByRole("button", { name: "Call", exact: true }).click();
        await page.getByLabel("Subject").fill("Price talk");
      },
    },
    { name: "tasks", as: "demo", path: "/tasks" },
    { name: "tasks-team", as: "demo", path: "/tasks?whose=team" },
    { name: "tasks-done", as: "demo", path: "/tasks?whose=team&status=done" },
    { name: "tasks-past", as: "demo", path: `/tasks?whose=team&asOf=${past}` },
    { name: "empty-tasks", as: "newcomer", path: "/tasks" },
    { name: "calendar", as: "demo", path: "/tasks?as=calendar&whose=team" },
    { name: "calendar-week", as: "demo", path: `/tasks?as=calendar&whose=team&week=${today}`, only: "wide" },
    { name: "calendar-past", as: "demo", path: `/tasks?as=calendar&whose=team&asOf=${past}` },
    { name: "empty-calendar", as: "newcomer", path: "/tasks?as=calendar" },
    {
      name: "calendar-day",
      as: "demo",
      path: "/tasks?as=calendar&whose=team",
      only: "wide",
      act: async (page) => {
        await page.locator("td[data-day]:has([data-task])").first().press("Enter");
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "calendar-move",
      as: "demo",
      path: "/tasks?as=calendar&whose=team",
      only: "wide",
      act: async (page) => {
        await page.locator("td [data-task] button").first().press("m");
        await page.getByRole("menuitem", { name: "Another day…" }).waitFor();
      },
    },
    {
      name: "tour",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Search and commands" }).fill("take the tour");
        await page.getByRole("option", { name: "Take the tour" }).click();
        for (const title of ["Go back in time", "Keep how you look at things"]) {
          await page.getByRole("dialog", { name: title }).getByRole("button", { name: "Next" }).click();
        }
        await page.getByRole("dialog", { name: "See how it came to this" }).waitFor();
      },
    },
    {
      name: "task-edit",
      as: "demo",
      path: "/tasks?whose=team",
      act: async (page) => {
        await page.locator("[data-task]").first().press("e");
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "reminder",
      as: "demo",
      path: "/reports",
      act: async (page) => {
        const task = { id: "t1", title: "Call Ada back", dueAt: "2026-03-02T15:00:00Z", records: [], done: false };
        await page.route("**/api/v1/tasks?*", (route) => route.fulfill({ json: { results: [task] } }));
        await page.reload();
        await page.getByRole("complementary", { name: "Reminder" }).waitFor();
      },
    },
    { name: "record-all-lanes", as: "demo", path: `${history}&lanes=all` },
    { name: "record-deal", as: "demo", path: `/objects/deals/${deal}` },
    {
      name: "record-deal-products",
      as: "demo",
      path: `/objects/deals/${deal}`,
      act: async (page) => {
        await putProductsOn(page, deal);
        await page.getByRole("region", { name: "Products" }).getByRole("row").nth(2).waitFor();
      },
    },
    { name: "record-past", as: "demo", path: `${record}?asOf=${past}` },
    {
      name: "property-history",
      as: "demo",
      path: record,
      act: async (page) => {
        await button(page, "History of Amount").click();
        await page
          .getByText(/values?$/)
          .first()
          .waitFor();
      },
    },
    {
      name: "edit-value",
      as: "demo",
      path: record,
      act: async (page) => {
        await button(page, "Edit Amount").click();
        await page.getByRole("textbox", { name: "Amount" }).waitFor();
      },
    },
    {
      name: "correct",
      as: "demo",
      path: history,
      act: async (page) => {
        await button(page, "Correct…").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "restore",
      as: "demo",
      path: history,
      act: async (page) => {
        await button(page, "Restore…").click();
        await page.getByText(/^Restore \d+ propert/).waitFor();
      },
    },
    {
      name: "compare",
      as: "demo",
      path: history,
      act: async (page) => {
        await button(page, "Compare two moments").click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "record-not-there-yet",
      as: "demo",
      path: `${record}?asOf=2020-01-01T00:00:00Z`,
    },
    { name: "record-unknown", as: "demo", path: "/objects/leads/01900000-0000-7000-8000-000000000000" },
    { name: "not-found", as: "demo", path: "/objects/nothing" },
    {
      name: "server-down-at-start",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await page.route("**/api/**", (route) => route.abort());
        await page.reload();
        await button(page, "Try again").waitFor();
      },
    },
    {
      name: "server-down-later",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await page.route("**/api/**", (route) => route.abort());
        await page.getByRole("searchbox").fill("ada");
        await page.getByText("The server does not answer.").waitFor();
      },
    },
    {
      name: "loading-list",
      as: "demo",
      path: "/objects/leads",
      act: async (page) => {
        await page.route("**/search", () => undefined);
        await page.reload();
        await page.getByLabel("Loading the list").waitFor();
        await page.waitForTimeout(300);
      },
    },
    {
      name: "loading-record",
      as: "demo",
      path: record,
      act: async (page) => {
        await page.route(`**/leads/${lead}?*`, () => undefined);
        await page.reload();
        await page.getByLabel("Loading the record").waitFor();
        await page.waitForTimeout(300);
      },
    },
  ];
}

/** Goes to a scene and stays until nothing is loading any more. */
export async function enter(page: Page, { address }: Server, scene: Scene) {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.goto(`${address}${scene.path}`);
  await page.waitForFunction(
    () => document.querySelector("main, [role=alert]") && !document.querySelector("[aria-busy=true]"),
  );
  await scene.act?.(page);
  await page.evaluate(() => document.fonts.ready);
}
