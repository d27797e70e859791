/** Dashboards: reports and figures on a grid; a member's own or shared by all. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { LastingReport } from "./lastingReports";
import { showSaved } from "./saved";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type WidgetKind = Schemas["WidgetKind"];

export type Widget = Omit<Schemas["Widget"], "id" | "report"> & { id: string; report: LastingReport };

export type Dashboard = Omit<Schemas["Dashboard"], "widgets"> & { widgets: Widget[] };

export type DashboardBody = Omit<Schemas["DashboardBody"], "widgets"> & { widgets: Widget[] };
export type DashboardPatch = Omit<Schemas["DashboardPatchBody"], "widgets"> & { widgets?: Widget[] };

const KEY = ["dashboards"] as const;

/** The dashboards that the person sees, in order. */
export const dashboardsQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<Dashboard[]> => {
    const page = await answer(api.GET("/api/v1/dashboards", { params: { query: { limit: 1000 } }, signal }));
    return page.results as Dashboard[];
  },
  staleTime: 30_000,
});

/** The API's description says of filters only that they are a list. */
const asBody = <T extends { widgets?: Widget[] }>(body: T) => body as T & { widgets?: Schemas["Widget"][] };

export const createDashboard = async (body: DashboardBody): Promise<Dashboard> =>
  (await answer(api.POST("/api/v1/dashboards", { body: asBody(body) }))) as Dashboard;

/** With the version that is known, so that nobody's change is lost. */
export const updateDashboard = async ({ id, version }: Dashboard, body: DashboardPatch): Promise<Dashboard> =>
  (await answer(
    api.PATCH("/api/v1/dashboards/{id}", {
      params: { path: { id }, header: { "If-Match": `"${version}"` } },
      body: asBody(body),
    }),
  )) as Dashboard;

export const archiveDashboard = ({ id }: Dashboard) =>
  answer(api.DELETE("/api/v1/dashboards/{id}", { params: { path: { id } } }));

export const unarchiveDashboard = async ({ id }: Dashboard): Promise<Dashboard> =>
  (await answer(
    api.PATCH("/api/v1/dashboards/{id}", { params: { path: { id } }, body: { archived: false } }),
  )) as Dashboard;

/** Shows a dashboard as it is now, at once. */
export const showDashboard = (client: QueryClient, dashboard: Dashboard) => showSaved(client, KEY, dashboard);

export const refreshDashboards = (client: QueryClient) => client.invalidateQueries({ queryKey: KEY });
