/** Saved reports: what a report asks and how it is shown, under a name; a member's own or shared by all. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, api } from "./client";
import type { LastingReport } from "./lastingReports";
import { showSaved } from "./saved";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SavedReport = Omit<Schemas["SavedReport"], "report"> & { report: LastingReport };
export type SavedReportBody = Omit<Schemas["SavedReportBody"], "report"> & { report: LastingReport };
export type SavedReportPatch = Omit<Schemas["SavedReportPatchBody"], "report"> & { report?: LastingReport };

const KEY = ["saved-reports"] as const;

/** The saved reports that the person sees, in order. */
export const savedReportsQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<SavedReport[]> => {
    const page = await answer(api.GET("/api/v1/saved-reports", { params: { query: { limit: 1000 } }, signal }));
    return page.results as SavedReport[];
  },
  staleTime: 30_000,
});

/** The API's description says of filters only that they are a list. */
const asBody = <T extends { report?: LastingReport }>(body: T) => body as T & { report: Schemas["LastingReport"] };

export const createSavedReport = async (body: SavedReportBody): Promise<SavedReport> =>
  (await answer(api.POST("/api/v1/saved-reports", { body: asBody(body) }))) as SavedReport;

/** With the version that is known, so that nobody's change is lost. */
export const updateSavedReport = async ({ id, version }: SavedReport, body: SavedReportPatch): Promise<SavedReport> =>
  (await answer(
    api.PATCH("/api/v1/saved-reports/{id}", {
      params: { path: { id }, header: { "If-Match": `"${version}"` } },
      body: asBody(body),
    }),
  )) as SavedReport;

export const archiveSavedReport = ({ id }: SavedReport) =>
  answer(api.DELETE("/api/v1/saved-reports/{id}", { params: { path: { id } } }));

export const unarchiveSavedReport = async ({ id }: SavedReport): Promise<SavedReport> =>
  (await answer(
    api.PATCH("/api/v1/saved-reports/{id}", { params: { path: { id } }, body: { archived: false } }),
  )) as SavedReport;

/** Shows a saved report as it is now, at once. */
export const showSavedReport = (client: QueryClient, report: SavedReport) => showSaved(client, KEY, report);

export const refreshSavedReports = (client: QueryClient) => client.invalidateQueries({ queryKey: KEY });
